"""What is to be done in the background, kept until it is done: rows that workers claim for a while.

A row is written in the transaction of what makes the work necessary, so it is there if and only if that is. A worker
claims it with a lease and keeps the lease alive; when the worker dies, however it dies, the lease runs out and another
takes the row. So work is begun at least once, and may be done twice: it must bear that.
"""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Case, ColumnElement, Integer, String, UniqueConstraint, and_, case, func, or_, select
from sqlalchemy import delete as delete_from
from sqlalchemy import update as update_of
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.ids import new_id
from app.db.base import Base
from app.db.types import Id, Moment
from app.db.upsert import insert_for

_TOKEN_BYTES = 8


class QueuedJob(Base):
    """Work under a name and a key, of which there is one at most. `asked` counts how often it was asked for."""

    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("name", "key"),)

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)
    asked: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(String(64))
    holder: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Claim(NamedTuple):
    """Work that a worker holds. `holder` is of this claim alone: whoever claims the same again is another holder."""

    id: UUID
    name: str
    key: str
    asked: int
    failures: int
    holder: str


class LeaseLost(RuntimeError):
    """The work is no longer this claim's: its lease ran out and another has it, or will."""


def enqueue(session: Session, name: str, key: str, *, due_at: datetime | None = None) -> None:
    """Ask for work, in the transaction at hand.

    Asked for again it is done once, at the earlier of the two times; asked for while it is being done, once more.

    Args:
        session: writes.
        name: which job.
        key: what of it, such as an id.
        due_at: not before then; at once by default.
    """
    moment = now()
    insert = insert_for(session)(QueuedJob).values(
        id=new_id(), name=name, key=key, due_at=due_at or moment, asked=1, failures=0, created_at=moment
    )
    earlier = func.least if session.get_bind().dialect.name == "postgresql" else func.min
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[QueuedJob.name, QueuedJob.key],
            set_={
                "asked": QueuedJob.asked + 1,
                "due_at": earlier(QueuedJob.due_at, insert.excluded.due_at, type_=Moment),
            },
        )
    )


def unasked(session: Session, name: str, keys: Collection[str]) -> list[str]:
    """Those among some keys whose work is neither being done nor due already, nor waiting to be tried again.

    They come in one order, whatever the order of the keys: who asks for several locks them one after another.
    """
    moment = now()
    busy = select(QueuedJob.key).where(
        QueuedJob.name == name,
        QueuedJob.key.in_(keys),
        or_(QueuedJob.due_at <= moment, QueuedJob.lease_until > moment, QueuedJob.failures > 0),
    )
    return sorted({*keys}.difference(session.scalars(busy)))


def is_due(session: Session, names: Collection[str]) -> bool:
    """Whether there is work to claim: asked without a lock, so that workers at rest hinder nobody."""
    return session.scalar(select(QueuedJob.id).where(_claimable(names)).limit(1)) is not None


def claim(session: Session, names: Collection[str], *, worker: str, lease: timedelta) -> Claim | None:
    """Take the work that has been due for longest; None when there is none.

    Args:
        session: writes; the claim holds once it is committed.
        names: the jobs this worker knows.
        worker: who claims, in at most 47 characters.
        lease: how long the claim holds without being extended.
    """
    statement = (
        select(QueuedJob.id, QueuedJob.name, QueuedJob.key, QueuedJob.asked, QueuedJob.failures)
        .where(_claimable(names))
        .order_by(QueuedJob.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)  # SQLite, which has one writer, knows no such words and is told none
    )
    row = session.execute(statement).first()
    if row is None:
        return None
    holder = f"{worker}:{secrets.token_hex(_TOKEN_BYTES)}"
    taken = update_of(QueuedJob).where(QueuedJob.id == row.id).values(holder=holder, lease_until=now() + lease)
    session.execute(taken)
    return Claim(*row, holder)


def extend(session: Session, held: Iterable[Claim], *, lease: timedelta) -> None:
    """Keep claims for longer; one that was lost stays lost."""
    for one in held:
        session.execute(update_of(QueuedJob).where(_of(one)).values(lease_until=now() + lease))


def hold(session: Session, held: Claim) -> None:
    """Make sure, in the transaction at hand, that a claim still holds. Called last: the row is locked from here on.

    Raises:
        LeaseLost: it does not.
    """
    # an update without a change: it locks the row until the commit on both databases
    result = session.execute(update_of(QueuedJob).where(_of(held)).values(holder=held.holder).returning(QueuedJob.id))
    if result.first() is None:
        raise LeaseLost(held.name)


def finish(session: Session, held: Claim, *, again_at: datetime | None) -> None:
    """Give work back: done, or to be done again at some time. What was asked for meanwhile is due at once."""
    if again_at is None:
        session.execute(delete_from(QueuedJob).where(_of(held), QueuedJob.asked == held.asked))
    session.execute(
        update_of(QueuedJob)
        .where(_of(held))
        .values(holder=None, lease_until=None, failures=0, last_error=None, due_at=_due(held, again_at))
    )


def fail(session: Session, held: Claim, *, error: str, again_at: datetime) -> None:
    """Give work back that failed in a way it did not foresee. What was asked for meanwhile is due at once."""
    session.execute(
        update_of(QueuedJob)
        .where(_of(held))
        .values(
            holder=None,
            lease_until=None,
            failures=held.failures + 1,
            last_error=error,
            due_at=_due(held, again_at),
        )
    )


def _due(held: Claim, again_at: datetime | None) -> Case[datetime]:
    moment = now()
    return case((QueuedJob.asked == held.asked, again_at or moment), else_=moment)


def _of(held: Claim) -> ColumnElement[bool]:
    return and_(QueuedJob.id == held.id, QueuedJob.holder == held.holder)


def _claimable(names: Collection[str]) -> ColumnElement[bool]:
    moment = now()
    is_free = or_(QueuedJob.lease_until.is_(None), QueuedJob.lease_until < moment)
    return and_(QueuedJob.name.in_(sorted(names)), QueuedJob.due_at <= moment, is_free)
