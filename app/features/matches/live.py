"""This process's index of published postings: a cache of the database at a known revision.

Every request first compares revisions (one small query) and takes in what it lacks, so a posting published in any
process is ranked by every other on its next request. A snapshot never changes; a newer one replaces it.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.db import changes
from app.features.accounts.types import Actor
from app.features.capabilities.kind import CAPABILITY
from app.features.capabilities.service import CAPABILITIES
from app.features.catalog import service as catalog
from app.features.matches.adapter import Atlas, need_document, offer_document
from app.features.needs.kind import NEED
from app.features.needs.service import NEEDS
from app.features.postings import policy
from app.features.postings.bound import Postings
from app.features.postings.models import PostingColumns
from app.features.postings.types import PostingStatus, Visibility
from app.matching import Concept, Matcher, MatcherParams, Need, Offer, Reader, Thesaurus, cc_cedict


@dataclass(frozen=True, slots=True)
class Entry:
    """What decides whether an indexed posting may be shown, beside its document."""

    id: UUID
    organization_id: UUID
    details_level: Visibility
    valid_until: date | None

    def is_over(self, today: date) -> bool:
        """Whether the posting's validity has passed."""
        return self.valid_until is not None and self.valid_until < today

    def open_to(self, actor: Actor, *, except_of: UUID | None, today: date) -> bool:
        """Whether the posting may be recommended to an actor; nobody is recommended to itself."""
        return (
            self.organization_id != except_of
            and not self.is_over(today)
            and policy.may_see(
                actor,
                organization_id=self.organization_id,
                status=PostingStatus.PUBLISHED,
                details=self.details_level,
                is_over=False,
            )
        )


@dataclass(frozen=True, slots=True)
class Side:
    """The indexed postings of one kind, by document id."""

    documents: Mapping[str, Any] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)

    def with_changes(self, changed: Iterable[UUID], found: Mapping[str, tuple[Any, Entry]]) -> "Side":
        """This side without the changed postings, and with those that are still published.

        The same side when none of them was or is published: drafts come and go.
        """
        gone = {str(posting_id) for posting_id in changed}
        if not found and gone.isdisjoint(self.documents):
            return self
        documents = {key: document for key, document in self.documents.items() if key not in gone}
        entries = {key: entry for key, entry in self.entries.items() if key not in gone}
        documents |= {key: document for key, (document, _) in found.items()}
        entries |= {key: entry for key, (_, entry) in found.items()}
        return Side(documents, entries)

    def eligible(self, actor: Actor, *, except_of: UUID | None, today: date) -> frozenset[str]:
        """The ids of the postings that may be recommended to an actor."""
        return frozenset(
            key for key, entry in self.entries.items() if entry.open_to(actor, except_of=except_of, today=today)
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a ranking needs, as of one revision."""

    revision: int
    atlas: Atlas
    matcher: Matcher
    needs: Side
    offers: Side


class LiveIndex:
    """Keeps the newest snapshot. Threads share it; one of them at a time brings it up to date."""

    def __init__(self, params: MatcherParams | None = None) -> None:
        self.params = params or MatcherParams()
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    def current(self, session: Session) -> Snapshot:
        """A snapshot that knows every change committed before this call."""
        revision = changes.revision(session)
        snapshot = self._snapshot
        if snapshot is not None and snapshot.revision >= revision:
            return snapshot
        with self._lock:
            snapshot = self._snapshot
            if snapshot is None or snapshot.revision < revision:
                snapshot = self._advanced(session, snapshot)
                self._snapshot = snapshot
            return snapshot

    def _advanced(self, session: Session, old: Snapshot | None) -> Snapshot:
        # The revision is read first: what commits meanwhile is taken in now and once more next time, never missed.
        revision = changes.revision(session)
        if old is None:
            return self._whole(session, revision)
        changed = changes.since(session, old.revision)
        if any(change.kind == catalog.CHANGE_KIND for change in changed):
            return self._whole(session, revision)
        need_ids = [change.record_id for change in changed if change.kind == NEED.name]
        offer_ids = [change.record_id for change in changed if change.kind == CAPABILITY.name]
        needs = old.needs.with_changes(need_ids, self._needs(session, old.atlas, need_ids))
        offers = old.offers.with_changes(offer_ids, self._offers(session, old.atlas, offer_ids))
        if needs is old.needs and offers is old.offers:
            return replace(old, revision=revision)
        return self._fitted(revision, old.atlas, old.matcher.reader, needs, offers)

    def _whole(self, session: Session, revision: int) -> Snapshot:
        atlas = Atlas(
            industries=catalog.industry_paths(session),
            stages=catalog.scenario_stages(session),
            regions=catalog.containing_regions(session),
        )
        thesaurus = Thesaurus(Concept(*concept) for concept in catalog.thesaurus(session))
        needs = Side().with_changes((), self._needs(session, atlas, None))
        offers = Side().with_changes((), self._offers(session, atlas, None))
        return self._fitted(revision, atlas, Reader(thesaurus, cc_cedict()), needs, offers)

    def _fitted(self, revision: int, atlas: Atlas, reader: Reader, needs: Side, offers: Side) -> Snapshot:
        matcher = Matcher(self.params, reader)
        matcher.fit(list(offers.documents.values()), list(needs.documents.values()))
        return Snapshot(revision, atlas, matcher, needs, offers)

    def _needs(self, session: Session, atlas: Atlas, ids: list[UUID] | None) -> dict[str, tuple[Need, Entry]]:
        return {
            str(row.id): (
                need_document(NEED.matched_content_of(row), document_id=str(row.id), atlas=atlas),
                _entry(row),
            )
            for row in _published(NEEDS, session, ids)
        }

    def _offers(self, session: Session, atlas: Atlas, ids: list[UUID] | None) -> dict[str, tuple[Offer, Entry]]:
        return {
            str(row.id): (
                offer_document(CAPABILITY.matched_content_of(row), document_id=str(row.id), atlas=atlas),
                _entry(row),
            )
            for row in _published(CAPABILITIES, session, ids)
        }


def _published(postings: Postings[Any, Any, Any], session: Session, ids: list[UUID] | None) -> list[Any]:
    if ids is not None and not ids:
        return []
    return [row for row, _ in postings.published(session=session, ids=ids)]


def _entry(row: PostingColumns) -> Entry:
    return Entry(row.id, row.organization_id, row.details_level, row.valid_until)
