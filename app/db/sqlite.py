"""Engines of SQLite files."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

BUSY_SECONDS = 10
"""How long a statement waits for the one writer."""


def connect_sqlite(address: URL, *, pool_size: int, synchronous: str = "NORMAL", first: str | None = None) -> Engine:
    """An engine of a file in WAL mode, in autocommit.

    Args:
        address: its folder and file are made when they are not there.
        pool_size: connections kept.
        synchronous: when the disk is waited for, as SQLite's pragma has it.
        first: a statement that every new connection begins with.
    """
    Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        hide_parameters=True,  # what is bound may be secret, and errors are logged
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    statements = ["PRAGMA foreign_keys=ON", "PRAGMA journal_mode=WAL", f"PRAGMA synchronous={synchronous}"]
    if first is not None:
        statements.append(first)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the DBAPI's own connection
        connection.isolation_level = None  # what this driver calls autocommit
        for statement in statements:
            connection.execute(statement)

    return engine
