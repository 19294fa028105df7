"""A database full of published postings, written in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.db import changes, counters
from app.db.base import Base
from app.db.engine import Database
from app.db.search import folded
from app.features.accounts.types import SYSTEM
from app.features.capabilities.models import CapabilityIndustry, CapabilityRegion, CapabilityScenario
from app.features.organizations import service as organizations
from app.features.organizations.schemas import OrganizationCreate
from app.features.organizations.types import OrgRole, OrgType
from app.features.organizations.uscc import check_character
from app.features.postings.kind import PostingKind, columns_of
from app.features.postings.schemas import PostingContent
from app.features.postings.types import PostingStatus

ContentT = TypeVar("ContentT", bound=PostingContent)

ORGANIZATIONS = 300
_CHUNK = 4_000
_STEPS = 3  # drafted, submitted, published
_LINKS: Mapping[type[Base], str] = {
    CapabilityScenario: "scenario_codes",
    CapabilityIndustry: "industry_codes",
    CapabilityRegion: "region_codes",
}


def enter_organizations(database: Database) -> list[UUID]:
    """Enter organisations that may take both sides; give their ids."""
    bodies = [
        OrganizationCreate(
            uscc=body + check_character(body),
            name=f"示例机构 {number}",
            roles=list(OrgRole),
            org_type=OrgType.MANUFACTURER,
            is_fictitious=True,
        )
        for number, body in ((number, f"91320506M{number:08d}") for number in range(ORGANIZATIONS))
    ]
    with database.write_session() as session:
        return [organizations.create(session=session, actor=SYSTEM, body=body).id for body in bodies]


def publish(
    database: Database, kind: PostingKind[Any, ContentT], contents: Iterable[ContentT], owners: Sequence[UUID]
) -> list[UUID]:
    """Write contents as published postings, a few thousand in a transaction; give their ids.

    Rows, links, counters and the log of changes are as the use cases leave them. Histories are left out: only their own
    page reads them, and they would make the file several times as large.
    """
    ids: list[UUID] = []
    left = iter(contents)
    while chunk := list(islice(left, _CHUNK)):
        with database.write_session() as session:
            moment = clock.now()
            last = counters.take(session, f"{kind.prefix}-{moment.year}", len(chunk))
            rows = [
                _row(kind, content, number, moment, owners[number % len(owners)])
                for number, content in enumerate(chunk, start=last - len(chunk) + 1)
            ]
            session.connection().execute(insert(kind.repository.model), rows)
            _link(session, rows)
            for row in rows:
                changes.record(session, kind=kind.name, record_id=row["id"])
        ids += [row["id"] for row in rows]
    return ids


def _row(
    kind: PostingKind[Any, ContentT], content: ContentT, number: int, moment: datetime, owner: UUID
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "organization_id": owner,
        "reference": f"{kind.prefix}-{moment.year}-{number:06d}",
        "status": PostingStatus.PUBLISHED,
        "close_reason": None,
        "review_note": None,
        "revision": None,
        "revision_status": None,
        "version": _STEPS,
        "created_at": moment,
        "updated_at": moment,
        "listed_at": moment,
        "published_at": moment,
        "seen_level": content.visibility.details,
        "search_text": folded(kind.searched(content)),
        **columns_of(content),
    }


def _link(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Fill the tables of served codes; needs have none."""
    for table, name in _LINKS.items():
        links = [{"capability_id": row["id"], "code": code} for row in rows for code in row.get(name, ())]
        if links:
            session.connection().execute(insert(table), links)
