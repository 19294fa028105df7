"""Tables of needs and their history."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Json, codes
from app.features.needs.types import IpTerms
from app.features.postings.models import PostingColumns, PostingEventColumns
from app.features.postings.types import Deployment

_OPEN = text("status <> 'closed'")


class Need(PostingColumns, Base):
    """A scenario need."""

    __tablename__ = "needs"
    __table_args__ = (
        Index("ix_needs_listed_at_id", "listed_at", "id"),
        Index("ix_needs_updated_at_id", "updated_at", "id"),
        Index("ix_needs_status_listed_at_id", "status", "listed_at", "id"),
        Index(
            "uq_needs_organization_id_title", "organization_id", "title",
            unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
    )  # fmt: skip

    scenario_code: Mapped[str | None] = mapped_column(String(8), ForeignKey("scenarios.code"), index=True)
    industry_code: Mapped[str | None] = mapped_column(String(4), ForeignKey("industries.code"), index=True)
    region_code: Mapped[str | None] = mapped_column(String(32), ForeignKey("regions.code"), index=True)
    problem: Mapped[str] = mapped_column(Text)
    current_state: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text)
    requirements: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    data_readiness: Mapped[str] = mapped_column(Text)
    partner_requirements: Mapped[str] = mapped_column(Text)
    deployment: Mapped[Deployment | None] = mapped_column(codes(Deployment, "deployment"))
    budget_min_cny: Mapped[int | None] = mapped_column(BigInteger)
    budget_max_cny: Mapped[int | None] = mapped_column(BigInteger)
    complete_by: Mapped[date | None] = mapped_column(Date)
    min_trl: Mapped[int | None] = mapped_column(Integer)
    ip_terms: Mapped[IpTerms | None] = mapped_column(codes(IpTerms, "ip_terms"))
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(Json, server_default=text("'[]'"))


class NeedEvent(PostingEventColumns, Base):
    """One step in a need's history."""

    __tablename__ = "need_events"
    __table_args__ = (UniqueConstraint("posting_id", "version"),)

    posting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("needs.id"))
