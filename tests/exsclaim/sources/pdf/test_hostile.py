"""PDFs that are broken, locked, scanned or made to hurt cost an error that says what is wrong, and no more."""

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exsclaim.errors import ImageError, PdfError
from exsclaim.sources.pdf import drawn_page, figure_refs, pdf_process, read_pdf, reader_processes
from exsclaim.sources.pdf.extraction import MAX_PAGES, extract
from exsclaim.store import Store
from tests.exsclaim.sources.pdf.paper import Paper, assembled, micrograph, stream


def a_paper() -> Paper:
    paper = Paper()
    sheet = paper.sheet()
    sheet.prose(60, 80, 10)
    sheet.image(60, 220, 260, 370, micrograph(300, 400))
    sheet.text(60, 385, "Figure 1. Grown particles.", 7.5, "sans")
    sheet.prose(60, 430, 12)
    return paper


def test_a_pdf_is_read_in_a_process_of_its_own_as_in_this_one() -> None:
    body = a_paper().bytes()
    assert read_pdf(body) == extract(body)


def test_threads_may_read_at_the_same_time() -> None:
    body, found = a_paper().bytes(), []
    threads = [threading.Thread(target=lambda: found.append(read_pdf(body))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [extract(body)] * 2


def test_the_process_that_forks_readers_may_be_killed_while_nobody_reads() -> None:
    body = a_paper().bytes()
    first = read_pdf(body)
    for kept in reader_processes._kept:
        kept._process.kill()
        kept._process.wait()
    assert read_pdf(body) == first


@pytest.mark.skipif(not reader_processes.CAN_FORK, reason="this system cannot fork")
def test_a_fork_of_the_caller_reads_by_a_process_of_its_own() -> None:
    body = a_paper().bytes()
    first = read_pdf(body)
    pid = os.fork()
    if pid == 0:
        os._exit(0 if not reader_processes._kept and read_pdf(body) == first else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert read_pdf(body) == first


def test_a_pdf_that_takes_too_long_by_the_clock_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_process, "_CLOCK_PER_PROCESSOR_S", 1e-9)
    with pytest.raises(PdfError, match="300 s of processor time"):
        read_pdf(a_paper().bytes())
    monkeypatch.undo()
    assert read_pdf(a_paper().bytes()).figures


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "0 bytes"),
        (b"<html>sign in</html>", "not a PDF"),
        (b"%PDF-1.7\n" + bytes(500), "damaged or breaks off"),
        (a_paper().bytes()[:700], "damaged or breaks off"),
        (assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"], 1), "has no pages"),
    ],
)
def test_what_is_no_whole_pdf_is_an_error(body: bytes, message: str) -> None:
    with pytest.raises(PdfError, match=message):
        read_pdf(body)


def test_a_locked_pdf_says_so() -> None:
    lock = b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
    body = assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", b"<< >>", lock], 3)
    body = body.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 4 0 R /ID [<41414141> <41414141>]")
    with pytest.raises(PdfError, match="password"):
        read_pdf(body)


def test_a_scan_without_text_is_told_from_a_paper_without_figures() -> None:
    scan = Paper()
    for page in range(3):
        scan.sheet().image(0, 0, 595, 842, micrograph(842, 595, seed=page))
    with pytest.raises(PdfError, match="scan without text"):
        extract(scan.bytes())
    strips = Paper()
    for page in range(2):
        sheet = strips.sheet()
        for strip in range(12):
            sheet.image(0, 70 * strip, 595, 70 * strip + 70, micrograph(70, 595, seed=12 * page + strip))
    with pytest.raises(PdfError, match="scan without text"):
        extract(strips.bytes())
    plain = Paper()
    plain.sheet().prose(60, 80, 40)
    assert extract(plain.bytes()).figures == ()


def scanned(rendered: Paper, strips: int = 1, rise: float = 0, misread: Mapping[str, str] | None = None) -> Paper:
    """A paper as OCR leaves it: each page as an image or strips of one, its words invisible above it.

    The words may stand some points higher than they are printed, and be `misread`.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(rendered.bytes())
    scan = Paper()
    for number, sheet in enumerate(rendered.sheets):
        page = np.asarray(document[number].render(scale=2).to_pil().convert("RGB"))
        above = scan.sheet()
        for strip, pixels in enumerate(np.array_split(page, strips)):
            above.image(0, strip * 842 / strips, 595, (strip + 1) * 842 / strips, pixels)
        for op in sheet.ops:
            for printed, recognised in (misread or {}).items():
                op = op.replace(printed, recognised)
            if op.startswith("BT"):
                above.ops.append(op.replace("BT ", f"BT 3 Tr {rise} Ts "))
    return scan


def test_a_scan_with_recognised_text_gives_its_figures() -> None:
    rendered = Paper()
    sheet = rendered.sheet()
    sheet.prose(60, 80, 10, letters=88)
    sheet.image(60, 220, 360, 420, micrograph(200, 300))
    sheet.text(60, 440, "Figure 1. Grown particles.", 9)
    sheet.prose(60, 480, 20, letters=88)
    (figure,) = extract(scanned(rendered).bytes()).figures
    x0, y0, x1, y1 = figure.box_pt
    assert (x0, y0, x1, y1) == pytest.approx((60, 220, 360, 420), abs=4)


def test_a_scan_in_strips_has_running_text() -> None:
    """Elsevier's scans of the nineties: the text under the captions was taken for the figures."""
    rendered = Paper()
    sheet = rendered.sheet()
    sheet.curve(120, 100, 440, 420)
    sheet.text(60, 470, "Figure 1. Growth of particles over temperature, from top to bottom.", 8)
    for x in (60, 310):
        sheet.prose(x, 492, 20, letters=44)
    (figure,) = extract(scanned(rendered, strips=28, rise=5.5).bytes()).figures
    x0, y0, x1, y1 = figure.box_pt
    assert (x0, y0, x1, y1) == pytest.approx((120, 100, 440, 420), abs=12)


