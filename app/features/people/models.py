"""Tables of what people are given to sign in and stay signed in, of mail to them, and of failed attempts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Moment, codes
from app.features.people.types import LinkKind


class RefreshToken(Base):
    """One refresh key of a sign-in. A used one stays: shown again, it ends the sign-in."""

    __tablename__ = "refresh_tokens"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    sign_in_id: Mapped[UUID] = mapped_column(Id, ForeignKey("sign_ins.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class KnownPlace(Base):
    """Where a person has shown who they are: an IPv4 address, of IPv6 the /64. No failure of strangers counts there."""

    __tablename__ = "known_places"

    person_id: Mapped[UUID] = mapped_column(Id, ForeignKey("people.id"), primary_key=True)
    block: Mapped[str] = mapped_column(String(64), primary_key=True)


class Link(Base):
    """A link that was sent to a person, good for one use."""

    __tablename__ = "links"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    kind: Mapped[LinkKind] = mapped_column(codes(LinkKind, "kind"))
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[UUID] = mapped_column(Id, ForeignKey("people.id"), index=True)
    created_by_person_id: Mapped[UUID | None] = mapped_column(Id)
    created_by_key_id: Mapped[UUID | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class OutgoingMail(Base):
    """Mail with a link in it that was not sent yet; it goes when its link does.

    Attributes:
        kind: what the link is for.
        sealed: to whom and where the link leads.
        link_id: the link; none where nobody has looked yet whether there is such a person.
        expires_at: when it is given up.
    """

    __tablename__ = "mails"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    kind: Mapped[LinkKind] = mapped_column(codes(LinkKind, "kind"))
    sealed: Mapped[str] = mapped_column(Text)
    link_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("links.id", ondelete="CASCADE"), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class SignInFailure(Base):
    """How often something failed lately. What it counts is only there as a hash."""

    __tablename__ = "sign_in_failures"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Moment, index=True)
