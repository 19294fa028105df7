"""Nonces, tokens and links as they come in and go out."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.core.schema import Plain, Schema
from app.features.people.schemas import PersonAddress, Proof


class NonceIssued(Schema):
    """A nonce to begin a sign-in at the issuer with."""

    nonce: Annotated[str, Field(description="Goes to the issuer as `nonce`, and comes back in its token.")]
    expires_at: datetime


class IdentityToken(Schema):
    """What the issuer answered a sign-in with."""

    id_token: Annotated[
        str,
        Field(min_length=1, max_length=16_000, description="The `id_token` of OpenID Connect, as it came."),
        Plain,
    ]


class OidcSignIn(IdentityToken):
    """Somebody who wants in by what the issuer answered."""

    address: PersonAddress = None


class IdentityLink(IdentityToken, Proof):
    """An identity to be linked, by somebody who proves once more who they are."""


class IdentityRead(Schema):
    """The identity a person is linked to."""

    issuer: str
    subject: str
