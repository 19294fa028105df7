"""Audit entries as they go out, and how they are asked for."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.core.schema import Schema
from app.features.accounts.types import Role
from app.web.listing import ListQuery

Action = Annotated[str, Field(max_length=32, pattern=r"^[a-z_]+\.[a-z_]+$", examples=["key.issue"])]


class AuditEntryRead(Schema):
    """One act: what, to what, by whom, from where."""

    number: int
    at: datetime
    action: Annotated[str, Field(description="A noun and a verb.", examples=["key.issue"])]
    subject_kind: str
    subject_id: UUID | None
    role: Annotated[Role | None, Field(description="What the actor is here.")]
    organization_id: Annotated[UUID | None, Field(description="Whose member the actor is.")]
    key_id: Annotated[UUID | None, Field(description="The key that was shown.")]
    person_id: Annotated[UUID | None, Field(description="The person who signed in.")]
    portal_id: Annotated[UUID | None, Field(description="The key of the portal through which the person acted.")]
    address: Annotated[str | None, Field(description="Where the request came from; null on the server itself.")]
    request_id: str | None
    detail: Annotated[dict[str, Any], Field(description="Codes, numbers and names of fields; never a content.")]
    previous_hash: Annotated[str, Field(description="Of the entry before; zeros in the first.")]
    hash: Annotated[str, Field(description="SHA-256 of all the above.")]


class AuditListQuery(ListQuery):
    """How the audit is listed and filtered."""

    sort: Literal["number", "-number"] = "-number"
    action: Action | None = None
    subject_kind: Annotated[str, Field(max_length=32, pattern=r"^[a-z_]+$")] | None = None
    subject_id: UUID | None = None
    person_id: UUID | None = None
    key_id: Annotated[
        UUID | None, Field(description="A key shown, or the key of a portal through which it was done.")
    ] = None
    since: Annotated[AwareDatetime | None, Field(description="At this time or later.")] = None
    until: Annotated[AwareDatetime | None, Field(description="Before this time.")] = None
