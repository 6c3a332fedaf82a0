"""The largest rendition of a figure that exists is taken."""

import io

import pytest
from PIL import Image

from exsclaim.errors import BadContentError, BlockedError, GoneError, StoreError, TransientFetchError
from exsclaim.figures.image import read_image
from exsclaim.figures.perceptual_hash import perceptual_hash
from exsclaim.records import FigureRef
from exsclaim.sources.figure_images import fetch_image
from tests.exsclaim.publisher import Bench, Reply
from tests.exsclaim.sources.pdf.paper import Paper, micrograph

FULL, SMALL = "https://media.example/full/1.png", "https://media.example/lw685/1.png"


def png(width: int, height: int) -> Reply:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, "PNG")
    return Reply(file.getvalue(), headers={"Content-Type": "image/png"})


def figure(*image_urls: str) -> FigureRef:
    return FigureRef(
        id="nature/x/fig1", article_id="nature/x", number=1, label="Fig. 1", title="T", caption="C",
        image_urls=image_urls,
    )  # fmt: skip


def test_the_full_size_comes_first(bench: Bench) -> None:
    bench.publisher.script("media.example/full/1.png", png(300, 200))
    bench.publisher.script("media.example/lw685/1.png", png(68, 40))
    found = fetch_image(figure(FULL, SMALL), "nature", bench.client())
    assert (found.image_url, found.width_px, found.height_px) == (FULL, 300, 200)
    assert bench.store.holds(found.image_sha256)
    assert (found.id, found.caption) == ("nature/x/fig1", "C")
    assert bench.publisher.times_asked("media.example/lw685/1.png") == 0


@pytest.mark.parametrize("missing", [Reply(status=404), Reply(b"<p>no</p>", headers={"Content-Type": "text/html"})])
def test_a_smaller_one_stands_in_where_the_larger_is_missing(bench: Bench, missing: Reply) -> None:
    bench.publisher.script("media.example/full/1.png", missing)
    bench.publisher.script("media.example/lw685/1.png", png(68, 40))
    assert fetch_image(figure(FULL, SMALL), "nature", bench.client()).image_url == SMALL


def test_when_none_exists_the_error_says_how_many_were_tried(bench: Bench) -> None:
    with pytest.raises(GoneError) as caught:
        fetch_image(figure(FULL, SMALL), "nature", bench.client())
    assert FULL in str(caught.value)
    assert "none of the 2 renditions" in str(caught.value)
    assert caught.value.attempts == 2


PDF = "https://media.example/figures/1.pdf"


def drawing() -> Reply:
    paper = Paper()
    paper.sheet().image(60, 220, 260, 370, micrograph(300, 400))
    return Reply(paper.bytes(), headers={"Content-Type": "application/pdf"})


def test_an_image_that_is_a_pdf_is_drawn_and_not_fetched_twice(bench: Bench) -> None:
    bench.publisher.script("media.example/figures/1.pdf", drawing())
    found = [fetch_image(figure(PDF), "pmc", bench.client()) for _ in range(2)]
    assert found[0] == found[1]
    assert (found[0].image_url, found[0].width_px) == (PDF, 2480)
    assert bench.publisher.times_asked("media.example/figures/1.pdf") == 1


def test_a_pdf_that_cannot_be_drawn_gives_way_to_another_rendition(bench: Bench) -> None:
    bench.publisher.script("media.example/figures/1.pdf", Reply(b"%PDF-1.4 broken"))
    bench.publisher.script("media.example/lw685/1.png", png(68, 40))
    assert fetch_image(figure(PDF, SMALL), "pmc", bench.client()).image_url == SMALL
    with pytest.raises(BadContentError, match="the PDF cannot be drawn"):
        fetch_image(figure(PDF), "pmc", bench.client())


def test_a_figure_without_any_image_is_an_error_of_its_own(bench: Bench) -> None:
    with pytest.raises(GoneError, match="names no image"):
        fetch_image(figure(), "nature", bench.client())


