"""Protection of the gallery's pages: which hosts they answer to, who may write, and what a browser may run in them.

Reading is open to whoever reaches the address, which is loopback unless told otherwise. Writing needs the token that
`exsclaim view --review` prints: as `Authorization: Bearer …`, or in the cookie that opening the printed address sets. A
form's POST must come from our own pages (https://cheatsheetseries.owasp.org, Cross-Site Request Forgery Prevention:
SameSite cookie and Origin). A name in `Host` that is not ours is refused: DNS rebinding.
"""

import hmac
from collections.abc import Awaitable, Callable, Collection
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

COOKIE = "exsclaim-review"
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
        given = request.query_params.get("token", "")
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
        return self.is_token(request.cookies.get(COOKIE, "") or request.query_params.get("token", ""))

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
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
