"""Answers kept for callers that ask again, and counts of how often they ask."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "kept_answers",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kept_answers")),
    )
    op.create_index(op.f("ix_kept_answers_at"), "kept_answers", ["at"])
    if op.get_context().dialect.name == "postgresql":
        # SQLite counts in a file beside the database
        op.create_table(
            "rate_limits",
            sa.Column("caller", sa.String(length=128), nullable=False),
            sa.Column("paid_off", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("caller", name=op.f("pk_rate_limits")),
            prefixes=["UNLOGGED"],
        )


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.drop_table("rate_limits")
    op.drop_table("kept_answers")
