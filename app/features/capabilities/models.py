"""Tables of capabilities, the codes they serve, and their history."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Json, codes
from app.features.capabilities.types import IpForm
from app.features.postings.models import PostingColumns, PostingEventColumns

_OPEN = text("status <> 'closed'")


class Capability(PostingColumns, Base):
    """What a provider can do."""

    __tablename__ = "capabilities"
    __table_args__ = (
        Index("ix_capabilities_listed_at_id", "listed_at", "id"),
        Index("ix_capabilities_updated_at_id", "updated_at", "id"),
        Index("ix_capabilities_status_listed_at_id", "status", "listed_at", "id"),
        Index(
            "uq_capabilities_organization_id_title", "organization_id", "title",
            unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
    )  # fmt: skip

    summary: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    advantages: Mapped[str] = mapped_column(Text)
    scenario_codes: Mapped[list[str]] = mapped_column(Json)
    industry_codes: Mapped[list[str]] = mapped_column(Json)
    region_codes: Mapped[list[str]] = mapped_column(Json)
    specs: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    cases: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    certifications: Mapped[list[str]] = mapped_column(Json)
    deployment_modes: Mapped[list[str]] = mapped_column(Json)
    trl: Mapped[int | None] = mapped_column(Integer)
    ip_status: Mapped[IpForm | None] = mapped_column(codes(IpForm, "ip_status"))
    price_min_cny: Mapped[int | None] = mapped_column(BigInteger)
    price_max_cny: Mapped[int | None] = mapped_column(BigInteger)
    delivery_weeks: Mapped[int | None] = mapped_column(Integer)
    capacity: Mapped[int | None] = mapped_column(Integer)


class CapabilityScenario(Base):
    """A scenario a capability serves, kept beside the document for filters and foreign keys."""

    __tablename__ = "capability_scenarios"

    capability_id: Mapped[UUID] = mapped_column(Id, ForeignKey("capabilities.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), ForeignKey("scenarios.code"), primary_key=True, index=True)


class CapabilityIndustry(Base):
    """An industry a capability serves."""

    __tablename__ = "capability_industries"

    capability_id: Mapped[UUID] = mapped_column(Id, ForeignKey("capabilities.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(4), ForeignKey("industries.code"), primary_key=True, index=True)


class CapabilityRegion(Base):
    """A region a capability serves."""

    __tablename__ = "capability_regions"

    capability_id: Mapped[UUID] = mapped_column(Id, ForeignKey("capabilities.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), ForeignKey("regions.code"), primary_key=True, index=True)


class CapabilityEvent(PostingEventColumns, Base):
    """One step in a capability's history."""

    __tablename__ = "capability_events"
    __table_args__ = (UniqueConstraint("posting_id", "version"),)

    posting_id: Mapped[UUID] = mapped_column(Id, ForeignKey("capabilities.id"))
