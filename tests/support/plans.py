"""How a database finds what a list shows, so that a test holds that it does not read all of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, text

from app.db.engine import Database


@contextmanager
def plans(database: Database) -> Iterator[list[str]]:
    """The plan of each SELECT sent to a database while the block runs, one text each."""
    made: list[str] = []
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "

    def look(_connection, cursor, statement, parameters, *_rest):
        if statement.startswith("SELECT"):
            cursor.execute(explain + statement, parameters)
            made.append("\n".join(str(row[-1]) for row in cursor.fetchall()))

    event.listen(database.engine, "before_cursor_execute", look)
    try:
        yield made
    finally:
        event.remove(database.engine, "before_cursor_execute", look)


def take_stock(database: Database) -> None:
    """Let a database count what is in it, as it does by itself in time: it plans by that."""
    with database.write_session() as session:
        session.execute(text("ANALYZE"))
