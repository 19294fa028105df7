"""Tables of webhooks: where to tell of changes, and what was told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Json, Moment, codes
from app.features.portals.types import DeliveryState, Stopped


class Webhook(Base):
    """An address that is told of changes. `place` is the number of the last change that was looked at for it.

    It belongs to a person, or to a key and those it is rotated to, named by the first of them.
    """

    __tablename__ = "webhooks"
    __table_args__ = (CheckConstraint("(key_id IS NULL) <> (person_id IS NULL)", name="of_one"),)

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    key_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("api_keys.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("people.id"), index=True)
    url: Mapped[str] = mapped_column(String(2000))
    kinds: Mapped[list[str]] = mapped_column(Json)
    enabled: Mapped[bool] = mapped_column(Boolean)
    stopped: Mapped[Stopped | None] = mapped_column(codes(Stopped, "stopped"))
    secret_sealed: Mapped[str] = mapped_column(Text)
    old_secret_sealed: Mapped[str | None] = mapped_column(Text)
    old_secret_until: Mapped[datetime | None] = mapped_column(Moment)
    place: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class WebhookDelivery(Base):
    """One message to one webhook: which change of which record; what it says is read when it is sent.

    `number` is that of the change; a message that is no change has none.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "number"),
        Index("ix_webhook_deliveries_webhook_id_state_next_at", "webhook_id", "state", "next_at"),
        Index("ix_webhook_deliveries_webhook_id_created_at_id", "webhook_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(Id, ForeignKey("webhooks.id", ondelete="CASCADE"))
    number: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[UUID | None] = mapped_column(Id)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[DeliveryState] = mapped_column(codes(DeliveryState, "state"))
    attempts: Mapped[int] = mapped_column(Integer)
    last_status: Mapped[int | None] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(String(32))
    last_attempt_at: Mapped[datetime | None] = mapped_column(Moment)
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
