"""Archives and documents made to hurt: what is read of them is bounded, all else is an error that names the file."""

import datetime as dt
import gzip
import io
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from exsclaim.errors import ArchiveError, ExsclaimError, PageFormatError
from exsclaim.query import parse
from exsclaim.sources.folder import Folder
from exsclaim.sources.html.html_text import MAX_PAGE_BYTES, MAX_TAGS
from exsclaim.sources.html.publisher_pages import read_page
from exsclaim.sources.jats import jats_article
from exsclaim.sources.latex.submission_files import unpacked
from tests.exsclaim.publisher import Bench


def tar(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE, size: int | None = None) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, body in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    content = file.getvalue()
    if size is None:
        return content
    header = bytearray(content[:512])
    header[124:136] = b"%011o\0" % size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + content[512:]


LEFT_OUT = {
    "a symbolic link": tarfile.SYMTYPE, "a hard link": tarfile.LNKTYPE, "a character device": tarfile.CHRTYPE,
    "a disk": tarfile.BLKTYPE, "a pipe": tarfile.FIFOTYPE, "a folder": tarfile.DIRTYPE,
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT_OUT)
def test_only_files_are_taken_out_of_an_archive(name: str) -> None:
    assert unpacked(tar(("x", b""), kind=LEFT_OUT[name]), "2601.00001") == {}


