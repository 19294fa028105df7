"""The append-only log of what changed, in commit order.

Each entry takes the next number of one counter. The counter's row stays locked until the transaction ends, so an
entry with a lower number is always committed before one with a higher number: whoever has read up to N has missed
nothing below N.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.db import counters
from app.db.base import Base
from app.db.noted import Noted
from app.db.types import Id, Moment

_COUNTER = "changes"
_MARK_BYTES = 8
_NOTED: Noted[tuple[str, UUID]] = Noted("changes")


class Change(Base):
    """One change of one record; what it became is read from the record itself."""

    __tablename__ = "changes"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[UUID] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Moment)


class Changed(NamedTuple):
    """What changed, as a reader of the log needs it."""

    number: int
    kind: str
    record_id: UUID


class Logged(NamedTuple):
    """An entry of the log as a whole."""

    number: int
    kind: str
    record_id: UUID
    at: datetime

    @property
    def mark(self) -> str:
        """What tells it from the entry of the same number in another database; it tells nothing else."""
        return blake2b(f"{self.record_id} {self.at.isoformat()}".encode(), digest_size=_MARK_BYTES).hexdigest()


def record(session: Session, *, kind: str, record_id: UUID) -> None:
    """Note that a record changed; the note is written when the transaction ends."""
    _NOTED.of(session).append((kind, record_id))


def write(session: Session) -> None:
    """Write what was noted. Called right before the commit and nowhere else: from here on other writers wait.

    Taken earlier, the counter's lock would be held while a long transaction locks further rows, and two such
    transactions could wait for each other.
    """
    noted = _NOTED.take(session)
    if not noted:
        return
    last = counters.take(session, _COUNTER, len(noted))
    moment = now()
    rows = [
        {"number": number, "kind": kind, "record_id": record_id, "at": moment}
        for number, (kind, record_id) in enumerate(noted, start=last - len(noted) + 1)
    ]
    session.execute(insert(Change), rows)


def revision(session: Session) -> int:
    """The number of the last change."""
    return counters.last(session, _COUNTER)


def since(session: Session, number: int) -> list[Changed]:
    """All changes after `number`, in commit order."""
    rows = session.execute(
        select(Change.number, Change.kind, Change.record_id).where(Change.number > number).order_by(Change.number)
    )
    return [Changed(*row) for row in rows]


def stretch(session: Session, *, after: int, until: int, limit: int, kinds: Collection[str]) -> list[Logged]:
    """The first changes of some kinds after one number and up to another, in commit order, at most `limit`."""
    statement = (
        select(Change.number, Change.kind, Change.record_id, Change.at)
        .where(Change.number > after, Change.number <= until, Change.kind.in_(sorted(kinds)))
        .order_by(Change.number)
        .limit(limit)
    )
    return [Logged(*row) for row in session.execute(statement)]


def at(session: Session, number: int) -> Logged | None:
    """The entry with a number."""
    row = session.execute(
        select(Change.number, Change.kind, Change.record_id, Change.at).where(Change.number == number)
    ).first()
    return Logged(*row) if row else None


def mark(session: Session, number: int) -> str:
    """What tells a change from those of the same number in other databases; empty if there is none."""
    row = session.execute(select(Change.record_id, Change.at).where(Change.number == number)).first()
    return f"{row.record_id} {row.at.isoformat()}" if row else ""
