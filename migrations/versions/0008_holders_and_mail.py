"""Which request holds a kept answer; mail that is on its way."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KINDS = ("invitation", "password_reset")


def upgrade() -> None:
    # those that were answered before are held by nobody
    op.add_column("kept_answers", sa.Column("holder", sa.String(length=32), nullable=False, server_default=""))
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name=op.f("fk_mails_link_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("link_id", name=op.f("uq_mails_link_id")),
    )


def downgrade() -> None:
    # links that wait to be sent stay unsent: people ask for others
    op.drop_table("mails")
    op.drop_column("kept_answers", "holder")
