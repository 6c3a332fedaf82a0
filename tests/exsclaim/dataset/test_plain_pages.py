"""Pages for people: text of others stays text, and nothing is loaded from anywhere."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.dataset.plain_pages import (
    Bars,
    Bullets,
    Heading,
    Link,
    Picture,
    Pictures,
    Table,
    Text,
    as_html,
    as_markdown,
)

HOSTILE = "<script>alert(1)</script> | [x](javascript:alert(1)) \"' onerror=alert(1) \u202e \x1b[2J\n# h"


class Tags(HTMLParser):
    """Names of tags, and attributes that load or lead somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.addresses += [value or "" for name, value in attributes if name in ("href", "src")]


def read(page: bytes) -> Tags:
    tags = Tags()
    tags.feed(page.decode())
    return tags


def page_of(text: str) -> tuple[bytes, bytes]:
    blocks = [
        Heading(text), Text(text), Bullets([text, Link(text, text)]), Table((text,), [(text,), (Link(text, text),)]),
        Bars((text, text), [(text, 1)]), Pictures([Picture(b"\xff\xd8", text, [text, Link(text, text)])]),
    ]  # fmt: skip
    return as_html(text, blocks), as_markdown(text, blocks)


ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li", "table", "tr", "th", "td", "div",
    "figure", "img", "figcaption", "br", "a", "main",
}  # fmt: skip


@given(st.text() | st.just(HOSTILE))
def test_text_makes_no_elements_and_no_attributes(text: str) -> None:
    tags = read(page_of(text)[0])
    assert tags.tags <= ALLOWED
    assert not {name for name in tags.attributes if name.startswith("on")}
    for address in tags.addresses:
        assert (
            address.startswith(("data:image/jpeg;base64,", "http://", "https://")) or ":" not in address.split("/")[0]
        )


def test_the_browser_is_told_to_load_and_run_nothing() -> None:
    page = as_html("x", [Text("y")]).decode()
    assert "default-src 'none'; img-src data:" in page
    assert not read(page.encode()).tags & {"script", "link", "iframe", "object", "form"}


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("https://doi.org/10.1/x", "https://doi.org/10.1/x"),
        ("figures/a b_fig1.png", "figures/a%20b_fig1.png"),
        ("figures/ü.png", "figures/%C3%BC.png"),
        ("javascript:alert(1)", None),
        (" javascript:alert(1)", "%20javascript:alert(1)"),
        ("data:text/html,x", None),
        ("//evil.example/x", None),
        ("/etc/passwd", None),
        ('https://x/"><script>', "https://x/%22%3E%3Cscript%3E"),
        ("", None),
    ],
)
def test_links_lead_to_the_web_or_to_files_beside_the_page(address: str, leads: str | None) -> None:
    found = read(as_html("x", [Bullets([Link("there", address)])])).addresses
    if leads and leads.startswith("%20java"):
        leads = None  # a colon before the first slash: no file of ours
    assert found == ([leads] if leads else [])


def test_markdown_has_no_html_and_no_cells_out_of_text() -> None:
    lines = page_of(HOSTILE)[1].decode().splitlines()
    assert lines[0].startswith("# &lt;script&gt;")
    assert not any("<script" in line for line in lines)
    assert all(line.replace("\\|", "").count("|") in (0, 2, 4) for line in lines)


def test_bars_are_in_proportion() -> None:
    text = as_markdown("x", [Bars(("scale", "panels"), [("1", 10), ("2", 5), ("3", 0)])]).decode()
    assert [line.count("█") for line in text.splitlines()[-3:]] == [20, 10, 0]


def test_a_column_of_numbers_is_aligned_as_one_with_its_header() -> None:
    """Also where shares stand behind some: a column is of one kind, which its first row says."""
    rows = [("figures", 14, "5 nm"), ("with a scale", "3 (21%)", "9")]
    page = as_html("x", [Table(("what", "count", "said"), rows), Bars(("doubt", "panels"), [("blurred", 8)])]).decode()
    assert "<th>what</th><th class=n>count</th><th>said</th>" in page
    assert "<td>figures</td><td class=n>14</td><td>5 nm</td>" in page
    assert "<td>with a scale</td><td class=n>3 (21%)</td><td>9</td>" in page
    assert "<th>doubt</th><th class=n>panels</th>" in page
