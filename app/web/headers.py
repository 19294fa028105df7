"""The headers every answer has unless it says otherwise itself."""

from collections.abc import Mapping

from starlette.types import Scope

_ADDED = "duijie.headers"
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "private, no-cache"),
    # an answer is data: what a browser might take for a page in it loads nothing and is shown in no frame
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
# browsers heed it over TLS only, and over plain HTTP it must not be sent (RFC 6797, 7.2)
_OVER_TLS = (*HEADERS, ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))


def headers_for(scope: Scope) -> tuple[tuple[str, str], ...]:
    """The headers of the answer to a request; more of them when it came over TLS."""
    always = _OVER_TLS if scope.get("scheme") == "https" else HEADERS
    return (*always, *scope.get(_ADDED, {}).items())


def add(scope: Scope, headers: Mapping[str, str]) -> None:
    """Give the answer to a request more headers, whatever the answer will be."""
    # shared with copies of the scope: the trail sees the first of them
    scope.setdefault(_ADDED, {}).update(headers)


def open_to_more(scope: Scope) -> None:
    """Begin with none beside those that every answer has."""
    scope[_ADDED] = {}
