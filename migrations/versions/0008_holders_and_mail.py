"""Which request holds a kept answer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # those that were answered before are held by nobody
    op.add_column("kept_answers", sa.Column("holder", sa.String(length=32), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("kept_answers", "holder")
