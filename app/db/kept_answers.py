"""Answers kept for callers that ask the same thing again, in the transaction that made them.

The first request with a key holds its row until its transaction ends; whoever asks the same meanwhile waits and then
finds the answer, or, when the first one failed, takes its place. Where a request takes several transactions its row is
committed with the first of them, without an answer yet.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Integer, String, Text, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.db.base import Base
from app.db.types import Json, Moment
from app.db.upsert import insert_for

KEPT_FOR = timedelta(hours=24)
UNANSWERED = 0
_GIVEN_UP = timedelta(minutes=1)  # after which a request is taken for dead


class KeptAnswer(Base):
    """One answer; `name` is a hash of whose it is and its key, `request_hash` one of what was asked."""

    __tablename__ = "kept_answers"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    status: Mapped[int] = mapped_column(Integer)
    headers: Mapped[dict[str, str]] = mapped_column(Json)
    sealed: Mapped[str] = mapped_column(Text)


class Kept(NamedTuple):
    """An answer as it was given; its body is sealed."""

    request_hash: str
    status: int
    headers: dict[str, str]
    sealed: str


def claim(session: Session, name: str, request_hash: str) -> Kept | None:
    """Begin to answer; the answer that was already given, if there is one."""
    moment = now()
    is_given_up = and_(KeptAnswer.status == UNANSWERED, KeptAnswer.at <= moment - _GIVEN_UP)
    session.execute(delete(KeptAnswer).where(or_(KeptAnswer.at <= moment - KEPT_FOR, is_given_up)))
    insert = insert_for(session)(KeptAnswer).values(
        name=name, request_hash=request_hash, at=moment, status=UNANSWERED, headers={}, sealed=""
    )
    claimed = session.execute(insert.on_conflict_do_nothing().returning(KeptAnswer.name)).scalar()
    return None if claimed else find(session, name)


def find(session: Session, name: str) -> Kept | None:
    """The answer under a name, if it is still kept."""
    row = session.execute(
        select(KeptAnswer.request_hash, KeptAnswer.status, KeptAnswer.headers, KeptAnswer.sealed).where(
            KeptAnswer.name == name, KeptAnswer.at > now() - KEPT_FOR
        )
    ).first()
    return Kept(*row) if row else None


def keep(session: Session, name: str, *, status: int, headers: dict[str, str], sealed: str) -> None:
    """Keep the answer of a claimed name."""
    session.execute(
        update(KeptAnswer).where(KeptAnswer.name == name).values(status=status, headers=headers, sealed=sealed)
    )


def release(session: Session, name: str) -> None:
    """Forget a claimed name that got no answer."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.name == name, KeptAnswer.status == UNANSWERED))
