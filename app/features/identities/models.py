"""Table of nonces."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Moment


class OidcNonce(Base):
    """A nonce that was given out and has not been used: its hash, and to whom. Using it deletes it."""

    __tablename__ = "oidc_nonces"

    nonce_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    principal: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
