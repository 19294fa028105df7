"""What needs and capabilities say alike."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from app.core.schema import Code, IsoDate, Note, Plain, Schema, Title, Unique
from app.features.organizations.types import OrgType
from app.features.postings.types import (
    Action,
    CloseReason,
    CooperationMode,
    PostingLanguage,
    PostingStatus,
    Visibility,
)
from app.web.listing import ListQuery


def _as_one_fault(value: object, read: ValidatorFunctionWrapHandler) -> UUID | str:
    # a union tells a fault for each of its members, at places the address does not have
    try:
        found: UUID | str = read(value)
    except ValidationError as error:
        raise PydanticCustomError("posting_id", "Give an id: a UUID, or a reference such as XQ-2026-000001") from error
    return found


PostingId = Annotated[
    UUID | Annotated[str, Field(pattern=r"^(XQ|NL)-[0-9]{4}-[0-9]{6}$")],
    WrapValidator(_as_one_fault),
    Field(description="Its id, or its readable reference."),
]


class VisibilityLevels(Schema):
    """Who may see each group of fields."""

    identity: Visibility = Visibility.PUBLIC
    details: Visibility = Visibility.PUBLIC
    budget: Visibility = Visibility.PUBLIC


class PostingContent(Schema):
    """What the owner of a posting writes."""

    lang: PostingLanguage = PostingLanguage.ZH
    title: Title
    cooperation_modes: Annotated[list[CooperationMode], Field(max_length=16), Unique] = []
    visibility: VisibilityLevels = VisibilityLevels()
    valid_until: IsoDate | None = None


class OrganizationBrief(Schema):
    """Whose posting it is; a hidden organisation shows as its kind and the division of its industry only."""

    id: UUID | None
    name: str | None
    name_en: str | None
    org_type: OrgType
    industry_code: str | None
    is_fictitious: bool


class PostingCard(Schema):
    """A posting as others name it: in a match or a report."""

    id: UUID
    reference: str
    title: str
    lang: PostingLanguage
    organization: OrganizationBrief


class PostingFacts(Schema):
    """What the platform adds to a posting."""

    id: UUID
    reference: str
    status: PostingStatus
    close_reason: CloseReason | None
    organization: OrganizationBrief
    review_note: Annotated[str | None, Field(description="The reviewer's note; for the owner and operators.")]
    revision_status: PostingStatus | None
    allowed_actions: list[Action]
    version: int
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    revision: Annotated[dict[str, Any] | None, Field(description="The content that waits for review.")]


class PostingSummary(Schema):
    """A posting in a list."""

    id: UUID
    reference: str
    status: PostingStatus
    lang: PostingLanguage
    title: str
    organization: OrganizationBrief
    published_at: datetime | None
    listed_at: datetime
    updated_at: datetime
    version: int


class PostingListQuery(ListQuery):
    """How postings are listed and filtered. `listed_at` is publication, before that creation."""

    sort: Literal["listed_at", "-listed_at", "updated_at", "-updated_at"] = "-listed_at"
    status: PostingStatus | None = None
    scenario: Code | None = None
    industry: Annotated[Code | None, Field(description="This industry and all below it.")] = None
    region: Annotated[Code | None, Field(description="This region and all below it.")] = None
    lang: PostingLanguage | None = None
    organization_id: UUID | None = None
    q: Annotated[str, Field(max_length=100, description="Words that must all occur."), Plain] | None = None


class PostingReview(Schema):
    """Why a posting was returned or rejected."""

    note: Note


class PostingClosure(Schema):
    """Why a posting is closed; expiry is the platform's own doing."""

    reason: Literal[CloseReason.FULFILLED, CloseReason.WITHDRAWN]


class PostingEventRead(Schema):
    """One step of a posting's history, with the content as it was after it."""

    version: int
    action: str
    at: datetime
    note: str | None
    content: dict[str, Any]
