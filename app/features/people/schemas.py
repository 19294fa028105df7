"""Sign-ins as they go out."""

from datetime import datetime
from uuid import UUID

from app.core.schema import Schema
from app.features.accounts.types import Role


class PersonRead(Schema):
    """Somebody who signs in."""

    id: UUID
    login: str
    name: str
    role: Role
    organization_id: UUID | None


class SignInIssued(Schema):
    """A new sign-in with its keys, which are shown this once."""

    access_key: str
    access_expires_at: datetime
    refresh_key: str
    expires_at: datetime
    person: PersonRead
