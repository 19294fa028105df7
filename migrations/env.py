"""Runs migrations on the connection it is handed, or on the configured database."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection

from app.db.engine import Database
from app.db.types import Id, Moment
from app.registry import METADATA
from app.settings import Settings


def render_item(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they are in the database: a migration must not import the application."""
    if kind != "type":
        return False
    if isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Id):
        return "sa.Uuid()"
    if isinstance(item, JSON):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out what no model describes: `app.db.limits` keeps its counts in a table that only PostgreSQL has."""
    return not (kind == "table" and name == "rate_limits")


def migrate(connection: Connection) -> None:
    """Run the migrations on one connection, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        include_name=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    database = Database(Settings().database.url)
    with database.write_session() as session:
        migrate(session.connection())
    database.close()
