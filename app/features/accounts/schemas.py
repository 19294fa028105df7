"""API keys as they come in and go out."""

from datetime import datetime
from uuid import UUID

from app.core.schema import Schema, ShortText
from app.features.accounts.types import Role


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
    created_at: datetime
    revoked_at: datetime | None


class ApiKeyIssued(ApiKeyRead):
    """A new key with its full text, which is shown this once."""

    key: str
