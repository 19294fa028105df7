"""Who did something and from where, as the audit keeps it."""

from typing import NamedTuple
from uuid import UUID


class By(NamedTuple):
    """Who acts: a role, by a key or as a person, the person perhaps through a portal."""

    role: str | None = None
    organization_id: UUID | None = None
    key_id: UUID | None = None
    person_id: UUID | None = None
    portal_id: UUID | None = None


class Source(NamedTuple):
    """Where a request comes from; empty on the server itself."""

    address: str | None = None
    request_id: str | None = None
