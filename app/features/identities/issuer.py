"""The issuer outside: what it says of itself, and the keys it signs with at the moment.

Keys are fetched when they are first needed and again once they are no longer fresh, so a key the issuer has retired
dies here too; a key that is not known is looked for once, so a new one works at once. While the issuer cannot be
reached, what was last read keeps working, for a day at most.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import httpx2
import orjson
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from app.core.text import Bilingual
from app.features.identities.errors import IssuerUnavailable

log = structlog.get_logger()

_WELL_KNOWN = "/.well-known/openid-configuration"
_MAX_BYTES = 256 * 1024
_TIMEOUT = httpx2.Timeout(3)  # for each step of a connection
_WHOLE = 8.0  # seconds for one document
_KEPT = 86_400.0  # seconds the keys of an issuer that cannot be reached go on working
_AGAIN = 10.0  # seconds between two attempts to reach one that failed
_LOOKED_FOR = 30.0  # seconds between two fetches for keys that are not known: made-up ones are no lever
_PATIENCE = 3.0  # seconds to wait for what another request is fetching: a waiting thread serves nobody else
_SIGNING = frozenset({"RSA", "EC", "OKP"})
_RSA_DIGITS = 342  # of a modulus of 2048 bits, in base64


class IssuerFault(Exception):
    """The issuer cannot be used: what is wrong with it, for administrators."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.detail = Bilingual(zh, en)


class Discovery(NamedTuple):
    """What an issuer says of itself.

    Attributes:
        jwks_uri: where its keys are.
        algorithms: what it signs identity tokens with; empty if it does not say.
    """

    jwks_uri: str
    algorithms: tuple[str, ...]


class _Known(NamedTuple):
    keys: KeySet
    read_at: float


