"""Published postings as an index takes them in."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.features.capabilities.kind import CAPABILITY
from app.features.capabilities.models import Capability
from app.features.capabilities.service import CAPABILITIES
from app.features.matches.adapter import Atlas, need_document, offer_document
from app.features.matches.entries import Entries
from app.features.needs.kind import NEED
from app.features.needs.models import Need as NeedRow
from app.features.needs.service import NEEDS
from app.features.postings.bound import Postings
from app.features.postings.models import PostingColumns
from app.features.postings.types import PostingHead
from app.matching import Need, Offer

BATCH = 500
"""Postings read at a time."""


def all_offers(session: Session, atlas: Atlas) -> Iterator[Offer]:
    """All published capabilities, in the order of their ids."""
    return (as_offer(row, atlas) for row in _all_published(CAPABILITIES, session))


def all_needs(session: Session, atlas: Atlas) -> Iterator[Need]:
    """All published needs, in the order of their ids."""
    return (as_need(row, atlas) for row in _all_published(NEEDS, session))


def as_offer(row: Capability, atlas: Atlas) -> Offer:
    """A capability as the matcher reads it."""
    return offer_document(CAPABILITY.matched_content_of(row), document_id=str(row.id), atlas=atlas)


def as_need(row: NeedRow, atlas: Atlas) -> Need:
    """A need as the matcher reads it."""
    return need_document(NEED.matched_content_of(row), document_id=str(row.id), atlas=atlas)


def _all_published(postings: Postings[Any, Any, Any], session: Session) -> Iterator[Any]:
    """Every published posting in the order of their ids, some in memory at a time."""
    after: UUID | None = None
    while rows := postings.published(session=session, after=after, limit=BATCH):
        yield from (row for row, _ in rows)
        after = rows[-1][0].id


def published_among(postings: Postings[Any, Any, Any], session: Session, ids: list[UUID]) -> list[Any]:
    """Those among some postings that are published; asked in parts, as databases limit the length of a list."""
    return [
        row
        for low in range(0, len(ids), BATCH)
        for row, _ in postings.published(session=session, ids=ids[low : low + BATCH])
    ]


def all_entries(session: Session) -> tuple[Entries, Entries]:
    """The entries of needs and of capabilities."""
    needs, offers = (Entries.of(postings.published_heads(session=session)) for postings in (NEEDS, CAPABILITIES))
    return needs, offers


def head_of(row: PostingColumns) -> PostingHead:
    """What decides who may see a posting."""
    return PostingHead(row.id, row.organization_id, row.details_level, row.identity_level, row.valid_until)
