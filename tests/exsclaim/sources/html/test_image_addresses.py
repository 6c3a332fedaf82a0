"""Images of a figure, told by the names of their files from what a page shows everywhere."""

import pytest

from exsclaim.sources.html.html_text import parse
from exsclaim.sources.html.page_figures import figures_on


@pytest.mark.parametrize(
    "name",
    ["superpixel_results.png", "loading-curve.jpg", "pixel-map.png", "equation_of_state.gif", "blank-sample.png",
     "transparent_film.jpg", "math_scores.png", "spacer-layer.png", "sequence-logo.png"],
)  # fmt: skip
@pytest.mark.parametrize(
    "block", ["<figure>{}<figcaption>{}</figcaption></figure>", '<div class="figure">{}<p>{}</p></div>']
)
def test_the_only_image_of_a_figure_is_its_own_whatever_it_is_called(block: str, name: str) -> None:
    (figure,) = figures_on(parse(block.format(f'<img src="/f/{name}">', "Figure 1. Rods.")))
    assert figure.images == (f"/f/{name}",)


@pytest.mark.parametrize(
    "name",
    ["loading.gif", "ajax-loader.gif", "blank.gif", "1x1_pixel.png", "transparent-pixel.gif", "spacer_2.gif",
     "math-12.png", "equation3.gif", "logo.png", "loading_img.jpg", "art_IEq12_HTML.gif", "icon-close.png"],
)  # fmt: skip
def test_what_a_page_shows_everywhere_is_no_figures_image(name: str) -> None:
    (figure,) = figures_on(parse(f'<figure><img src="/f/{name}"><figcaption>Figure 1. Rods.</figcaption></figure>'))
    assert figure.images == ()


def test_beside_an_image_one_that_may_be_the_pages_own_is_none() -> None:
    (figure,) = figures_on(
        parse('<figure><img src="/f/loading-bar.gif"><img src="/f/a.png"><figcaption>Figure 1.</figcaption></figure>')
    )
    assert figure.images == ("/f/a.png",)
