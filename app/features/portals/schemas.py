"""Changes and webhooks as they come in and go out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.core.paging import DEFAULT_LIMIT, Limit
from app.core.schema import Plain, Schema, Unique, partial
from app.features.capabilities.schemas import CapabilitySummary
from app.features.needs.schemas import NeedSummary
from app.features.organizations.schemas import OrganizationSummary
from app.features.portals.types import ChangeKind, ChangeType, DeliveryError, DeliveryState, Stopped
from app.web.listing import ListQuery

Summary = NeedSummary | CapabilitySummary | OrganizationSummary


class ChangeEntry(Schema):
    """One record that changed, as the caller may see it now; of one that is gone only its kind and id are told."""

    cursor: Annotated[str, Field(description="Goes on right after this entry.")]
    kind: ChangeKind
    id: UUID
    type: ChangeType
    at: Annotated[datetime | None, Field(description="When it changed.")]
    reference: Annotated[str | None, Field(description="A posting's readable reference.")]
    version: Annotated[int | None, Field(description="Rises with every change of the record.")]
    data: Annotated[Summary | None, Field(description="The record as in its list; read the whole by its id.")]


class ChangePage(Schema):
    """A stretch of the feed, in the order of the commits."""

    items: list[ChangeEntry]
    next_cursor: Annotated[str, Field(description="Ask with it next, at the end too: what comes later is after it.")]
    has_more: Annotated[bool, Field(description="Whether to go on at once; a page may be short, even empty, and yet.")]


class ChangeQuery(Schema):
    """Which stretch of the feed is asked for."""

    cursor: Annotated[str, Field(max_length=2000), Plain] | None = None
    limit: Limit = DEFAULT_LIMIT
    kind: ChangeKind | None = None


class WebhookCreate(Schema):
    """Where to tell of changes, and of which kinds of records."""

    url: Annotated[
        str,
        Field(max_length=2000, pattern=r"^https?://", json_schema_extra={"format": "uri"}, description="By HTTPS."),
        Plain,
    ]
    kinds: Annotated[list[ChangeKind], Field(min_length=1, max_length=len(ChangeKind)), Unique] = list(ChangeKind)
    enabled: Annotated[bool, Field(strict=True)] = True


WebhookUpdate = partial(WebhookCreate, "WebhookUpdate")


class WebhookRead(Schema):
    """A webhook without its secret."""

    id: UUID
    url: str
    kinds: list[ChangeKind]
    enabled: bool
    stopped: Annotated[Stopped | None, Field(description="Why the platform disabled it; enable it to go on.")]
    old_secret_until: Annotated[datetime | None, Field(description="Until then both secrets sign.")]
    version: int
    created_at: datetime
    updated_at: datetime


class WebhookIssued(WebhookRead):
    """A webhook with its new secret, which is shown this once."""

    secret: str


class WebhookListQuery(ListQuery):
    """How webhooks are listed."""

    sort: Literal["created_at", "-created_at"] = "-created_at"


class DeliveryRead(Schema):
    """A message to a webhook; its id is the `webhook-id` it is sent with, again and again until it arrives."""

    id: UUID
    kind: Annotated[str, Field(description="The kind of record, or `ping`.")]
    record_id: UUID | None
    state: DeliveryState
    attempts: int
    last_status: int | None
    last_error: DeliveryError | None
    last_attempt_at: datetime | None
    next_at: Annotated[datetime | None, Field(description="When it is tried next.")]
    created_at: datetime


class DeliveryListQuery(ListQuery):
    """How messages are listed; `state=dead` gives those that were given up."""

    sort: Literal["created_at", "-created_at"] = "-created_at"
    state: DeliveryState | None = None
