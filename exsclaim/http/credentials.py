"""Keys of APIs: sent to the host they are for, and written nowhere.

A key reaches a request as a header, or, where an API takes it no other way, as a parameter of the address. The address
that is stored, logged and named in errors is the one without it; what a server echoes of it is struck out.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

from exsclaim.errors import BlockedError, FetchError, SettingsError

STRUCK_OUT = "[key]"


@dataclass(frozen=True)
class Credentials:
    """Credentials of an API. `variable` is the environment variable that a person has to look at when they fail.

    `pause_s` is the time between two requests that the API's terms ask for.
    """

    host: str
    variable: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    pause_s: float = 0.0

    def cover(self, url: str) -> bool:
        """True if they may be sent to `url`: only to their own host, and never unencrypted."""
        parts = urlsplit(url)
        return parts.scheme == "https" and parts.netloc.lower() == self.host

    def signed(self, url: str) -> str:
        """`url` with the secret parameters."""
        return f"{url}{'&' if '?' in url else '?'}{urlencode(self.params)}" if self.params else url

    def without(self, url: str) -> str:
        """A redirect's target without what the server repeats of the secret parameters."""
        parts = urlsplit(url)
        kept = [pair for pair in parts.query.split("&") if unquote(pair.partition("=")[0]) not in self.params]
        return self.struck_out(urlunsplit(parts._replace(query="&".join(kept))))

    def struck_out(self, text: str) -> str:
        for secret in self._secrets():
            text = text.replace(secret, STRUCK_OUT)
        return text

    def struck_out_of(self, body: bytes) -> bytes:
        """APIs repeat the question, key included, in their answers."""
        for secret in self._secrets():
            body = body.replace(secret.encode(), STRUCK_OUT.encode())
        return body

    def explained(self, error: FetchError) -> FetchError:
        """The error without the secrets, and with the way out where the key was refused."""
        cause = self.struck_out(error.cause)
        if isinstance(error, BlockedError) and error.status in (401, 403):
            cause += f" (is {self.variable} right, and does it open this?)"
        return type(error)(self.struck_out(error.url), cause, status=error.status, attempts=error.attempts)

    def _secrets(self) -> list[str]:
        plain = [*self.headers.values(), *self.params.values()]
        return sorted({form for secret in plain for form in (secret, quote(secret, safe=""))}, key=len, reverse=True)


def secret(variable: str, where: str) -> str:
    """The key in an environment variable; `where` tells a person how to come by one.

    Raises:
        SettingsError: it is not set, or holds what is no key. Its value is not shown.
    """
    value = os.environ.get(variable, "").strip()
    if not value:
        raise SettingsError(f"{variable} is not set: {where}, then put it into this environment variable")
    if len(value) < 8 or not value.isascii() or not value.isprintable() or " " in value:
        raise SettingsError(f"{variable} holds no key: one of 8 or more ASCII characters without spaces is expected")
    return value
