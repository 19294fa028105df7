"""Nonces for sign-ins at an issuer outside."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "oidc_nonces",
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("principal", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nonce_hash", name=op.f("pk_oidc_nonces")),
    )
    op.create_index(op.f("ix_oidc_nonces_expires_at"), "oidc_nonces", ["expires_at"])


def downgrade() -> None:
    op.drop_table("oidc_nonces")
