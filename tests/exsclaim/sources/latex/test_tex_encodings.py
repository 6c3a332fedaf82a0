"""LaTeX is read in the encoding that its author wrote it in, and no letter of it is guessed wrong in silence."""

import pytest

from exsclaim.sources.latex.tex_encodings import decoded


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("", "utf-8", "Größe 5 µm, Å – “rods”"),
        ("", "utf-8-sig", "Größe"),
        ("", "utf-16", "Größe"),
        ("", "utf-16-le", "Grosse Rods"),
        ("", "cp1252", "Größe 5 µm – “rods”"),
        (r"\usepackage[latin1]{inputenc}", "cp1252", "Größe – “rods”"),
        (r"\usepackage[utf8]{inputenc}", "cp1252", "Größe"),
        (r"\usepackage[latin2]{inputenc}", "iso8859-2", "złote pręty"),
        (r"\usepackage[cp1251]{inputenc}", "cp1251", "Золотые стержни"),
        (r"\usepackage[koi8-r]{inputenc}", "koi8-r", "Золотые стержни"),
        (r"\usepackage[applemac]{inputenc}", "mac_roman", "Größe"),
        (r"\begin{CJK*}{GBK}{song}", "gb18030", "金纳米棒"),
        (r"\documentclass{jsarticle}", "cp932", "金のロッド"),
        (r"\documentclass[a4paper]{jarticle}", "euc_jp", "金のロッド"),
        (r"\usepackage[nonsense]{inputenc}", "cp1252", "Größe"),
    ],
)
def test_the_text_is_as_its_author_wrote_it(declared: str, encoding: str, text: str) -> None:
    assert decoded({"main.tex": (declared + text).encode(encoding)}) == {"main.tex": declared + text}


def test_what_the_main_file_declares_holds_for_its_chapters() -> None:
    files = {
        "chapters/rods.tex": "Золотые стержни".encode("cp1251"),
        "main.tex": rb"\usepackage[cp1251]{inputenc}\input{chapters/rods}",
    }
    assert decoded(files)["chapters/rods.tex"] == "Золотые стержни"


def test_utf_8_with_a_stray_byte_stays_utf_8() -> None:
    assert decoded({"a.tex": "Größe, Länge, Å ".encode() + b"5 \xb5m"}) == {"a.tex": "Größe, Länge, Å 5 µm"}


def test_no_bytes_are_an_error() -> None:
    assert len(decoded({"a.tex": bytes(range(256)) * 3})["a.tex"]) > 0
    assert decoded({"a.tex": b""}) == {"a.tex": ""}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["Unix", "Windows", "old Macintosh"])
def test_lines_end_as_the_author_s_machine_ends_them(end: str) -> None:
    lines = ("% silver", "gold \\\\", "", "rods % of gold", "")
    assert decoded({"main.tex": end.join(lines).encode()}) == {"main.tex": "\n".join(lines)}