def bad_archives() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Names, and what makes the archive when it is tested: the large ones take long, and every worker collects all."""
    for path in ("../x", "a/../../x", "/etc/x", "..\\x", "C:\\x", "a/..", "\\\\host\\x"):
        yield f"the path {path}", partial(tar, (path, b"x"))
    yield "a length of gigabytes", partial(tar, ("x", b"x"), size=0o77777777777)
    yield "cut off in a member", lambda: tar(("x", bytes(2000)))[:1000]
    yield "more members than any", lambda: tar(*((str(n), b"") for n in range(10_001)))
    yield "a gzip bomb", lambda: gzip.compress(bytes(70_000_000))
    yield "gzip cut off", lambda: gzip.compress(tar(("x", b"x")))[:-9]
    yield "gzip with a wrong sum", lambda: gzip.compress(tar(("x", b"x")))[:-8] + bytes(8)
    yield "no gzip behind its mark", lambda: b"\x1f\x8b" + b"x" * 50


BAD_ARCHIVES = dict(bad_archives())


@pytest.mark.parametrize("name", BAD_ARCHIVES)
def test_a_bad_archive_is_an_error_that_names_it(name: str) -> None:
    content = BAD_ARCHIVES[name]()
    with pytest.raises(ArchiveError, match=r"2601\.00001") as caught:
        unpacked(content, "2601.00001")
    assert str(caught.value).isprintable()


def paper(title: str = "Silver", caption: str = "Rods.", head: str = "") -> bytes:
    return (
        f"{head}<article><front><article-meta><title-group><article-title>{title}</article-title></title-group>"
        f"</article-meta></front><body><fig><label>Figure 1</label><caption><p>{caption}</p></caption></fig></body>"
        "</article>"
    ).encode("utf-8", "surrogatepass")


LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9)) + "]>"
DOCUMENTS = {
    "ten thousand million laughs": paper("&a9;", head=LAUGHS),
    "laughs in an attribute": paper("<i x='&a9;'/>", head=LAUGHS),
    "a file as entity": paper("&x;", head="<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
    "an address as entity": paper("&x;", head="<!DOCTYPE x [<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'>]>"),
    "a parameter entity": paper(head="<!DOCTYPE x [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>"),
    "a DTD elsewhere": paper(head="<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>"),
    "an entity that is itself": paper("&x;", head="<!DOCTYPE x [<!ENTITY x '&x;'>]>"),
    "XInclude": paper("<i xmlns:x='http://www.w3.org/2001/XInclude'><x:include href='/etc/passwd' parse='text'/></i>"),
    "a style sheet": paper(head="<?xml-stylesheet href='file:///etc/passwd'?>"),
    "two hundred thousand nests": paper("<i>" * 200_000 + "</i>" * 200_000),
    "a hundred thousand attributes": paper("<i " + " ".join(f"a{n}='1'" for n in range(100_000)) + "/>"),
    "a text of 3 MB": paper(caption="x" * 3_000_000),
    "ESC in a title": paper("a\x1b[2J"),
    "a lone surrogate": paper("\ud835"),
    "a zero byte": paper("a\0b"),
    "UTF-8 that says UTF-16": paper(head="<?xml version='1.0' encoding='utf-16'?>"),
    "an encoding that is none": paper(head="<?xml version='1.0' encoding='x-none'?>"),
    "UTF-7": paper(head="<?xml version='1.0' encoding='utf-7'?>"),
    "nothing": b"",
    "zeros": bytes(900),
    "a page": b"<!DOCTYPE html><html><body><p>Are you a robot?</body></html>",
    "half a document": paper()[:150],
    "two documents": paper() + paper(),
    "a comment without end": paper("<!--"),
    "CDATA without end": paper("<![CDATA["),
    "a prefix that is not bound": paper("<x:i>a</x:i>"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_gives_an_article_of_its_own_text_or_an_error(name: str) -> None:
    said, told = "", ""
    try:
        article = jats_article.read_jats(DOCUMENTS[name], "rods.xml")
        told = f"{article.title} {[figure.caption for figure in article.figures]}"
    except PageFormatError as error:
        said = str(error)
    assert said.startswith("rods.xml") or told
    assert said.replace("\n", " ").isprintable()
    assert "root:" not in told
    assert len(told) < 4_000_000


def page(figure: str = "", *, image: str = "one.png", head: str = "", caption: str = "Rods.") -> bytes:
    return (
        f"<html><head><title>Silver</title><meta name='citation_title' content='Silver rods'>{head}</head><body>"
        f"{figure}<figure><img src='{image}'><figcaption>Figure 1. {caption}</figcaption></figure></body></html>"
    ).encode("utf-8", "surrogatepass")


PAGES = {
    "a hundred thousand nests": page("<div>" * 100_000),
    "nests in a caption": page(caption="<i>" * 100_000 + "x"),
    "a hundred thousand attributes": page("<p " + " ".join(f"a{n}" for n in range(100_000)) + ">"),
    "two thousand figures": page("<figure><figcaption>Figure 2. x</figcaption></figure>" * 2_000),
    "a caption of 3 MB": page(caption="x" * 3_000_000),
    "an image elsewhere on this machine": page(image="file:///etc/passwd"),
    "an image above its folder": page(image="../../../../etc/passwd"),
    "an image by an absolute path": page(image="/etc/passwd"),
    "an image that is a script": page(image="javascript:alert(1)"),
    "an image in its address, broken": page(image="data:image/png;base64,%%%%"),
    "an image at no address": page(image="http://[::1"),
    "a base at no address": page(head="<base href='http://[::1'>"),
    "a canonical address that is none": page(head="<link rel='canonical' href='http://[::1'>"),
    "an own address that is none": page(head="<meta property='og:url' content='https://[x]/'>"),
    "a refresh to elsewhere": page(head="<meta http-equiv='refresh' content='0;url=http://127.0.0.1/'>"),
    "ESC, OSC and CR in a caption": page(caption="a\x1b[2J\x1b]0;x\x07\rb"),
    "a script as caption": page(caption="<script>alert(1)</script>Rods."),
    "a lone surrogate": page(caption="\ud835"),
    "a character reference beyond all": page(caption="&#x110000; &#99999999999; &#0;"),
    "an encoding that is none": page(head="<meta charset='x-none'>"),
    "UTF-16 that says UTF-8": page(head="<meta charset='utf-8'>").decode("utf-8").encode("utf-16"),
    "a comment without end": page("<!--"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_saved_page_gives_its_own_figures_or_an_error(name: str, tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "page.html").write_bytes(PAGES[name])
    query = parse({"name": "own", "sources": ["folder"], "folder": [str(tmp_path)]})
    (ref,) = Folder().search(query, bench.client())
    said, told = "", ""
    try:
        fetched = Folder().read(ref, bench.client())
        told = f"{fetched.article.title} {' '.join(figure.caption for figure in fetched.figures)}"
    except ExsclaimError as error:
        said = str(error)
    assert "page.html" in said or "Silver" in told
    assert all(text.replace("\n", " ").isprintable() for text in (said, told))
    assert "root:" not in told
    assert "alert(" not in told


@pytest.mark.parametrize(
    "body", [b"word " * (MAX_PAGE_BYTES // 5 + 1), b"<p>" * (MAX_TAGS + 1)], ids=["too much text", "too many elements"]
)
def test_a_page_too_large_to_be_an_article_is_refused_at_once(body: bytes) -> None:
    with pytest.raises(PageFormatError, match=r"^https://publisher\.example/a: .* are not read$"):
        read_page(b"<html><title>Silver</title>" + body, "https://publisher.example/a", dt.date(2026, 1, 1), source="x")
