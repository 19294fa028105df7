"""Where people have shown who they are: IPv4 addresses and IPv6 networks, at first of their sign-ins so far."""

from collections.abc import Sequence
from ipaddress import IPv6Network, ip_address

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)
_BATCH = 1_000


def upgrade() -> None:
    places = op.create_table(
        "known_places",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("block", sa.String(length=64), nullable=False),
        sa.Column("known_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_known_places_person_id")),
        sa.PrimaryKeyConstraint("person_id", "block", name=op.f("pk_known_places")),
    )
    sign_ins = sa.table(
        "sign_ins", sa.column("person_id", sa.Uuid()), sa.column("address", sa.String()), sa.column("created_at", _MOMENT)
    ).c
    found = op.get_bind().execute(
        sa.select(sign_ins.person_id, sign_ins.address, sa.func.min(sign_ins.created_at))
        .where(sign_ins.address.is_not(None))
        .group_by(sign_ins.person_id, sign_ins.address)
    )
    known = {(person_id, _block(address)): moment for person_id, address, moment in found}
    rows = [{"person_id": person_id, "block": block, "known_at": moment} for (person_id, block), moment in known.items()]
    for start in range(0, len(rows), _BATCH):
        op.bulk_insert(places, rows[start : start + _BATCH])


def downgrade() -> None:
    op.drop_table("known_places")


def _block(address: str) -> str:
    try:
        place = ip_address(address)
    except ValueError:
        return address
    place = getattr(place, "ipv4_mapped", None) or place
    return str(IPv6Network((int(place), 64), strict=False)) if place.version == 6 else str(place)