@pytest.mark.parametrize(
    ("reply", "error"), [(Reply(status=503), TransientFetchError), (Reply(status=403), BlockedError)]
)
def test_trouble_is_not_hidden_by_a_smaller_rendition(bench: Bench, reply: Reply, error: type[Exception]) -> None:
    bench.publisher.script("media.example/full/1.png", reply)
    bench.publisher.script("media.example/lw685/1.png", png(68, 40))
    with pytest.raises(error):
        fetch_image(figure(FULL, SMALL), "nature", bench.client())


def test_an_image_that_is_too_large_to_decode_gives_way_to_a_smaller(bench: Bench) -> None:
    bench.publisher.script("media.example/full/1.png", png(2000, 1000))
    bench.publisher.script("media.example/lw685/1.png", png(68, 40))
    client = bench.client(max_image_megapixels=1)
    assert fetch_image(figure(FULL, SMALL), "nature", client).image_url == SMALL
    with pytest.raises(BadContentError, match="megapixels"):
        fetch_image(figure(FULL), "nature", client)


@pytest.mark.parametrize("reply", [Reply(status=503), Reply(status=403), Reply(status=404), Reply(b"<html>")])
def test_an_image_that_was_had_stays_when_it_can_no_longer_be_had(bench: Bench, reply: Reply) -> None:
    bench.publisher.script("media.example/full/1.png", png(300, 200))
    client = bench.client()
    had = fetch_image(figure(FULL), "nature", client)
    bench.publisher.script("media.example/full/1.png", reply)
    kept = fetch_image(figure(FULL), "nature", client, fresh=True)
    assert kept == had.model_copy(update={"perceptual_hash": None})  # it was not decoded again


def test_what_is_seen_while_an_image_is_checked_is_what_its_pixels_say(bench: Bench) -> None:
    orientation = Image.Exif()
    orientation[0x0112] = 6
    file = io.BytesIO()
    Image.linear_gradient("L").resize((300, 200)).save(file, "JPEG", exif=orientation)
    bench.publisher.script("media.example/full/1.png", Reply(file.getvalue(), headers={"Content-Type": "image/jpeg"}))
    found = fetch_image(figure(FULL), "nature", bench.client())
    assert (found.width_px, found.height_px) == (200, 300)
    assert found.perceptual_hash == perceptual_hash(read_image(file.getvalue(), 1))


def test_an_image_that_is_fetched_though_no_pixels_are_given_out_of_it_is_kept(bench: Bench) -> None:
    bench.publisher.script("media.example/full/1.png", png(100_001, 1))  # longer than figures are
    found = fetch_image(figure(FULL), "nature", bench.client())
    assert (found.width_px, found.height_px, found.perceptual_hash) == (100_001, 1, None)


def test_an_image_that_the_source_took_out_of_a_file_is_not_asked_for(bench: Bench) -> None:
    sha256 = bench.store.put(png(300, 200).body)
    taken_out = figure("https://media.example/article.pdf#page=3").model_copy(update={"image_sha256": sha256})
    found = fetch_image(taken_out, "folder", bench.client())
    assert (found.image_sha256, found.width_px, found.height_px) == (sha256, 300, 200)
    assert found.image_url == "https://media.example/article.pdf#page=3"
    assert bench.publisher.times_asked("media.example/article.pdf") == 0


def test_an_image_that_was_taken_out_and_is_lost_is_an_error(bench: Bench) -> None:
    lost = figure().model_copy(update={"image_sha256": "0" * 64})
    with pytest.raises(StoreError, match="not in the store"):
        fetch_image(lost, "folder", bench.client())


def test_an_image_that_its_source_could_not_make_says_why(bench: Bench) -> None:
    lacking = figure("https://export.arxiv.org/e-print/1").model_copy(update={"no_image": "a.eps is PostScript"})
    with pytest.raises(BadContentError, match=r"export\.arxiv\.org/e-print/1: a\.eps is PostScript"):
        fetch_image(lacking, "arxiv", bench.client())
    assert bench.publisher.asked == []