def test_ink_that_recognised_text_leaves_uncovered_is_no_part_of_a_figure() -> None:
    rendered = Paper()
    sheet = rendered.sheet()
    sheet.prose(60, 80, 10, letters=88)
    sheet.image(60, 195, 360, 395, micrograph(200, 300))
    sheet.text(60, 420, "Figure 1. Grown particles.", 9)
    sheet.prose(60, 460, 20, letters=88)
    (figure,) = extract(scanned(rendered, rise=5.5).bytes()).figures
    x0, y0, x1, y1 = figure.box_pt
    assert (x0, y0, x1, y1) == pytest.approx((60, 195, 360, 395), abs=4)


def test_the_running_text_of_a_scan_is_no_figures_image() -> None:
    """Text on a shaded page may be taken for a figure: no image, and that told, is better than a wrong one."""
    rendered = Paper()
    sheet = rendered.sheet()
    sheet.prose(60, 60, 6, letters=88)
    sheet.image(60, 190, 400, 340, micrograph(150, 340))
    for row in range(10):
        words = f"grown particles of silver were seen by all of us in row {row}"
        sheet.text(60, 198 + 13 * row, words, 8 + row % 4, "sans")
    sheet.text(60, 356, "Figure 1. Grown particles.", 9, "sans")
    sheet.prose(60, 390, 10, letters=88)
    (figure,) = extract(scanned(rendered).bytes()).figures
    assert (figure.caption, figure.origin, figure.image) == ("Grown particles.", "missing", b"")


def test_signals_that_end_a_reader_are_told_by_name() -> None:
    assert [pdf_process._name_of(number) for number in (6, 11, 99)] == ["SIGABRT", "SIGSEGV", "signal 99"]


def test_more_pages_than_a_paper_has_are_refused() -> None:
    kids = " ".join(f"{4} 0 R" for _ in range(MAX_PAGES + 1))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    pages = f"<< /Type /Pages /Kids [{kids}] /Count {MAX_PAGES + 1} >>".encode()
    with pytest.raises(PdfError, match=f"{MAX_PAGES + 1} pages"):
        read_pdf(assembled([b"<< /Type /Catalog /Pages 2 0 R >>", pages, b"<< >>", page], 3))


def forms_within_forms() -> bytes:
    """Ten forms that each draw the next one ten times: ten thousand million drawings, were there no limit."""
    count = 10
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    objects.append(
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /XObject << /F 6 0 R >> >> >>"
    )
    objects += [stream("", b"/F Do " * 10), b"<< >>"]
    for number in range(count):
        following = 7 + number if number + 1 < count else 6  # the last draws the first: a loop
        objects.append(
            stream(
                f"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F {following} 0 R >> >>",
                b"/F Do " * 10,
            )
        )
    return assembled(objects, 5)


def test_forms_within_forms_end() -> None:
    with pytest.raises(PdfError, match="2 s of processor time"):
        read_pdf(forms_within_forms(), processor_s=2)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only on Linux a reader ends with its harvest")
