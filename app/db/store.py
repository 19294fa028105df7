"""Short sessions one after another, for what does something slow between them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.core.trail import Source
from app.db import audit
from app.db.engine import Database

_SERVER = Source()


def _nothing() -> None:
    pass


class Store:
    """Opens sessions for one caller.

    Args:
        database: to open them on.
        source: where what is done comes from; empty for the server itself.
        release: gives back a connection that is still held, so that nobody who holds one waits for a second.
        beforehand: what is done first in every transaction.
    """

    def __init__(
        self,
        database: Database,
        source: Source = _SERVER,
        *,
        release: Callable[[], None] = _nothing,
        beforehand: Sequence[Callable[[Session], None]] = (),
    ) -> None:
        self._database = database
        self._beforehand = beforehand
        self._release = release
        self.source = source

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that reads, in autocommit; notes for the audit are not taken."""
        self._release()
        with self._database.read_session() as session:
            audit.come_from(session, self.source)
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, committed when the block ends and rolled back when it raises."""
        self._release()
        with self._database.write_session(self.source) as session:
            for first in self._beforehand:
                first(session)
            yield session
