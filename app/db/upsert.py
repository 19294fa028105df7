"""INSERT … ON CONFLICT, which SQLAlchemy keeps in each dialect's own module."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_for(session: Session) -> Any:  # noqa: ANN401 - the two dialects' inserts share no base with on_conflict
    """The insert construct of the database at hand; both know `on_conflict_do_update` and `returning`."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
