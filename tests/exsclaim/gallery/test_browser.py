"""The pages in a real browser: they can be read, worked by keyboard, and nothing from outside runs in them."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from exsclaim.dataset.plain_pages import Bars, Bullets, Heading, Link, Table, as_html
from exsclaim.dataset.review.corrections import read_corrections
from exsclaim.quality.alarms import flags
from exsclaim.quality.quality_report import write_page
from exsclaim.query import load
from tests.exsclaim.quality.histories import history

sync_api = pytest.importorskip("playwright.sync_api", reason="the browser's driver comes with the dev extra")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core comes with the dev extra")
uvicorn = pytest.importorskip("uvicorn", reason="the pages come with the gallery extra")

application = pytest.importorskip("exsclaim.gallery.application").application

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
TOKEN = "t0ken"
HOSTILE = [
    "<script>window.ran=1</script>", "<img src=x onerror=window.ran=1>", "\"><svg onload=window.ran=1>",
    "'-window.ran=1-'", "javascript:window.ran=1", "<a href=javascript:window.ran=1>x</a>", "{{7*7}}",
    "</title><script>window.ran=1</script>", "<iframe srcdoc='<script>parent.ran=1</script>'>",
    "<style>*{background:url(//evil.example)}</style>", "\u202e</p><script>window.ran=1</script>", "%3Cscript%3E",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_api.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serves a data set on loopback; gives its address."""
    running: list[tuple[Any, threading.Thread]] = []

    def started(folder: Path) -> str:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application(folder, token=TOKEN), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + 60
        while not server.started and time.monotonic() < until:
            time.sleep(0.05)
        running.append((server, thread))
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield started
    for server, thread in running:
        server.should_exit = True
        thread.join(timeout=20)


PAGES = (
    "/", "/?technique=EPR", "/?technique=HAADF-STEM&bar_min_nm=5", "/more?technique=HAADF-STEM", "/?page=9",
    "/figure/nature/silver/fig1", "/api/", "/nowhere", f"/review?token={TOKEN}",
)  # fmt: skip


def test_no_page_has_serious_faults_for_those_who_cannot_see_or_use_a_mouse(
    browser: Any, serve: Callable[[Path], str], folder: Path
) -> None:
    address = serve(folder)
    found = {}
    for scheme, width in (("light", 1280), ("dark", 400)):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        page = context.new_page()
        for path in PAGES:
            page.goto(address + path)
            violations = axe.Axe().run(page).response["violations"]
            serious = [each["id"] for each in violations if each["impact"] in ("serious", "critical")]
            too_wide = page.evaluate("document.documentElement.scrollWidth") > width
            found[scheme, path] = serious + (["wider than the window"] if too_wide else [])
        context.close()
    assert found == {key: [] for key in found}


