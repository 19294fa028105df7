"""Who has asked how often lately, shared by all workers.

On PostgreSQL in a table of the database that is not logged: what a crash loses is a minute's count. On SQLite in a
small file beside the database: in the same file every request would wait for whoever is writing. The file may be
deleted while nothing runs.
"""

import time
from itertools import count

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

from app.core.rates import Rate, Standing, standing
from app.db.engine import Database, connect_sqlite

_SWEPT_EVERY = 1_000  # requests of a process
_MADE = "CREATE TABLE IF NOT EXISTS rate_limits (caller TEXT PRIMARY KEY, paid_off INTEGER NOT NULL) WITHOUT ROWID"
_SWEEP = text("DELETE FROM rate_limits WHERE paid_off < :now")
_READ = text("SELECT paid_off FROM rate_limits WHERE caller = :caller")
_TAKE = """
INSERT INTO rate_limits (caller, paid_off) VALUES (:caller, :now + :interval)
ON CONFLICT (caller) DO UPDATE SET paid_off = LATER(rate_limits.paid_off, :now) + :interval
WHERE LATER(rate_limits.paid_off, :now) + :interval <= :now + :ahead
RETURNING paid_off
"""
_TAKE_SQLITE, _TAKE_POSTGRESQL = (text(_TAKE.replace("LATER", later)) for later in ("max", "greatest"))


class Limiter:
    """Counts what callers ask.

    Args:
        database: of the workers that share the counts.
    """

    def __init__(self, database: Database) -> None:
        self._beside: Engine | None = None
        if database.is_sqlite:
            address = database.engine.url
            # nothing in it is worth waiting for the disk
            self._beside = connect_sqlite(address.set(database=f"{address.database}-limits"), synchronous="OFF")
            event.listen(self._beside, "connect", lambda connection, _record: connection.execute(_MADE))
        self._requests = count(1)

    def take(self, session: Session, caller: str, rate: Rate) -> Standing:
        """Count one request of a caller, unless it is too much.

        Args:
            session: of the request; on PostgreSQL its connection is used, so that none is waited for.
            caller: whose; one name for each caller and rate.
            rate: what is held against it.
        """
        if self._beside is None:
            return self._taken(session.connection(), caller, rate)
        with self._beside.connect() as connection:
            return self._taken(connection, caller, rate)

    def close(self) -> None:
        """Give all connections back."""
        if self._beside is not None:
            self._beside.dispose()

    def _taken(self, connection: Connection, caller: str, rate: Rate) -> Standing:
        now = time.time_ns() // 1_000
        if next(self._requests) % _SWEPT_EVERY == 0:
            # who owes nothing needs no row
            connection.execute(_SWEEP, {"now": now})
        statement = _TAKE_POSTGRESQL if self._beside is None else _TAKE_SQLITE
        asked = {"caller": caller, "now": now, "interval": rate.interval, "ahead": rate.ahead}
        paid_off = connection.execute(statement, asked).scalar()
        if paid_off is not None:
            return standing(rate, paid_off=paid_off, now=now, is_over=False)
        owed = connection.execute(_READ, {"caller": caller}).scalar() or now
        return standing(rate, paid_off=owed, now=now, is_over=True)
