"""Requests to addresses that others name: to public addresses only, each answered within a time, none followed on.

Who names a host decides what it resolves to, each time anew. So the host is resolved here, once, every address it has
is checked, and the connection goes to one that was checked; the name is used for TLS and the Host header alone.
"""

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpcore2

from app.core.addresses import is_within
from app.core.resolving import Resolver

_Address = IPv4Address | IPv6Address

# Beside what the standard library knows as private: shared space of carriers, and addresses that carry or are carried
# by others, at which a translator may have its own idea of what is inside.
_NEVER = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"),
            *("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2002::/16", "fec0::/10"),
        ),
    )
)
_MAX_ANSWER = 64 * 1024
_RESOLVING = 32  # at once, those whose answer nobody waits for any more included


class AddressRefused(httpcore2.ConnectError):
    """The host has an address that nothing is sent to."""


class Answer(NamedTuple):
    """How a request went.

    Attributes:
        status: of the answer; None when there was none.
        error: a code for why there was none: `address_refused`, `timeout`, `unreachable`, `tls`, `broken`.
    """

    status: int | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where requests may go.

    Args:
        allows_http: whether without TLS.
        networks: where they may go although they are not public, as CIDR.
    """

    allows_http: bool = False
    networks: tuple[str, ...] = ()

    def allows_url(self, url: str) -> bool:
        """Whether an address has a form that is allowed; what its host resolves to is seen when it is connected to."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            return False
        if parts.scheme not in (("https", "http") if self.allows_http else ("https",)) or port == 0:
            return False
        if not host or parts.username is not None or parts.password is not None or parts.fragment or not url.isascii():
            return False
        try:
            return self.allows(ip_address(host))
        except ValueError:
            return bool(self.networks) or (
                "." in host.rstrip(".") and not host.rstrip(".").endswith((".localhost", ".local", ".internal"))
            )

    def allows(self, address: _Address) -> bool:
        """Whether anything may be sent to an address."""
        mapped = getattr(address, "ipv4_mapped", None)
        if mapped is not None:
            address = mapped
        return is_within(str(address), self.networks) or _is_public(address)


def _is_public(address: _Address) -> bool:
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class Outbound:
    """Sends requests, each over a connection of its own.

    Args:
        destinations: where they may go.
        seconds: how long each may take, from the question for the host's addresses to the last byte.
        ca_file: certificates to trust beside the usual ones.
    """

    def __init__(self, destinations: Destinations, *, seconds: float, ca_file: Path | None = None) -> None:
        self.destinations = destinations
        self.seconds = seconds
        self._resolver = Resolver(most=_RESOLVING)
        self._tls = ssl.create_default_context()
        if ca_file is not None:
            self._tls.load_verify_locations(ca_file)

    def post(self, url: str, *, headers: Mapping[str, str], content: bytes) -> Answer:
        """Send a body. What the answer says is not looked at; redirects are not followed, proxies not used."""
        if not self.destinations.allows_url(url):
            return Answer(None, "address_refused")
        backend = _Guarded(self.destinations, self._resolver, time.monotonic() + self.seconds)
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), self.seconds)
        try:
            with (
                httpcore2.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
                pool.stream(
                    "POST",
                    url,
                    headers=[("Host", _host(url)), *headers.items()],
                    content=content,
                    extensions={"timeout": timeout},
                ) as answer,
            ):
                read = 0
                for chunk in answer.iter_stream():
                    read += len(chunk)
                    if read > _MAX_ANSWER:
                        break
                return Answer(answer.status)
        except AddressRefused:
            return Answer(None, "address_refused")
        except httpcore2.TimeoutException:
            return Answer(None, "timeout")
        except httpcore2.ConnectError as error:
            return Answer(None, "tls" if _is_tls(error) else "unreachable")
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol):
            return Answer(None, "broken")


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _host(url: str) -> str:
    return urlsplit(url).netloc


class _Guarded(httpcore2.NetworkBackend):
    """Connects to addresses that were checked, until a moment."""

    def __init__(self, destinations: Destinations, resolver: Resolver, end: float) -> None:
        self._destinations = destinations
        self._resolver = resolver
        self._end = end
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Resolve, check all, connect to the first that answers."""
        addresses = self._resolved(host, port, _left(self._end, timeout, httpcore2.ConnectTimeout))
        if not all(self._destinations.allows(ip_address(address)) for address in addresses):
            raise AddressRefused
        for place, address in enumerate(addresses, start=1):
            try:
                stream = self._plain.connect_tcp(
                    address, port, _left(self._end, timeout, httpcore2.ConnectTimeout), local_address, socket_options
                )
            except httpcore2.ConnectError:
                if place == len(addresses):
                    raise
            else:
                return _Timed(stream, self._end)
        raise httpcore2.ConnectError

    def _resolved(self, host: str, port: int, seconds: float) -> list[str]:
        try:
            return self._resolver.addresses(host, port, seconds=seconds)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout from error
        except (OSError, UnicodeError) as error:  # a label that is too long is no name at all
            raise httpcore2.ConnectError from error


class _Timed(httpcore2.NetworkStream):
    """A stream that ends at a moment, however slowly the other side goes on."""

    def __init__(self, stream: httpcore2.NetworkStream, end: float) -> None:
        self._stream = stream
        self._end = end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there."""
        return self._stream.read(max_bytes, _left(self._end, timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._stream.write(buffer, _left(self._end, timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        """Close it."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Go on with TLS."""
        left = _left(self._end, timeout, httpcore2.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._end)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as it is
        """What is known of the connection."""
        return self._stream.get_extra_info(info)


def _left(end: float, timeout: float | None, error: type[httpcore2.TimeoutException]) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise error
    return left if timeout is None else min(left, timeout)
