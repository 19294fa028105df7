"""Answers kept for callers that ask the same thing again, in the transaction that made them.

The first request with a key holds its row until its transaction ends; whoever asks the same meanwhile waits and then
finds the answer, or, when the first one failed, takes its place. Where a request takes several transactions its row is
committed with the first of them, without an answer yet. The row says which request holds it, so that one that was taken
for dead and comes back touches nothing of the one that took its place.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, String, Text, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.db.base import Base
from app.db.types import Json, Moment
from app.db.upsert import insert_for

KEPT_FOR = timedelta(hours=24)
UNANSWERED = 0
# After which a request of which nothing was heard is taken for dead. It is heard of in each of its transactions.
# Between two of them, or the last one and its answer, lies at most what a handler does outside of any: a hash (a
# second), or an issuer that gives its documents as slowly as it may (40 s). Then it waits for a connection (30 s) and
# for the one writer of SQLite (10 s).
_GIVEN_UP = timedelta(minutes=2)


class KeptAnswer(Base):
    """One answer.

    Attributes:
        name: a hash of whose it is and its key.
        request_hash: one of what was asked.
        holder: which request carries it out, or did.
        at: when that was last heard of.
    """

    __tablename__ = "kept_answers"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(String(32))
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


def claim(session: Session, name: str, request_hash: str, *, holder: str) -> Kept | None:
    """Begin to answer, or go on with it; what there is of another holder, an answer or none yet, if it is not ours."""
    moment = now()
    is_given_up = and_(KeptAnswer.status == UNANSWERED, KeptAnswer.at <= moment - _GIVEN_UP)
    session.execute(delete(KeptAnswer).where(or_(KeptAnswer.at <= moment - KEPT_FOR, is_given_up)))
    insert = insert_for(session)(KeptAnswer).values(
        name=name, request_hash=request_hash, holder=holder, at=moment, status=UNANSWERED, headers={}, sealed=""
    )
    ours = insert.on_conflict_do_update(
        index_elements=[KeptAnswer.name], set_={"at": moment}, where=KeptAnswer.holder == holder
    )
    claimed = session.execute(ours.returning(KeptAnswer.name)).scalar()
    return None if claimed else find(session, name)


def find(session: Session, name: str) -> Kept | None:
    """The answer under a name, if it is still kept."""
    row = session.execute(
        select(KeptAnswer.request_hash, KeptAnswer.status, KeptAnswer.headers, KeptAnswer.sealed).where(
            KeptAnswer.name == name, KeptAnswer.at > now() - KEPT_FOR
        )
    ).first()
    return Kept(*row) if row else None


def keep(session: Session, name: str, *, holder: str, status: int, headers: dict[str, str], sealed: str) -> None:
    """Keep the answer of a name that was claimed in the same transaction."""
    values = {"status": status, "headers": headers, "sealed": sealed}
    session.execute(update(KeptAnswer).where(_held(name, holder)).values(values))


def release(session: Session, name: str, *, holder: str) -> None:
    """Forget a claimed name that got no answer; one that another holds stays."""
    session.execute(delete(KeptAnswer).where(_held(name, holder), KeptAnswer.status == UNANSWERED))


def _held(name: str, holder: str) -> ColumnElement[bool]:
    return and_(KeptAnswer.name == name, KeptAnswer.holder == holder)
