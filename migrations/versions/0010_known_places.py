"""Where people have shown who they are: IPv4 addresses and IPv6 networks, at first of their sign-ins so far."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Network, ip_address

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BATCH = 1_000


def upgrade() -> None:
    places = op.create_table(
        "known_places",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("block", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_known_places_person_id")),
        sa.PrimaryKeyConstraint("person_id", "block", name=op.f("pk_known_places")),
    )
    columns = sa.table("sign_ins", sa.column("person_id", sa.Uuid()), sa.column("address", sa.String())).c
    before = sa.select(columns.person_id, columns.address).where(columns.address.is_not(None)).distinct()
    known = {(person_id, _block(address)) for person_id, address in op.get_bind().execute(before)}
    rows = [{"person_id": person_id, "block": block} for person_id, block in known]
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
    return str(place if isinstance(place, IPv4Address) else IPv6Network((int(place), 64), strict=False))
