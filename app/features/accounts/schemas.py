"""API keys as they come in and go out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schema import Schema, ShortText
from app.features.accounts.types import Role, Scope


class ApiKeyCreate(Schema):
    """A key to be made; a member's key names its organisation, others do not."""

    name: ShortText
    role: Role
    organization_id: UUID | None = None


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
