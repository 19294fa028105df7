"""Table of organisations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Json, Moment, codes
from app.features.organizations.types import OrgRole, OrgSize, OrgType


class Organization(Base):
    """An enterprise, a provider, or both. `contact` never leaves through a list or a match."""

    __tablename__ = "organizations"
    __table_args__ = (CheckConstraint("is_enterprise OR is_provider", name="has_a_role"),)

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(256), index=True)
    name_en: Mapped[str | None] = mapped_column(String(256))
    org_type: Mapped[OrgType] = mapped_column(codes(OrgType, "org_type"))
    size: Mapped[OrgSize | None] = mapped_column(codes(OrgSize, "size"))
    is_enterprise: Mapped[bool] = mapped_column(Boolean)
    is_provider: Mapped[bool] = mapped_column(Boolean)
    industry_code: Mapped[str | None] = mapped_column(String(4), ForeignKey("industries.code"), index=True)
    region_code: Mapped[str | None] = mapped_column(String(32), ForeignKey("regions.code"), index=True)
    summary: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    contact: Mapped[dict[str, Any] | None] = mapped_column(Json)
    is_fictitious: Mapped[bool] = mapped_column(Boolean)
    verified_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def roles(self) -> list[OrgRole]:
        """The sides it may take."""
        held = {OrgRole.ENTERPRISE: self.is_enterprise, OrgRole.PROVIDER: self.is_provider}
        return [role for role, is_held in held.items() if is_held]
