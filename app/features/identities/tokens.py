"""Identity tokens: what must hold before one is believed (OpenID Connect Core, 3.1.3.7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry
from pydantic_core import PydanticCustomError

from app.core.clock import now
from app.core.schema import plain
from app.features.identities.errors import TokenRefused
from app.features.identities.issuer import Issuer
from app.features.identities.types import Identity, Refusal

_MAX_NAME = 256
_SEVERAL = "mfa"
_OF_CLAIM = {
    "iss": Refusal.ISSUER,
    "aud": Refusal.AUDIENCE,
    "exp": Refusal.EXPIRED,
    "iat": Refusal.NOT_YET,
    "nbf": Refusal.NOT_YET,
    "sub": Refusal.SUBJECT,
}
# What a made-up token can raise on its way through decoders, beside what is foreseen.
_BROKEN = (JoseError, ValueError, TypeError, RecursionError)


class _KeyUnknown(Exception):
    """No key that is known has signed it."""


class _Algorithms(JWSRegistry):
    """Exactly the algorithms that are allowed. The library's own choice warns of `EdDSA`, the older name of Ed25519."""

    max_header_length = 4096  # some carry a chain of certificates

    def get_alg(self, name: str) -> Any:  # noqa: ANN401 - its type is not part of the library's interface
        """The algorithm of a name."""
        if name not in (self.allowed or ()) or name not in self.algorithms:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


class IdentityTokens:
    """Checks the identity tokens of one issuer.

    Args:
        issuer: whose tokens.
        client_id: the audience they must be for.
        algorithms: how they may be signed, by public keys only.
        leeway_seconds: how far the issuer's clock may be off.
    """

    def __init__(self, issuer: Issuer, *, client_id: str, algorithms: Sequence[str], leeway_seconds: int = 60) -> None:
        self.issuer = issuer
        self.algorithms = frozenset(algorithms)
        self._client_id = client_id
        # headers that mean nothing here are let be; those marked as critical are refused all the same
        self._registry = _Algorithms(algorithms=self.algorithms, strict_check_header=False)
        self._claims = JWTClaimsRegistry(
            now=lambda: int(now().timestamp()),
            leeway=leeway_seconds,
            iss={"essential": True, "value": issuer.address},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )

    def check(self, token: str) -> Identity:
        """What a token says, if it is to be believed. Whether its nonce was given out is not looked at.

        The issuer may be asked for its keys meanwhile: hold no connection to the database.

        Raises:
            TokenRefused: it is not to be believed.
            IssuerUnavailable: its keys cannot be had.
        """
        keys = self.issuer.keys()
        try:
            claims = self._decoded(token, keys)
        except _KeyUnknown:
            try:
                claims = self._decoded(token, self.issuer.renewed(keys))
            except _KeyUnknown:
                raise TokenRefused(Refusal.KEY) from None
        return self._identity(claims)

    def _decoded(self, token: str, keys: KeySet) -> Mapping[str, Any]:
        try:
            return jwt.decode(token, keys, registry=self._registry).claims
        except InvalidKeyIdError:
            raise _KeyUnknown from None
        except UnsupportedAlgorithmError:
            raise TokenRefused(Refusal.ALGORITHM) from None
        except BadSignatureError:
            if self._names_its_key(token):
                raise TokenRefused(Refusal.SIGNATURE) from None
            # an issuer with one key need not name it: this may be the next one
            raise _KeyUnknown from None
        except _BROKEN:
            raise TokenRefused(Refusal.MALFORMED) from None

    def _names_its_key(self, token: str) -> bool:
        return "kid" in jws.extract_compact(token.encode(), registry=self._registry).headers()

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        try:
            self._claims.validate(dict(claims))
        except ExpiredTokenError:
            raise TokenRefused(Refusal.EXPIRED) from None
        except ClaimError as error:
            raise TokenRefused(_OF_CLAIM.get(error.claim.partition(",")[0], Refusal.MALFORMED)) from None
        audience, party = claims["aud"], claims.get("azp")
        is_shared = isinstance(audience, list) and len(audience) > 1
        if (party is not None or is_shared) and party != self._client_id:
            raise TokenRefused(Refusal.AUDIENCE)
        factors = claims.get("amr")
        return Identity(
            self.issuer.address,
            _named(claims["sub"], Refusal.SUBJECT),
            _named(claims.get("nonce"), Refusal.NONCE),
            is_multi_factor=isinstance(factors, list) and _SEVERAL in factors,
        )


def _named(value: object, refusal: Refusal) -> str:
    """A name that can be stored as it is."""
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_NAME or not value.strip():
        raise TokenRefused(refusal)
    try:
        value.encode()
        return plain(value)
    except (PydanticCustomError, UnicodeEncodeError):
        raise TokenRefused(refusal) from None
