"""Portals: how widely each posting has been seen."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LEVELS = "'public', 'registered', 'matched', 'on_consent', 'confidential'"
_POSTINGS = ("needs", "capabilities")


def upgrade() -> None:
    for table in _POSTINGS:
        # without a batch, which would drop the table while others refer to it
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN seen_level VARCHAR(32) "
            f"CONSTRAINT ck_{table}_seen_level CHECK (seen_level IN ({_LEVELS}))"
        )
        # wider levels of earlier versions are not known: those who saw them are not told that it has gone
        postings = sa.table(table, *map(sa.column, ("seen_level", "details_level", "published_at")))
        was_public = postings.c.published_at.is_not(None)
        op.execute(postings.update().where(was_public).values(seen_level=postings.c.details_level))


def downgrade() -> None:
    for table in _POSTINGS:
        op.drop_column(table, "seen_level")
