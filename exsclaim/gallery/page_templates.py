"""Templates of the pages. All text in them is escaped: captions, titles and names come from outside."""

from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response


class Templates:
    """The templates of this package. `shared` is known to all of them."""

    def __init__(self, **shared: object) -> None:
        self._made = Environment(
            loader=PackageLoader("exsclaim.gallery"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._made.filters["path"] = lambda text: quote(str(text), safe="/")
        self._made.filters["web"] = web_address
        self._made.globals.update(shared)

    def page(self, request: Request, name: str, *, status: int = 200, **values: Any) -> Response:
        """An HTML page; `values` are what its template shows."""
        return HTMLResponse(
            self._made.get_template(name).render(request=request, status=status, **values), status_code=status
        )


def web_address(text: str | None) -> str:
    """`text` if it is an address of the web, else "": no link runs a script."""
    return text if text and text.lower().startswith(("https://", "http://")) else ""


def static_file(name: str) -> tuple[bytes, str] | None:
    """A file of static/ and its media type; None where there is none of this name."""
    types = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    known = {each.name: each for each in files(__package__).joinpath("static").iterdir() if each.is_file()}
    ending = name.rpartition(".")[2]
    return (known[name].read_bytes(), types[ending]) if name in known and ending in types else None
