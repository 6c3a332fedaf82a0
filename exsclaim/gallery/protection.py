"""Protection of the gallery's pages: to which hosts they answer, who may write, what they take, what may run.

Reading needs no token; the address is loopback by default. Writing needs the token that
`exsclaim view --review` prints: as `Authorization: Bearer …`, or in the cookie that opening the printed address sets. A
form's POST must come from our own pages (https://cheatsheetseries.owasp.org, Cross-Site Request Forgery Prevention:
SameSite cookie and Origin). A name in `Host` that is not ours is refused: DNS rebinding. Captions, titles and names
come from outside: templates escape all text.
"""

import hmac
from collections.abc import Awaitable, Callable, Collection
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Depends
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from exsclaim.gallery.searches import check_names

COOKIE = "exsclaim-review"
TOKEN = "token"
"""Parameter that any address may have: it sets the cookie."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src "
    "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with "no-referrer" the Origin of a form is "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_Next = Callable[[Request], Awaitable[Response]]


class Protection:
    """Checks requests before anything else sees them. `token` "": nobody may write."""

    def __init__(self, hosts: Collection[str], token: str) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._token = token

    async def __call__(self, request: Request, answer: _Next) -> Response:
        response = self._refusal(request) or await answer(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        given = request.query_params.get(TOKEN, "")
        if given and self.is_token(given):
            response.set_cookie(COOKIE, given, httponly=True, samesite="strict")
        return response

    def is_token(self, given: str) -> bool:
        return bool(self._token) and hmac.compare_digest(given.encode(), self._token.encode())

    def may_write(self, request: Request) -> bool:
        """True if the request carries the token."""
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.is_token(bearer.strip())
        return self.is_token(request.cookies.get(COOKIE, "") or request.query_params.get(TOKEN, ""))

    def _refusal(self, request: Request) -> Response | None:
        host = _host(f"//{request.headers.get('host', '')}")
        if "*" not in self._hosts and host not in self._hosts:
            known = ", ".join(sorted(self._hosts))
            return PlainTextResponse(
                f"This page answers to {known} alone; start it with --host-name to add a name.", 400
            )
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        if request.headers.get("authorization", "").lower().startswith("bearer "):
            return None  # no browser sends it of itself
        origin = request.headers.get("origin")
        if origin is None or urlsplit(origin).netloc != request.headers.get("host"):
            return PlainTextResponse("Refused: the request does not come from a page of this gallery.", 403)
        return None


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").lower() if parts.port != 0 else ""
    except ValueError:  # also of a port that is no number
        return ""


def takes(*names: str) -> Any:
    """Dependency of a route that has no parameters but these: others raise SearchError, which names them."""

    def check(request: Request) -> None:
        check_names(request.query_params, (*names, TOKEN))

    return Depends(check)


class Templates:
    """The templates of this package. `shared` is known to all of them."""

    def __init__(self, **shared: object) -> None:
        self._made = Environment(
            loader=PackageLoader("exsclaim.gallery"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._made.filters["path"] = lambda text: quote(str(text), safe="/")
        self._made.filters["web"] = _web_address
        self._made.globals.update(shared)

    def page(self, request: Request, name: str, *, status: int = 200, **values: Any) -> Response:
        """An HTML page; `values` are what its template shows."""
        return HTMLResponse(
            self._made.get_template(name).render(request=request, status=status, **values), status_code=status
        )


def _web_address(text: str | None) -> str:
    """`text` if it is an address of the web, else "": no link runs a script."""
    return text if text and text.lower().startswith(("https://", "http://")) else ""


def static_file(name: str) -> tuple[bytes, str] | None:
    """A file of static/ and its media type; None where there is none of this name."""
    types = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    known = {each.name: each for each in files(__package__).joinpath("static").iterdir() if each.is_file()}
    ending = name.rpartition(".")[2]
    return (known[name].read_bytes(), types[ending]) if name in known and ending in types else None
