"""Counting SQL statements, so that a list's cost has a bound that a test holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.db.engine import Database


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The statements sent to a database while the block runs, but for the one that counts requests.

    Every request has that one, on SQLite in another file.
    """
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if "rate_limits" not in statement:
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
