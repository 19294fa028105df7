"""Columns that needs and capabilities share, and those of their histories.

The main row holds what is public. A change to a published posting waits in `revision` as a full content document
until an operator publishes it; until then the old content stays in the columns, and so in every list and index.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.db.types import Id, Json, Moment, codes
from app.features.postings.types import CloseReason, PostingLanguage, PostingStatus, Visibility


class PostingColumns:
    """One posting. `listed_at` is when it first became public, before that when it was made.

    `seen_level` is the widest level under which its details have ever been public: whoever may see that level may know
    that there is such a posting, even after it has gone.
    """

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    status: Mapped[PostingStatus] = mapped_column(codes(PostingStatus, "status"))
    close_reason: Mapped[CloseReason | None] = mapped_column(codes(CloseReason, "close_reason"))
    review_note: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[dict[str, Any] | None] = mapped_column(Json)
    revision_status: Mapped[PostingStatus | None] = mapped_column(codes(PostingStatus, "revision_status"))
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    listed_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    search_text: Mapped[str] = mapped_column(Text)

    lang: Mapped[PostingLanguage] = mapped_column(codes(PostingLanguage, "lang"))
    title: Mapped[str] = mapped_column(String(256))
    keywords: Mapped[list[str]] = mapped_column(Json)
    cooperation_modes: Mapped[list[str]] = mapped_column(Json)
    identity_level: Mapped[Visibility] = mapped_column(codes(Visibility, "identity_level"))
    details_level: Mapped[Visibility] = mapped_column(codes(Visibility, "details_level"))
    budget_level: Mapped[Visibility] = mapped_column(codes(Visibility, "budget_level"))
    valid_until: Mapped[date | None] = mapped_column(Date)
    seen_level: Mapped[Visibility | None] = mapped_column(codes(Visibility, "seen_level"))

    @declared_attr
    @classmethod
    def organization_id(cls) -> Mapped[UUID]:
        """Whose posting it is."""
        return mapped_column(Id, ForeignKey("organizations.id"))


class PostingEventColumns:
    """One step in a posting's history: what was done, by which key or person, and the content as it was after it."""

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(16))
    actor_key_id: Mapped[UUID | None] = mapped_column(Id)
    actor_person_id: Mapped[UUID | None] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Moment)
    note: Mapped[str | None] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
