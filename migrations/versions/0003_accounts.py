"""People and where they are signed in, what keys may be used for, the audit."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_OLD_ROLES = ("member", "operator", "administrator", "portal")
_ROLES = ("member", "manager", "operator", "administrator", "portal")
_ALL = [
    *("needs:read", "needs:write", "capabilities:read", "capabilities:write", "postings:review"),
    *("organizations:read", "organizations:write", "matches:read", "people:read", "people:write"),
    *("keys:read", "keys:write", "changes:read", "webhooks:read", "webhooks:write", "audit:read"),
]
_MEMBER = [one for one in _ALL if one.split(":")[0] in ("needs", "capabilities", "organizations", "matches", "changes")]
_SCOPES = {
    "member": _MEMBER,
    "operator": [one for one in _ALL if one != "audit:read"],
    "administrator": _ALL,
    "portal": [*_MEMBER, "webhooks:read", "webhooks:write"],
}


def _listed(roles: Sequence[str]) -> str:
    return "role IN (" + ", ".join(f"'{role}'" for role in roles) + ")"


def _recheck(roles: Sequence[str], of_one: Sequence[str]) -> None:
    """Exchange the checks of `api_keys`."""
    checks = {"role": _listed(roles), "member_of_one": f"({_listed(of_one)}) = (organization_id IS NOT NULL)"}
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        for name, rule in checks.items():
            batch_op.drop_constraint(op.f(f"ck_api_keys_{name}"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_api_keys_{name}"), rule)


def _append_only() -> None:
    """The database itself refuses to change or delete what is in the audit."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER audit_entries_no_{act} BEFORE {act.upper()} ON audit_entries "
            "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("scopes", _DOCUMENT, server_default=sa.text("'[]'"), nullable=False))
    op.add_column("api_keys", sa.Column("allowed_addresses", _DOCUMENT, server_default=sa.text("'[]'"), nullable=False))
    op.add_column("api_keys", sa.Column("replaces_id", sa.Uuid(), nullable=True))
    op.add_column("api_keys", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("api_keys", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    _recheck(_ROLES, ("member", "manager"))
    keys = sa.table("api_keys", sa.column("role"), sa.column("scopes", _DOCUMENT))
    for role, scopes in _SCOPES.items():
        op.execute(keys.update().where(keys.c.role == role).values(scopes=sorted(scopes)))

    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=256), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column(
            "role",
            sa.Enum(*_ROLES, name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("password_hash", sa.String(length=256), nullable=True),
        sa.Column("totp_sealed", sa.String(length=512), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("issuer", sa.String(length=256), nullable=True),
        sa.Column("subject", sa.String(length=256), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role IN ('member', 'manager')) = (organization_id IS NOT NULL)", name=op.f("ck_people_member_of_one")
        ),
        sa.CheckConstraint("role <> 'portal'", name=op.f("ck_people_no_machine")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_people_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_people_issuer_subject")),
        sa.UniqueConstraint("login", name=op.f("uq_people_login")),
    )
    op.create_index(op.f("ix_people_created_at"), "people", ["created_at"])
    op.create_index(op.f("ix_people_organization_id"), "people", ["organization_id"])

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("portal_id", sa.Uuid(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("access_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id")),
        sa.ForeignKeyConstraint(["portal_id"], ["api_keys.id"], name=op.f("fk_sign_ins_portal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_ins_public_id")),
    )
    op.create_index(op.f("ix_sign_ins_person_id"), "sign_ins", ["person_id"])

    op.create_table(
        "audit_entries",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("portal_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("detail", _DOCUMENT, nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_action"), "audit_entries", ["action"])
    op.create_index(op.f("ix_audit_entries_person_id"), "audit_entries", ["person_id"])
    op.create_index(op.f("ix_audit_entries_subject_id"), "audit_entries", ["subject_id"])
    _append_only()

    op.add_column("capability_events", sa.Column("actor_person_id", sa.Uuid(), nullable=True))
    op.add_column("need_events", sa.Column("actor_person_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("need_events", "actor_person_id")
    op.drop_column("capability_events", "actor_person_id")
    op.drop_table("audit_entries")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only()")
    op.drop_table("sign_ins")
    op.drop_table("people")
    # a kind of key that was not known then, and keys whose narrower terms or end would be forgotten
    op.execute("DELETE FROM api_keys WHERE role = 'manager'")
    keys = sa.table(
        "api_keys",
        *(sa.column(name) for name in ("role", "revoked_at", "expires_at")),
        sa.column("scopes", _DOCUMENT),
        sa.column("allowed_addresses", _DOCUMENT),
    )
    is_narrow = sa.or_(
        keys.c.expires_at.is_not(None),
        sa.cast(keys.c.allowed_addresses, sa.Text) != "[]",
        *(
            sa.and_(keys.c.role == role, sa.func.length(sa.cast(keys.c.scopes, sa.Text)) < len(json.dumps(scopes)))
            for role, scopes in _SCOPES.items()
        ),
    )
    op.execute(keys.update().where(keys.c.revoked_at.is_(None), is_narrow).values(revoked_at=sa.func.now()))
    _recheck(_OLD_ROLES, ("member",))
    for name in ("last_used_at", "expires_at", "replaces_id", "allowed_addresses", "scopes"):
        op.drop_column("api_keys", name)
