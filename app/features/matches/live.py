"""This process's index of published postings: a cache of the database at a known revision.

Every request first compares revisions (one small query) and takes in what it lacks, so a posting published in any
process is ranked by every other on its next request. A snapshot never changes; a newer one replaces it.

Many offers are kept on disk: made in the background, swapped in when they are there, while the older snapshot serves.
"""

import threading
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.core.errors import NotReady
from app.db import changes
from app.features.accounts.types import Actor
from app.features.capabilities.kind import CAPABILITY
from app.features.capabilities.service import CAPABILITIES
from app.features.catalog import service as catalog
from app.features.matches.adapter import Atlas
from app.features.matches.basis import Basis, read_basis
from app.features.matches.entries import Entries
from app.features.matches.published import (
    BATCH,
    all_entries,
    all_needs,
    all_offers,
    as_need,
    as_offer,
    head_of,
    published_among,
)
from app.features.matches.store import IndexStore, Stored
from app.features.needs.kind import NEED
from app.features.needs.service import NEEDS
from app.matching import Eligible, Matcher, MatcherParams, Numberings, load, save

log = structlog.get_logger()

_MERGED = 8_000  # offers merged at a time


# Without slots: a cached property needs a place to keep its value.
@dataclass(frozen=True)
class Snapshot:
    """Everything a ranking needs, as of one revision.

    Attributes:
        revision: every change up to this one is in it.
        basis: what it is made of beside the postings.
        matcher: ranks them.
        needs: who may see which need.
        offers: who may see which capability.
        stored: the revision of the index on disk it began with; None if it began with none.
        is_outdated: whether the catalogue has changed since; another one is being made.
    """

    revision: int
    basis: Basis
    matcher: Matcher
    needs: Entries
    offers: Entries
    stored: int | None = None
    is_outdated: bool = False

    @property
    def atlas(self) -> Atlas:
        """The catalogue as the matcher needs it."""
        return self.basis.atlas

    def eligible_offers(self, actor: Actor, *, except_of: UUID | None, today: date) -> Eligible:
        """The capabilities that may be recommended to an actor."""
        return self._ranked.open_to(actor, except_of=except_of, today=today)

    def eligible_needs(self, actor: Actor, *, except_of: UUID | None, today: date) -> frozenset[str]:
        """The needs that may be recommended to an actor."""
        mask = self.needs.open_to(actor, except_of=except_of, today=today)
        return frozenset(Entries(self.needs.rows[mask]))

    @cached_property
    def _ranked(self) -> Entries:
        # Looking up every offer takes longer than finding the best of them.
        return self.offers.in_order_of(self.matcher.offer_ids)


