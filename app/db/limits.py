"""Who has asked how often lately, shared by all workers.

On PostgreSQL in a table of the database that is not logged: what a crash loses is a minute's count. On SQLite in a
small file beside the database: in the same file every request would wait for whoever is writing. The file may be
deleted while nothing runs.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from itertools import count

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.core.rates import Rate, Standing, standing
from app.db.sqlite import connect_sqlite

_SWEPT_EVERY = 1_000  # requests of a process
_CONNECTIONS = 64  # each is held for one statement: no thread waits for one
_MADE = "CREATE TABLE IF NOT EXISTS rate_limits (caller TEXT PRIMARY KEY, paid_off INTEGER NOT NULL) WITHOUT ROWID"
_SWEEP = "DELETE FROM rate_limits WHERE paid_off < :now"
_READ = "SELECT paid_off FROM rate_limits WHERE caller = :caller"
_TAKE = """
INSERT INTO rate_limits (caller, paid_off) VALUES (:caller, :now + :interval)
ON CONFLICT (caller) DO UPDATE SET paid_off = LATER(rate_limits.paid_off, :now) + :interval
WHERE LATER(rate_limits.paid_off, :now) + :interval <= :now + :ahead
RETURNING paid_off
"""
_TAKE_SQLITE, _TAKE_POSTGRESQL = (_TAKE.replace("LATER", later) for later in ("max", "greatest"))

_Values = Mapping[str, str | int]
_Run = Callable[[str, _Values], int | None]
"""Runs a statement and gives the first value of its first row."""


class Limiter:
    """Counts what callers ask.

    Args:
        engine: of the database whose workers share the counts.
    """

    def __init__(self, engine: Engine) -> None:
        self._beside: Engine | None = None
        if engine.dialect.name == "sqlite":
            address = engine.url.set(database=f"{engine.url.database}-limits")
            # nothing in it is worth waiting for the disk
            self._beside = connect_sqlite(address, pool_size=_CONNECTIONS, synchronous="OFF", first=_MADE)
        self._take = _TAKE_SQLITE if self._beside is not None else _TAKE_POSTGRESQL
        self._requests = count(1)

    def take(self, session: Session, caller: str, rate: Rate) -> Standing:
        """Count one request of a caller, unless it is too much.

        Args:
            session: of the request; on PostgreSQL its connection is used, so that none is waited for.
            caller: whose; one name for each caller and rate.
            rate: what is held against it.
        """
        if self._beside is None:

            def ask(statement: str, values: _Values) -> int | None:
                found = session.connection().execute(text(statement), values)
                return found.scalar() if found.returns_rows else None

            return self._taken(ask, caller, rate)
        # past SQLAlchemy, whose part of this would be four times the statement's own: it is run for every request
        with closing(self._beside.raw_connection()) as connection, closing(connection.cursor()) as cursor:

            def run(statement: str, values: _Values) -> int | None:
                cursor.execute(statement, values)
                row = cursor.fetchone() if cursor.description else None
                return row[0] if row else None

            return self._taken(run, caller, rate)

    def close(self) -> None:
        """Give all connections back."""
        if self._beside is not None:
            self._beside.dispose()

    def _taken(self, run: _Run, caller: str, rate: Rate) -> Standing:
        now = time.time_ns() // 1_000
        if next(self._requests) % _SWEPT_EVERY == 0:
            # who owes nothing needs no row
            run(_SWEEP, {"now": now})
        paid_off = run(self._take, {"caller": caller, "now": now, "interval": rate.interval, "ahead": rate.ahead})
        if paid_off is not None:
            return standing(rate, paid_off=paid_off, now=now, is_over=False)
        return standing(rate, paid_off=run(_READ, {"caller": caller}) or now, now=now, is_over=True)
