"""Engines and sessions, the same for web, CLI and tests.

Two kinds of session: one that reads, in autocommit, and one that writes, in one transaction. The drivers begin no
transaction on their own; a writer's is begun here. PostgreSQL's READ COMMITTED gives each statement its own snapshot in
or out of a transaction, so a reader in autocommit sees the same and saves two round trips. On SQLite a writer begins
with BEGIN IMMEDIATE: it waits its turn at the start instead of failing half way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.core.trail import Source
from app.db import audit, changes
from app.db.limits import Limiter
from app.db.noted import follow_savepoints
from app.db.sqlite import BUSY_SECONDS, connect_sqlite

_PASSING_SECONDS = 0.05


class Database:
    """One engine and its two kinds of session.

    Args:
        url: a SQLAlchemy address of an SQLite file or of PostgreSQL.
        pool_size: connections kept; also the number of requests worked on at once.
    """

    def __init__(self, url: str, *, pool_size: int = 4) -> None:
        address = make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self.engine = (
            connect_sqlite(address, pool_size=pool_size) if self.is_sqlite else _postgresql(address, pool_size)
        )
        writing = self.engine.execution_options()  # an engine of its own to listen to, on the same connections
        event.listen(writing, "begin", _begin_immediate if self.is_sqlite else _begin)
        # once closed it is not used again: its connection is somebody else's by then
        self.read_session = sessionmaker(self.engine, autoflush=False, expire_on_commit=False, close_resets_only=False)
        self._write_session = sessionmaker(writing, expire_on_commit=False)
        self.limiter = Limiter(self.engine)
        follow_savepoints(self._write_session)
        passing = self.engine.execution_options()
        event.listen(passing, "begin", _begin_if_free if self.is_sqlite else _begin)
        self._passing_session = sessionmaker(passing, expire_on_commit=False)

    @contextmanager
    def write_session(self, source: Source | None = None) -> Iterator[Session]:
        """One transaction: committed when the block ends, with what is noted in it; rolled back when it raises.

        Args:
            source: where what it does comes from; None for the server itself.
        """
        with self._write_session() as session, session.begin():
            if source is not None:
                audit.come_from(session, source)
            yield session
            if session.in_transaction():
                # always in this order: each takes a lock that others wait for
                changes.write(session)
                audit.write(session)

    def write_in_passing(self, source: Source, work: Callable[[Session], None]) -> bool:
        """Write what may as well be lost, and tell whether it was written.

        On SQLite it is given up when another writer holds the database for more than 50 ms. On PostgreSQL the work
        itself passes over rows that are held: whoever asks is not to wait.
        """
        try:
            with self._passing_session() as session, session.begin():
                audit.come_from(session, source)
                work(session)
        except OperationalError:
            return False
        return True

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
        self.limiter.close()


def _postgresql(address: URL, pool_size: int) -> Engine:
    return create_engine(
        address,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,  # what is bound may be secret, and errors are logged
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        pool_pre_ping=True,
    )


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_if_free(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(_PASSING_SECONDS * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        # the connection goes back to where others wait as usual
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