class LiveIndex:
    """Keeps the newest snapshot. Threads share it; one of them at a time brings it up to date."""

    def __init__(
        self,
        store: IndexStore | None = None,
        *,
        params: MatcherParams | None = None,
        stored_from: int = 2_000,
        merged_from: int = 1_000,
        makes: bool = True,
    ) -> None:
        """Make an empty index.

        Args:
            store: where many offers are kept; None to read them all at every start.
            params: the numbers of the score.
            stored_from: so many offers are many.
            merged_from: so many changed offers are merged into the index on disk.
            makes: whether it makes one in the background; not for a process that ends at once.
        """
        self.store = store
        self.params = params or MatcherParams()
        self.stored_from = stored_from
        self.merged_from = merged_from
        self.makes = makes
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._made: Stored | None = None
        self._maker: threading.Thread | None = None

    def current(self, session: Session) -> Snapshot:
        """A snapshot that knows every change committed before this call.

        Raises:
            NotReady: there are many offers, and their index is not made yet.
        """
        revision = changes.revision(session)
        snapshot = self._snapshot
        if snapshot is not None and snapshot.revision >= revision and self._made is None:
            return snapshot
        with self._lock:
            snapshot = self._snapshot
            if snapshot is None or snapshot.revision < revision or self._made is not None:
                snapshot = self._snapshot = self._advanced(session, snapshot)
            return snapshot

    def settle(self) -> None:
        """Wait until nothing is being made."""
        maker = self._maker
        if maker is not None:
            maker.join()

    def _advanced(self, session: Session, old: Snapshot | None) -> Snapshot:
        # The revision is read first: what commits meanwhile is taken in now and once more next time, never missed.
        revision = changes.revision(session)
        made, self._made = self._made, None
        snapshot = self._opened(session, made) or old if made else old
        snapshot = self._with_changes(session, snapshot or self._first(session, revision), revision)
        if self.store is not None and self._wants_another(snapshot):
            self._make(session, snapshot)
        return snapshot

    def _first(self, session: Session, revision: int) -> Snapshot:
        store = self.store
        if store is None or CAPABILITIES.count_published(session=session) < self.stored_from:
            return self._fitted(session, revision)
        stored = store.newest(read_basis(session, self.params).fingerprint)
        snapshot = stored and self._opened(session, stored)
        if not snapshot:
            self._make(session, None)
            raise NotReady(
                "匹配索引正在建立，请稍后再试。能力多时，可先运行：duijie index",
                "The matching index is being made; try again later. With many capabilities run first: duijie index",
            )
        return snapshot

    def _fitted(self, session: Session, revision: int) -> Snapshot:
        """Read everything."""
        basis = read_basis(session, self.params)
        matcher = Matcher(self.params, basis.reader)
        matcher.fit(list(all_offers(session, basis.atlas)), list(all_needs(session, basis.atlas)))
        return Snapshot(revision, basis, matcher, *all_entries(session))

    def _opened(self, session: Session, stored: Stored) -> Snapshot | None:
        """Begin with an index on disk; None if it is gone or was made of something else."""
        basis = read_basis(session, self.params)
        if not stored.folder.name.endswith(basis.fingerprint):
            return None
        try:
            stored.require_mark(changes.mark(session, stored.revision))
            matcher = load(stored.folder, Matcher(self.params, basis.reader))
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            log.warning("index not readable", folder=str(stored.folder), error=str(error))
            stored.drop()
            return None
        return Snapshot(stored.revision, basis, matcher, *all_entries(session), stored.revision)

    def _with_changes(self, session: Session, old: Snapshot, revision: int) -> Snapshot:
        """Take in what changed since a snapshot."""
        changed = changes.since(session, old.revision)
        if any(change.kind == catalog.CHANGE_KIND for change in changed):
            if old.stored is None:
                return self._fitted(session, revision)
            basis = read_basis(session, self.params)
            # Codes count from now on, and words when they have been read with the new thesaurus.
            old = replace(
                old,
                basis=replace(old.basis, atlas=basis.atlas),
                is_outdated=basis.fingerprint != old.basis.fingerprint,
            )
        # A posting changes more than once: each is asked for once.
        need_ids = list(dict.fromkeys(change.record_id for change in changed if change.kind == NEED.name))
        offer_ids = list(dict.fromkeys(change.record_id for change in changed if change.kind == CAPABILITY.name))
        need_rows = published_among(NEEDS, session, need_ids)
        offer_rows = published_among(CAPABILITIES, session, offer_ids)
        needs = old.needs.with_changes(need_ids, map(head_of, need_rows))
        offers = old.offers.with_changes(offer_ids, map(head_of, offer_rows))
        gone = frozenset(map(str, chain(need_ids, offer_ids)))
        if not need_rows and not offer_rows and not old.matcher.holds(gone):
            return replace(old, revision=revision, needs=needs, offers=offers)
        matcher = old.matcher.changed(
            offers=[as_offer(row, old.atlas) for row in offer_rows],
            needs=[as_need(row, old.atlas) for row in need_rows],
            gone=gone,
        )
        return replace(old, revision=revision, matcher=matcher, needs=needs, offers=offers)

    def _wants_another(self, snapshot: Snapshot) -> bool:
        """Whether a new index on disk would be better than what there is."""
        if snapshot.stored is None:
            return len(snapshot.offers) >= self.stored_from
        return snapshot.is_outdated or snapshot.matcher.index_.loose >= self.merged_from

    def _make(self, session: Session, snapshot: Snapshot | None) -> None:
        """Make an index in the background, if none is being made."""
        if self.makes and (self._maker is None or not self._maker.is_alive()):
            self._maker = threading.Thread(
                target=self._making, args=(Session(session.get_bind()), snapshot), name="duijie-index", daemon=True
            )
            self._maker.start()

    def _making(self, session: Session, snapshot: Snapshot | None) -> None:
        try:
            with session:
                made = self.make(session, snapshot)
            with self._lock:
                self._made = made
        except Exception:
            # What there is serves on; the next change tries again.
            log.exception("index not made")

    def make(self, session: Session, snapshot: Snapshot | None = None) -> Stored:
        """Make an index on disk, or find the one another process has made meanwhile.

        Args:
            session: reads the database.
            snapshot: what there is; if it is made of the same things it is merged instead of read anew.
        """
        store = self.store
        if store is None:
            raise ValueError("there is no folder to make an index in")
        with store.alone():
            basis = read_basis(session, self.params)
            newest = store.newest(basis.fingerprint)
            same = snapshot if snapshot and snapshot.basis.fingerprint == basis.fingerprint else None
            known = -1 if same is None or same.stored is None else same.stored
            revision = changes.revision(session)
            if newest and newest.revision > known and revision - newest.revision < self.merged_from:
                return newest
            if same:
                mark = changes.mark(session, same.revision)
                return store.keep(basis.fingerprint, same.revision, mark, lambda folder: _merge(folder, same.matcher))
            log.info("index being made", offers=CAPABILITIES.count_published(session=session))
            mark = changes.mark(session, revision)
            return store.keep(basis.fingerprint, revision, mark, lambda folder: self._read_all(folder, session, basis))

    def _read_all(self, folder: Path, session: Session, basis: Basis) -> None:
        """Write an index of everything there is, some postings at a time."""
        matcher, numbers = Matcher(self.params, basis.reader), Numberings()
        needs = matcher.need_table(all_needs(session, basis.atlas), numbers)
        offers = all_offers(session, basis.atlas)
        batches = iter(lambda: list(islice(offers, BATCH)), [])
        tables = (matcher.offer_table(batch, numbers) for batch in chain([[]], batches))
        save(folder, self.params, tables, needs, numbers)


def _merge(folder: Path, matcher: Matcher) -> None:
    """Write an index of what a matcher was fitted on, without reading any offer again."""
    numbers = matcher.model_.numbers
    needs = matcher.need_table(matcher.needs_.values(), numbers)
    save(folder, matcher.params, matcher.index_.in_order(_MERGED), needs, numbers)