class Issuer:
    """One issuer and its keys, shared by all threads of a process.

    Args:
        address: the issuer as its tokens and its own document name it, to the letter.
        fresh_seconds: after so long its keys are fetched again.
        clock: seconds that only rise.
    """

    def __init__(
        self, address: str, *, fresh_seconds: float = 300, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.address = address
        self._fresh_seconds = fresh_seconds
        self._clock = clock
        self._fetching = threading.Lock()
        self._known: _Known | None = None
        self._failed_at: float | None = None
        self._looked_at: float | None = None

    def keys(self) -> KeySet:
        """The keys it signs with, no older than is fresh if it can be reached.

        Raises:
            IssuerUnavailable: it cannot be reached and none are kept.
        """
        known = self._known
        if known is not None and self._clock() - known.read_at < self._fresh_seconds:
            return known.keys
        # with keys at hand one request fetches and the others go on with those
        if not self._fetching.acquire(timeout=_PATIENCE if self._kept() is None else 0):
            return self._kept_keys()
        try:
            if self._known is known and not self._has_just_failed():
                self._fetch()
        finally:
            self._fetching.release()
        return self._kept_keys()

    def renewed(self, lacking: KeySet) -> KeySet:
        """The keys after another look for one that some keys lack; the same ones when it was looked for just now.

        Raises:
            IssuerUnavailable: it cannot be reached, so nobody can say whether there is such a key.
        """
        if not self._fetching.acquire(timeout=_PATIENCE):
            raise IssuerUnavailable
        try:
            if self._known is not None and self._known.keys is not lacking:
                return self._known.keys
            if self._has_just_failed():
                raise IssuerUnavailable
            if self._looked_at is not None and self._clock() - self._looked_at < _LOOKED_FOR:
                return lacking
            self._looked_at = self._clock()
            if not self._fetch():
                raise IssuerUnavailable
            return self._kept_keys()
        finally:
            self._fetching.release()

    def _kept(self) -> _Known | None:
        known = self._known
        return known if known is not None and self._clock() - known.read_at < _KEPT else None

    def _kept_keys(self) -> KeySet:
        kept = self._kept()
        if kept is None:
            raise IssuerUnavailable
        return kept.keys

    def _has_just_failed(self) -> bool:
        return self._failed_at is not None and self._clock() - self._failed_at < _AGAIN

    def _fetch(self) -> bool:
        began = self._clock()
        try:
            keys = read_keys(discover(self.address).jwks_uri)
        except IssuerFault as fault:
            self._failed_at = self._clock()
            log.warning("issuer unavailable", issuer=self.address, reason=fault.detail.en)
            return False
        self._known, self._failed_at = _Known(keys, began), None
        return True


def discover(address: str) -> Discovery:
    """Read what an issuer says of itself.

    Raises:
        IssuerFault: it cannot be read, is of another issuer or lacks what is needed.
    """
    document = _read(address.rstrip("/") + _WELL_KNOWN)
    if document.get("issuer") != address:
        raise IssuerFault(
            "其发现文档中的 issuer 与 DUIJIE_OIDC__ISSUER 不完全一致（含末尾的斜杠）。",
            "Its discovery document names another issuer than DUIJIE_OIDC__ISSUER; they must be equal to the letter, "
            "a slash at the end included.",
        )
    place = document.get("jwks_uri")
    if not isinstance(place, str) or not _is_as_safe(place, address):
        raise IssuerFault(
            "其发现文档中的 jwks_uri 缺失，或不是 https 地址。",
            "Its discovery document has no jwks_uri, or one that is no https address.",
        )
    named = document.get("id_token_signing_alg_values_supported")
    algorithms = tuple(one for one in named if isinstance(one, str)) if isinstance(named, list) else ()
    return Discovery(place, algorithms)


def read_keys(place: str) -> KeySet:
    """Read the public keys at an address; those that sign nothing or are too short to trust are left out.

    Raises:
        IssuerFault: they cannot be read, or there are none.
    """
    listed = _read(place).get("keys")
    found = [_key(one) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    keys = [key for key in found if key is not None]
    if not keys:
        raise IssuerFault(
            "其 jwks_uri 中没有可用于验证签名的公钥。",
            "There is no public key to check signatures with at its jwks_uri.",
        )
    return KeySet(keys)


def _key(described: Mapping[str, Any]) -> Key | None:
    if described.get("kty") not in _SIGNING or described.get("use", "sig") != "sig":
        return None
    if described["kty"] == "RSA" and len(str(described.get("n"))) < _RSA_DIGITS:
        return None
    try:
        return JWKRegistry.import_key(dict(described))
    except (JoseError, ValueError, KeyError):
        return None  # of a kind that is not known here, or broken: it must not spoil the others


def _is_as_safe(place: str, issuer: str) -> bool:
    """Whether an address is encrypted, or leads to the issuer itself, which may be this machine."""
    try:
        address, own = httpx2.URL(place), httpx2.URL(issuer)
    except httpx2.InvalidURL:
        return False
    return (address.scheme == "https" and bool(address.host)) or (
        (address.scheme, address.host, address.port) == (own.scheme, own.host, own.port)
    )


def _read(place: str) -> dict[str, Any]:
    try:
        content = _fetched(place)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        kind = type(error).__name__
        raise IssuerFault(f"无法访问 {place}（{kind}）。", f"{place} cannot be reached ({kind}).") from error
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise IssuerFault(f"{place} 给出的不是 JSON 对象。", f"{place} gives no JSON object.")
    return document


def _fetched(place: str) -> bytes:
    # neither a proxy nor a redirect decides where keys come from, and nothing is unpacked that could swell
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    end = time.monotonic() + _WHOLE
    with (
        httpx2.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False, headers=headers) as client,
        client.stream("GET", place) as answer,
    ):
        if answer.status_code != httpx2.codes.OK:
            raise IssuerFault(
                f"{place} 返回状态 {answer.status_code}；不跟随重定向。",
                f"{place} answers {answer.status_code}; redirects are not followed.",
            )
        content = bytearray()
        for part in answer.iter_raw():
            content += part
            if len(content) > _MAX_BYTES or time.monotonic() > end:
                raise IssuerFault(f"{place} 的内容过大或过慢。", f"{place} gives too much, or too slowly.")
    return bytes(content)
