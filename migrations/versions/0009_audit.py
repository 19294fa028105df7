"""What is in the audit is replaced by nothing, and found by each filter of its list without reading all of it."""

from collections.abc import Sequence

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_FILTERS = ("action", "subject_kind", "subject_id", "key_id", "person_id", "portal_id")
_UNORDERED = ("action", "person_id", "subject_id")
# INSERT OR REPLACE deletes what stands in its way, by its number or by SQLite's own number of the row, and no trigger
# for DELETE learns of it. Where that second number is not given, NEW.rowid is -1. PostgreSQL has no such statement: its
# upsert is an update.
_NO_REPLACE = (
    "CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries "
    "WHEN EXISTS (SELECT 1 FROM audit_entries "
    "WHERE number = NEW.number OR (rowid = NEW.rowid AND rowid <> -1)) "
    "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
)


def upgrade() -> None:
    for name in _UNORDERED:
        op.drop_index(op.f(f"ix_audit_entries_{name}"), "audit_entries")
    for name in _FILTERS:
        op.create_index(f"ix_audit_entries_{name}_number", "audit_entries", [name, "number"])
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"])
    if op.get_context().dialect.name == "sqlite":
        op.execute(_NO_REPLACE)


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entries_no_replace")
    op.drop_index(op.f("ix_audit_entries_at"), "audit_entries")
    for name in _FILTERS:
        op.drop_index(f"ix_audit_entries_{name}_number", "audit_entries")
    for name in _UNORDERED:
        op.create_index(op.f(f"ix_audit_entries_{name}"), "audit_entries", [name])
