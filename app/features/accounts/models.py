"""Tables of who acts: API keys, people and where they are signed in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Id, Json, Moment, codes
from app.features.accounts.types import Role

_OF_ONE = "(role IN ('member', 'manager')) = (organization_id IS NOT NULL)"


class ApiKey(Base):
    """A key: its public part to find it by, the hash of its secret to check it against."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint(_OF_ONE, name="member_of_one"),)

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(256))
    role: Mapped[Role] = mapped_column(codes(Role, "role"))
    organization_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("organizations.id"), index=True)
    scopes: Mapped[list[str]] = mapped_column(Json, server_default=text("'[]'"))
    allowed_addresses: Mapped[list[str]] = mapped_column(Json, server_default=text("'[]'"))
    replaces_id: Mapped[UUID | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Person(Base):
    """Somebody who signs in, by a password or at an issuer outside. `login` is an e-mail address or a phone number."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint(_OF_ONE, name="member_of_one"),
        CheckConstraint("role <> 'portal'", name="no_machine"),
        UniqueConstraint("issuer", "subject"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    login: Mapped[str] = mapped_column(String(256), unique=True)
    name: Mapped[str] = mapped_column(String(256))
    role: Mapped[Role] = mapped_column(codes(Role, "role"))
    organization_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("organizations.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(256))
    totp_sealed: Mapped[str | None] = mapped_column(String(512))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    issuer: Mapped[str | None] = mapped_column(String(256))
    subject: Mapped[str | None] = mapped_column(String(256))
    version: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)


class SignIn(Base):
    """One sign-in of a person, on one device: the access key of the moment, and when all of it ends."""

    __tablename__ = "sign_ins"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Id, ForeignKey("people.id"), index=True)
    portal_id: Mapped[UUID | None] = mapped_column(Id, ForeignKey("api_keys.id"))
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    access_expires_at: Mapped[datetime] = mapped_column(Moment)
    address: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
