"""Recorded pages of a publisher, served again: the whole harvest over real pages without the network.

<folder>/search.html            the answer to every search
<folder>/<name>.html            /articles/<name>
<folder>/figures/<name>_fig<n>.<ext>    figure n of that article, whatever rendition is asked for
"""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from journal.server import Answer, Routes, not_found

ROBOTS_TXT = b"User-agent: *\nAllow: /\n"
IMAGE_TYPES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
"""Media types by the first bytes of a file: recorded files carry names that promise another format."""

ARTICLE_PATH = re.compile(r"/www\.nature\.com/articles/(?P<name>[\w.-]+)")
IMAGE_PATH = re.compile(
    r"/media\.springernature\.com/(?P<rendition>\w+)/springer-static/image/"
    r"art:10\.\d+/(?P<name>[\w.-]+)/MediaObjects/[\w.-]+_Fig(?P<number>\d+)_HTML\.\w+"
)
"""Image addresses as nature.com's article pages give them, decoded: `full`, `lw685`, `m685`, `m312`, …"""


def image_answer(body: bytes) -> Answer:
    """An image under the type that its bytes have."""
    kinds = (kind for start, kind in IMAGE_TYPES.items() if body.startswith(start))
    return Answer(body, next(kinds, "application/octet-stream"))


def replay(folder: Path) -> Routes:
    """Routes that answer from the pages recorded in `folder` (layout above), and 404 for all else.

    Files are listed once, here: a request can reach none but these.

    Raises:
        FileNotFoundError: `folder` holds no search.html.
    """
    if not (folder / "search.html").is_file():
        raise FileNotFoundError(f"{folder} holds no recorded pages: search.html is missing")
    pages = {page.stem: page for page in folder.glob("*.html") if page.name != "search.html"}
    figures = {figure.stem: figure for figure in (folder / "figures").glob("*_fig*.*")}

    def route(target: str) -> Answer:
        path = unquote(urlsplit(target).path)
        if path == "/www.nature.com/search":
            return Answer((folder / "search.html").read_bytes())
        if path.endswith("/robots.txt") and path.count("/") == 2:
            return Answer(ROBOTS_TXT, "text/plain")
        if (article := ARTICLE_PATH.fullmatch(path)) and (page := pages.get(article["name"])):
            return Answer(page.read_bytes())
        if (image := IMAGE_PATH.fullmatch(path)) and (
            figure := figures.get(f"{image['name']}_fig{int(image['number'])}")
        ):
            return image_answer(figure.read_bytes())
        return not_found(target)

    return route
