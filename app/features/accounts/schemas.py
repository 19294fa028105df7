"""API keys as they come in and go out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schema import FullMoment, Network, Schema, ShortText, Unique, partial
from app.features.accounts.types import Role, Scope

MAX_ADDRESSES = 50
MAX_OVERLAP_HOURS = 168

_Scopes = Annotated[list[Scope], Field(max_length=len(Scope)), Unique]
_Addresses = Annotated[
    list[Network],
    Field(max_length=MAX_ADDRESSES, description="Networks and addresses it may be used from; none: from anywhere."),
    Unique,
]
_End = Annotated[FullMoment, Field(description="When it ends; null: never.")]


class ApiKeyTerms(Schema):
    """What of a key may be changed."""

    name: ShortText
    scopes: Annotated[_Scopes, Field(description="What it is for; none: to show who asks, and nothing more.")]
    allowed_addresses: _Addresses
    expires_at: _End | None


ApiKeyUpdate = partial(ApiKeyTerms, "ApiKeyUpdate")


class ApiKeyCreate(Schema):
    """A key to be made; a key of an organisation names it, others do not."""

    name: ShortText
    role: Role
    organization_id: UUID | None = None
    scopes: Annotated[
        _Scopes | None,
        Field(description="What it is for; null: all that its role may do, as far as you may do it yourself."),
    ] = None
    allowed_addresses: _Addresses = []
    expires_at: _End | None = None


class ApiKeyRotation(Schema):
    """How a key is replaced."""

    overlap_hours: Annotated[
        int, Field(strict=True, ge=0, le=MAX_OVERLAP_HOURS, description="For how long the old key still works.")
    ] = 24


class ApiKeyRead(Schema):
    """A key without its secret."""

    id: UUID
    public_id: str
    name: str
    role: Role
    organization_id: UUID | None
    scopes: list[Scope]
    allowed_addresses: list[str]
    replaces_id: Annotated[UUID | None, Field(description="The key it was rotated from.")]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: Annotated[datetime | None, Field(description="To the minute.")]
    revoked_at: datetime | None


class ApiKeyIssued(ApiKeyRead):
    """A new key with its full text, which is shown this once."""

    key: str
