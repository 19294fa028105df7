"""Named counters that never give the same number twice.

Taking a number locks its row until the transaction ends, so numbers are gapless among committed transactions and
rise in commit order on both databases.
"""

from sqlalchemy import BigInteger, String, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.upsert import insert_for


class Counter(Base):
    """The last number given out under a name."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


# Built once: every ranking asks for the last change.
_LAST = select(Counter.value).where(Counter.name == bindparam("name"))


def take(session: Session, name: str, count: int = 1) -> int:
    """Take the next numbers, starting at 1; the last of them is returned."""
    insert = insert_for(session)(Counter).values(name=name, value=count)
    statement = insert.on_conflict_do_update(index_elements=[Counter.name], set_={"value": Counter.value + count})
    taken: int = session.execute(statement.returning(Counter.value)).scalar_one()
    return taken


def raise_to(session: Session, name: str, value: int) -> None:
    """Make sure that no number up to `value` is given out again."""
    insert = insert_for(session)(Counter).values(name=name, value=value)
    highest = func.greatest if session.get_bind().dialect.name == "postgresql" else func.max
    session.execute(
        insert.on_conflict_do_update(index_elements=[Counter.name], set_={"value": highest(Counter.value, value)})
    )


def last(session: Session, name: str) -> int:
    """The last number given out; 0 when none was."""
    return session.scalar(_LAST, {"name": name}) or 0
