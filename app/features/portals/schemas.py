"""Changes as they go out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import DEFAULT_LIMIT, Limit
from app.core.schema import Plain, Schema
from app.features.capabilities.schemas import CapabilitySummary
from app.features.needs.schemas import NeedSummary
from app.features.organizations.schemas import OrganizationSummary
from app.features.portals.types import ChangeKind, ChangeType

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
