"""Pages that hold their images inside themselves, as R Markdown, Quarto and programs that save one file write them."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from exsclaim.sources.local.embedded_images import taken_out
from tests.exsclaim.publisher import Bench
from tests.exsclaim.sources.pdf.paper import micrograph
from tests.exsclaim.sources.test_folder import image, read


def embedded(seed: int, kind: str = "image/png", parted: str = "") -> str:
    file = io.BytesIO()
    Image.fromarray(micrograph(300, 400, seed)).save(file, "PNG")
    code = base64.b64encode(file.getvalue()).decode()
    return f"data:{kind};base64,{parted.join([code[:1000], code[1000:]])}"


def page(*images: str) -> str:
    figures = (
        f"<figure>{each}<figcaption>Figure {number}: Rods.</figcaption></figure>"
        for number, each in enumerate(images, start=1)
    )
    return f"<html><head><title>Silver rods</title></head><body>{''.join(figures)}</body></html>"


def shapes(fetched_from: Path, bench: Bench) -> list[tuple[tuple[int, int], str] | str]:
    (fetched,) = read(fetched_from, bench=bench)
    store = bench.client().store
    return [
        (Image.open(io.BytesIO(store.read(each.image_sha256))).size, *each.image_urls)
        if each.image_sha256 else each.no_image for each in fetched.figures
    ]  # fmt: skip


@pytest.mark.parametrize("parted", ["", "\n   ", "%0A"])
def test_an_image_inside_the_page_is_the_figures(tmp_path: Path, bench: Bench, parted: str) -> None:
    (tmp_path / "silver.html").write_text(
        page(f"<img src='{embedded(1, parted=parted)}'>", f'<img src="{embedded(2)}">')
    )
    assert shapes(tmp_path, bench) == [((400, 300), "silver.html"), ((400, 300), "silver.html")]


def test_parts_inside_the_page_are_put_together(tmp_path: Path, bench: Bench) -> None:
    parts = "".join(
        f'<figure><img src="{embedded(seed)}"><figcaption>({letter}) Rods.</figcaption></figure>'
        for seed, letter in enumerate("ab")
    )
    (tmp_path / "silver.html").write_text(page(parts))
    ((size, shown),) = shapes(tmp_path, bench)
    assert size[0] > 400
    assert shown == "silver.html"


def test_beside_another_image_it_is_what_is_shown_until_that_one_comes(tmp_path: Path, bench: Bench) -> None:
    image(tmp_path / "rods.png")
    (tmp_path / "silver.html").write_text(
        page(f'<img src="{embedded(1)}" data-src="rods.png">', f'<img src="{embedded(2)}" data-src="lost.png">')
    )
    found, lost = shapes(tmp_path, bench)
    assert found == ((80, 60), "rods.png")
    assert "lost.png" in lost


def test_what_cannot_be_shown_is_told_with_its_figure(tmp_path: Path, bench: Bench) -> None:
    drawing = base64.b64encode(b"<svg>" + b" " * 2_000 + b"</svg>").decode()
    broken = base64.b64encode(b"\x89PNG\r\n" + bytes(2_000)).decode()
    (tmp_path / "silver.html").write_text(
        page(f'<img src="data:image/svg+xml;base64,{drawing}">', f'<img src="data:image/png;base64,{broken}">')
    )
    first, second = shapes(tmp_path, bench)
    assert "the image inside the page" in first
    assert "the image inside the page" in second


@pytest.mark.parametrize(
    "kept",
    [
        b'<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">',  # a placeholder
        b'<img src="data:image/png;base64,' + b"#" * 3_000 + b'">',
        b'<img src="data:image/png;base64,' + b"A" * 3_000,
        b'<script src="data:application/javascript;base64,' + b"A" * 3_000 + b'"></script>',
        b"<p>data:image/png;base64," + b"A" * 3_000 + b"</p>",
    ],
)
def test_what_is_no_image_stays_where_it_is(kept: bytes) -> None:
    assert taken_out(kept) == (kept, {})