def test_a_report_can_be_read_in_the_dark_on_a_telephone_and_without_seeing_it(browser: Any, tmp_path: Path) -> None:
    address = "https://media.springernature.com/full/springer-static/image/art%3A10.5555/MediaObjects/fig1.png"
    report = tmp_path / "report.html"
    report.write_bytes(
        as_html(
            "silver",
            [
                Heading("Failures by cause"),
                Table(("stage", "cause", "number", "examples"), [("figures", "none of 3", 12, Link(address, address))]),
                Table(("stage", "cause", "of these retried by the next harvest"), [("figures", "'261_2007_Fig1'", 12)]),
                Bars(("doubt", "panels"), [("type_differs_from_caption", 8)]),
                Bullets([Link("All versions: CHANGES.md", "CHANGES.md")]),
            ],
        )
    )
    for scheme, width in (("light", 1280), ("dark", 1280), ("dark", 320)):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        page = context.new_page()
        page.goto(report.as_uri())
        assert [each["id"] for each in axe.Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


def test_quality_can_be_read_in_the_dark_on_a_telephone_and_without_a_mouse(browser: Any, tmp_path: Path) -> None:
    nights = history(12, changes={(11, "arxiv", "with_figures"): 0.0})
    report = tmp_path / "quality.html"
    write_page(report, nights, flags(nights))
    for scheme, width in (("light", 1400), ("dark", 1400), ("light", 360), ("dark", 360)):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        page = context.new_page()
        page.goto(report.as_uri())
        assert [each["id"] for each in axe.Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # a chart that is shrunk to a telephone's width has letters of three pixels
        assert page.evaluate("document.querySelector('svg').getBoundingClientRect().width") >= 800
        context.close()


def test_nothing_from_outside_runs(
    browser: Any, serve: Callable[[Path], str], publish_articles: Callable[..., Path]
) -> None:
    articles = [
        {"name": f"x{n}", "title": text, "journal": text, "year": 2020, "licence": "CC-BY-4.0", "authors": (text, text),
         "general": text, "mention": text,
         "panels": [{"label": text[:20], "kind": "photo", "caption": text, "keywords": (text,), "techniques": (text,)}]}
        for n, text in enumerate(HOSTILE)
    ]  # fmt: skip
    address = serve(publish_articles(*articles, name="<b>hostile</b> \"'&"))
    page = browser.new_page()
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: refused.append(message.text))
    paths = ["/", *(f"/figure/nature/x{n}/fig1" for n in range(len(HOSTILE)))]
    paths += [
        f"/find?prompt={text}" for text in ("<script>window.ran=1</script>", "%22onfocus=window.ran=1 autofocus=%22")
    ]
    paths += [
        "/?material=<img src=x onerror=window.ran=1>",
        "/?prompt=<script>window.ran=1</script> at 200 kV",
        f"/review?token={TOKEN}",
    ]
    for path in paths:
        page.goto(address + path)
        assert page.evaluate("window.ran") is None, path
        assert (
            page.locator("main script, main iframe, main style, [onerror], [onload], a[href^=javascript]").count() == 0
        )
    assert all(url.startswith(address) for url in asked)
    assert [text for text in refused if "Content Security Policy" in text] == []
    page.close()


def test_the_grid_is_worked_by_keyboard(browser: Any, serve: Callable[[Path], str], folder: Path) -> None:
    page = browser.new_page()
    page.goto(serve(folder))
    page.keyboard.press("/")
    page.keyboard.type("titania nanotubes")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?material=*")
    assert page.locator(".card").count() == 1
    page.locator(".card .picture").focus()
    page.keyboard.press("x")
    assert page.locator(".card input[type=checkbox]").is_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**/figure/nature/titania/fig1**")
    page.close()


def test_the_ruler_measures_lengths_in_nm_and_the_angle_between_two_lines(
    browser: Any, serve: Callable[[Path], str], folder: Path
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{serve(folder)}/figure/nature/silver/fig1")
    page.get_by_role("button", name="Ruler").click()
    box = page.locator("#stage svg").bounding_box()
    px = box["width"] / 400  # screen pixels per pixel of the figure

    def draw(x0: float, y0: float, x1: float, y1: float) -> str:
        page.mouse.move(box["x"] + x0 * px, box["y"] + y0 * px)
        page.mouse.down()
        page.mouse.move(box["x"] + x1 * px, box["y"] + y1 * px, steps=4)
        page.mouse.up()
        return str(page.locator("#measured").text_content())

    said = draw(20, 50, 120, 50)
    assert said.endswith("px), 0.0°")
    # 100 px at 20 nm per 40 px
    assert float(said.split()[0]) == pytest.approx(50, abs=1)
    between = draw(20, 150, 120, 50).partition("between the lines ")[2]
    angle, other = (float(each.strip("()°")) for each in between.split())
    assert angle == pytest.approx(45, abs=1)
    assert angle + other == pytest.approx(180, abs=0.11)
    assert "between" not in draw(20, 50, 60, 50)
    page.close()


def test_the_ruler_is_worked_by_keyboard(browser: Any, serve: Callable[[Path], str], folder: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{serve(folder)}/figure/nature/silver/fig1")
    page.get_by_role("button", name="Ruler").focus()
    # from the middle of the figure to the left, into the panel with a scale; then 25 steps of 4 px
    for key in ("Enter", "ArrowLeft", "ArrowLeft", "Enter", *["ArrowLeft"] * 25, "Enter"):
        page.keyboard.press(key)
    assert page.locator("#measured").text_content() == "50 nm (100.0 px), 180.0°"
    page.keyboard.press("Escape")
    assert page.locator("line.measure").count() == 0
    page.close()


def test_pages_can_be_read_without_javascript(browser: Any, serve: Callable[[Path], str], folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(serve(folder))
    page.get_by_role("searchbox").fill("SAED")
    with page.expect_navigation():
        page.get_by_role("button", name="Find").click()
    assert page.locator(".card").count() == 1
    with page.expect_navigation():
        page.locator(".card .picture").click()
    assert page.locator("svg rect.panel").count() == 2
    assert "SAED pattern" in page.locator(".caption").text_content()
    context.close()


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_condition_is_changed_where_it_stands(
    browser: Any, serve: Callable[[Path], str], folder: Path, has_javascript: bool
) -> None:
    context = browser.new_context(java_script_enabled=has_javascript)
    page = context.new_page()
    page.goto(f"{serve(folder)}/?technique=SAED&label=b")
    page.get_by_text("technique: SAED").click()
    page.locator(".edit[open] input:not([type=hidden])").fill("HAADF-STEM")
    page.locator(".edit[open] button").click()
    page.wait_for_url("**/?label=b&technique=HAADF-STEM")
    page.get_by_text("letter: b").click()
    page.locator(".edit[open] input:not([type=hidden])").fill("a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?technique=HAADF-STEM&label=a")
    assert page.locator(".card").count() == 1
    context.close()


def test_a_query_for_more_is_shown_and_downloaded_without_javascript(
    browser: Any, serve: Callable[[Path], str], folder: Path, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(serve(folder))
    page.locator(".card input[type=checkbox]").first.check()
    page.get_by_role("button", name="A query for more").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "more.yaml")
    assert (tmp_path / "more.yaml").read_text() == page.locator("pre").text_content()
    assert load(tmp_path / "more.yaml").query
    context.close()


def test_a_right_figure_takes_one_key_and_a_wrong_letter_three(
    browser: Any, serve: Callable[[Path], str], folder: Path
) -> None:
    page = browser.new_page()
    page.goto(f"{serve(folder)}/review?token={TOKEN}")
    for key in ("2", "l"):
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("c")
    assert page.locator("section.one-panel h3").all_text_contents()[1].startswith("2. (c)")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    wrong, right = read_corrections(folder)
    assert (wrong.figure_id, wrong.changes[0].label, wrong.accepted) == ("nature/silver/fig1", "c", False)
    assert (right.figure_id, right.changes, right.accepted) == ("nature/silver/fig1", (), True)
    assert page.locator("#review").get_attribute("data-figure") == "nature/titania/fig1"
    page.close()


def test_panels_beyond_the_ninth_are_chosen_by_two_digits_and_worked_by_keyboard(
    browser: Any, serve: Callable[[Path], str], publish_articles: Callable[..., Path]
) -> None:
    letters = [{"label": str(n), "kind": "photo", "caption": f"Part {n}."} for n in range(1, 13)]
    article = {"name": "many", "title": "Many", "journal": "J", "year": 2024, "licence": "CC0-1.0", "panels": letters}
    folder = publish_articles(article)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{serve(folder)}/review?token={TOKEN}")
    for key in ("1", "2", "b", *["ArrowLeft"] * 3, "Enter", *["ArrowRight"] * 5, *["ArrowDown"] * 4):
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    change = read_corrections(folder)[0].changes[0]
    assert change.box == (2200, 0, 2400, 200)
    assert change.new_box is not None
    x0, y0, x1, y1 = change.new_box
    assert (x1 - x0, y1 - y0) == (120, 96)
    page.close()


def test_panels_are_drawn_split_merged_and_given_a_length(
    browser: Any, serve: Callable[[Path], str], folder: Path
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{serve(folder)}/review?figure=nature/silver/fig1&token={TOKEN}")

    def at(x: float, y: float) -> tuple[float, float]:
        box = page.locator("#stage svg").bounding_box()
        return box["x"] + x * box["width"] / 400, box["y"] + y * box["height"] / 200

    page.keyboard.press("1")
    page.keyboard.press("s")
    page.keyboard.type("0.2 µm")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("2")
    page.keyboard.press("x")
    with page.expect_navigation():
        page.mouse.click(*at(300, 100))
    assert page.locator("svg rect.panel").count() == 3
    page.keyboard.press("2")
    page.keyboard.press("m")
    with page.expect_navigation():
        page.keyboard.press("3")
    assert page.locator("svg rect.panel").count() == 2
    page.keyboard.press("n")
    page.mouse.move(*at(20, 20))
    page.mouse.down()
    page.mouse.move(*at(60, 60), steps=3)
    with page.expect_navigation():
        page.mouse.up()
    assert page.locator("svg rect.panel").count() == 3
    first = read_corrections(folder)[0].changes[0]
    assert (first.length_nm, first.box) == (200, (0, 0, 200, 200))
    page.close()


def test_what_is_ticked_is_downloaded(browser: Any, serve: Callable[[Path], str], folder: Path) -> None:
    page = browser.new_page()
    page.goto(serve(folder))
    page.locator(".card input[type=checkbox]").first.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="the ticked panels").click()
    assert download.value.suggested_filename == "silver-csv.zip"
    page.close()


def test_an_image_that_is_gone_or_damaged_is_told_and_no_boxes_are_drawn_over_nothing(
    browser: Any, serve: Callable[[Path], str], folder: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "silver"
    shutil.copytree(folder, copied)
    address = serve(copied)
    page = browser.new_page()
    page.goto(f"{address}/figure/nature/silver/fig1")
    assert page.locator("#stage").is_visible()
    assert page.locator("#no-image").is_hidden()
    for path in (copied / "figures").iterdir():
        path.write_bytes(b"II*\0 cut off")
    again = browser.new_context().new_page()  # the first one keeps the image that it was shown
    again.goto(f"{address}/figure/nature/silver/fig1")
    again.locator("#no-image").wait_for(state="visible", timeout=20_000)
    assert again.locator("#stage").is_hidden()
    page.close()
    again.close()