def test_a_reader_ends_with_a_harvest_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "article.pdf").write_bytes(forms_within_forms())
    code = (
        "import pathlib, time; from exsclaim.sources.pdf import reader_processes; f = reader_processes._Forker();"
        f"f.begin(pathlib.Path({str(tmp_path)!r}), 300.0, 'read', 1); print(f._pid, flush=True); time.sleep(100)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as harvest:
        assert harvest.stdout
        reader = int(harvest.stdout.readline())
        os.kill(reader, 0)
        harvest.kill()
    until = time.monotonic() + 60
    while Path(f"/proc/{reader}").exists():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_page_of_huge_size_costs_no_huge_picture() -> None:
    body = a_paper().bytes().replace(b"/MediaBox [0 0 595.0 842.0]", b"/MediaBox [0 -90000 99000 842]")
    (figure,) = read_pdf(body).figures
    with Image.open(io.BytesIO(figure.image)) as image:
        assert image.width * image.height < 50_000_000


def test_one_damaged_page_does_not_hide_the_others() -> None:
    paper = a_paper()
    paper.sheet().prose(60, 80, 10)
    body = paper.bytes()
    last = body.rindex(b"/Type /Page ")
    broken = body[:last] + b"/Type /Pagx " + body[last + len(b"/Type /Page ") :]
    read = read_pdf(broken)
    assert len(read.figures) == 1
    assert read.damaged_pages == (read.pages,)


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        ((), ""),
        ((3,), "page 3 of the PDF's 30 cannot be read: it is damaged or lacks"),
        ((3, 7, 8, 9, 30), "pages 3, 7–9, 30 of the PDF's 30 cannot be read: they are damaged or lack"),
        (tuple(range(1, 30, 2)), "pages 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, … of the PDF's 30 cannot be read: "
         "they are damaged or lack"),
    ],
)  # fmt: skip
def test_damaged_pages_are_named_among_the_articles_figures(
    damaged: tuple[int, ...], said: str, tmp_path: Path
) -> None:
    whole = replace(extract(a_paper().bytes()), pages=30)
    read = replace(whole, damaged_pages=damaged)
    assert read.damage() == said
    before, after = (figure_refs(each, "x/y", "CC BY 4.0", "https://x.org", Store(tmp_path)) for each in (whole, read))
    assert after[: len(before)] == before
    assert [figure.no_image for figure in after[len(before) :]] == (
        [f"{said}; figures there are lacking: give a whole copy of the PDF"] if said else []
    )


def test_a_count_of_pages_that_lies_is_told() -> None:
    body = a_paper().bytes()
    assert body.count(b"/Count 1 ") == 1
    read = read_pdf(body.replace(b"/Count 1 ", b"/Count 4 "))
    assert len(read.figures) == 1
    assert read.damaged_pages == (2, 3, 4)


def test_a_page_is_drawn_in_a_process_of_its_own() -> None:
    drawn = drawn_page(a_paper().bytes())
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.size == pytest.approx((595 / 72 * 300, 842 / 72 * 300), abs=2)
    with pytest.raises(ImageError, match="1 pages, and no page 3"):
        drawn_page(a_paper().bytes(), 3)
    with pytest.raises(ImageError, match="cannot be drawn"):
        drawn_page(b"no pdf")


HEADS = ["A. Author and B. Other / Physics Letters 1", "A. Author and B. Other / Physics Letters 2",
         "A. Author and B. Other / Physics Letters 3", "A. Author and B. Other / Physics Letters 4"]  # fmt: skip
MISREAD = {HEADS[1]: "k Aufhor and B. Otber /Physics Letters 2", HEADS[2]: "A.Author and 8. Other/ Pbysics Letters 3"}


def scanned_pages(first_rows: Sequence[str], x: float, numbers_x: float, misread: Mapping[str, str]) -> Paper:
    """Pages of a scan with a wide margin, each with a plot right under its first row."""
    rendered = Paper()
    for number, words in enumerate(first_rows, start=1):
        sheet = rendered.sheet()
        sheet.text(x, 100, words, 7, "sans")
        sheet.text(numbers_x, 100, str(410 + number), 7, "sans")
        sheet.curve(120, 112, 440, 330)
        sheet.text(60, 350, f"Figure {number}. Growth of particles over temperature, from top to bottom.", 8)
        sheet.prose(60, 400, 24, letters=88, seed=number)
    return scanned(rendered, misread=misread)


@pytest.mark.parametrize("misread", [{}, MISREAD])
@pytest.mark.parametrize(("x", "numbers_x"), [(200, 60), (200, 520), (125, 300)])
def test_running_heads_of_a_scan_are_no_part_of_its_figures_however_they_are_spelt(
    x: float, numbers_x: float, misread: dict[str, str]
) -> None:
    figures = extract(scanned_pages(HEADS, x, numbers_x, misread).bytes()).figures
    assert len(figures) == 4
    for figure in figures:
        assert figure.box_pt == pytest.approx((120, 112, 440, 330), abs=12)
        assert figure.box_pt[1] > 103


def test_titles_of_plots_at_the_head_of_a_scans_pages_belong_to_them() -> None:
    titles = ["Silver particles in the bath", "Temperature of films", "Oxides after growth", "Wide and narrow edges"]
    figures = extract(scanned_pages(titles, 200, 330, {}).bytes()).figures
    assert [figure.box_pt[1] < 96 for figure in figures] == [True] * 4


def test_captions_over_the_figures_of_a_scan_are_no_running_heads() -> None:
    rendered = Paper()
    for number in range(1, 5):
        sheet = rendered.sheet()
        sheet.text(60, 100, f"Figure {number}. Growth of particles over temperature.", 8)
        sheet.curve(120, 120, 440, 330)
        sheet.prose(60, 400, 24, letters=88, seed=number)
    figures = extract(scanned(rendered).bytes()).figures
    assert [figure.caption for figure in figures] == ["Growth of particles over temperature."] * 4
    assert {figure.origin for figure in figures} != {"missing"}
