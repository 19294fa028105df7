"""Table of API keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Moment, codes
from app.features.accounts.types import Role


class ApiKey(Base):
    """A key: its public part to find it by, the hash of its secret to check it against."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("(role = 'member') = (organization_id IS NOT NULL)", name="member_of_one"),)

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(256))
    role: Mapped[Role] = mapped_column(codes(Role, "role"))
    organization_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("organizations.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
