"""Who asks, when proxies stand between."""

from collections.abc import Iterable, Sequence
from ipaddress import ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.addresses import is_within

_FOR = b"x-forwarded-for"
_SCHEME = b"x-forwarded-proto"


class TrustedProxies:
    """Takes the caller's address and scheme from what proxies say, when they are our own.

    Each proxy adds, on the right, the address it was asked from, to whatever the caller wrote there itself. So the
    list is read from the right, and the first address that is none of our proxies' is the caller's. What lies left of
    it is only what the caller says.

    Args:
        app: what it stands before.
        networks: where our proxies are, in CIDR.
    """

    def __init__(self, app: ASGIApp, networks: Sequence[str]) -> None:
        self.app = app
        self.networks = networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and is_within((scope.get("client") or (None,))[0], self.networks):
            self._believe(scope)
        await self.app(scope, receive, send)

    def _believe(self, scope: Scope) -> None:
        for said in reversed(_listed(scope, _FOR)):
            address = _address(said)
            if address is None:  # our own proxy passed on what is no address: nothing left of it can be believed
                break
            scope["client"] = (address, 0)
            if not is_within(address, self.networks):
                break
        scheme = next(reversed(_listed(scope, _SCHEME)), "").lower()
        if scheme in ("http", "https"):
            scope["scheme"] = scheme


def _listed(scope: Scope, name: bytes) -> list[str]:
    """All values of a header that is a list and may come several times."""
    lines: Iterable[bytes] = (value for key, value in scope["headers"] if key == name)
    return [part.strip() for line in lines for part in line.decode("latin-1").split(",") if part.strip()]


def _address(said: str) -> str | None:
    """An address in its plain form, its port left off; None for anything else."""
    if said.startswith("["):
        said = said[1:].partition("]")[0]
    elif said.count(":") == 1:
        said = said.partition(":")[0]
    try:
        found = ip_address(said)
    except ValueError:
        return None
    if "%" in said:  # a zone can be any text
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)
