"""Where a secret may have come to lie or to be said: every table, and the log as it is written for people."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import inspect, text

from app.core import logging
from app.db.engine import Database

_NOT_WRITTEN = {"industries", "regions", "technology_terms", "technologies"}
"""Thousands of rows that come with the seeds."""


def everything_stored(database: Database) -> str:
    """Every value of every column of every table, a line each."""
    found = []
    with database.read_session() as session:
        for table in sorted(set(inspect(session.get_bind()).get_table_names()) - _NOT_WRITTEN):
            for row in session.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - names from the schema
                found += [str(value) for value in row]
    return "\n".join(found)


@contextmanager
def logging_for_people(*, as_json: bool) -> Iterator[None]:
    """The log as a server writes it, tracebacks and all, while the block runs."""
    before = structlog.get_config()
    logging.configure(as_json=as_json)
    try:
        yield
    finally:
        structlog.configure(**before)
