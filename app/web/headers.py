"""The headers every answer has unless it says otherwise itself."""

from starlette.types import Scope

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
    return _OVER_TLS if scope.get("scheme") == "https" else HEADERS
