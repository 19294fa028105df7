"""Who may be recommended what: the visibility of every indexed posting, in columns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.features.accounts.types import Actor
from app.features.postings import policy
from app.features.postings.types import PostingHead, Visibility

_LEVELS = tuple(Visibility)
_NOBODY = UUID(int=0)
_KIND = np.dtype([("id", "S36"), ("organization", "S16"), ("level", "u1"), ("identity", "u1"), ("until", "i4")])


# Without slots: a cached property needs a place to keep its value.
@dataclass(frozen=True)
class Entries:
    """Published postings of one kind, in the order of their ids unless said otherwise. Threads may share them.

    Attributes:
        rows: id, organisation, levels of the details and the identity (places in `Visibility`) and last day (as an
            ordinal).
    """

    rows: NDArray[np.void]

    @classmethod
    def of(cls, heads: Iterable[PostingHead]) -> "Entries":
        """The entries of some postings in any order."""
        read = [
            (
                str(head.id).encode(),
                head.organization_id.bytes,
                _LEVELS.index(head.details_level),
                _LEVELS.index(head.identity_level),
                (head.valid_until or date.max).toordinal(),
            )
            for head in heads
        ]
        return cls(np.sort(np.array(read, dtype=_KIND), order="id"))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[str]:
        """The ids as text."""
        return iter(np.char.decode(self.rows["id"]).tolist())

    def with_changes(self, changed: Iterable[UUID], found: Iterable[PostingHead]) -> "Entries":
        """These without the changed postings, and with those that are still published.

        The same entries when none of them was or is published: drafts come and go.
        """
        gone = [place for posting_id in changed if (place := self._place(str(posting_id))) is not None]
        added = Entries.of(found).rows
        if not gone and not len(added):
            return self
        kept = np.delete(self.rows, gone)
        return Entries(np.insert(kept, np.searchsorted(kept["id"], added["id"]), added))

    def open_to(self, actor: Actor, *, except_of: UUID | None, today: date) -> NDArray[np.bool_]:
        """Which postings may be recommended to an actor. Shape (entries,).

        Nobody is recommended to itself, as far as the actor may know: where it is hidden whose a posting is, its
        absence beside the owner's other postings would tell.
        """
        sees = policy.sight(actor)
        of_others = np.array([sees(_NOBODY, level) for level in _LEVELS])
        is_own = self._is_of(actor.organization_id) if actor.organization_id and not of_others.all() else False
        open_to: NDArray[np.bool_] = self._until >= today.toordinal()
        if not of_others.all():
            open_to &= of_others[self._level] | is_own
        return open_to & ~(self._is_of(except_of) & (of_others[self._identity] | is_own)) if except_of else open_to

    def in_order_of(self, ids: NDArray[np.bytes_]) -> "Entries":
        """The entries of some ids, in the order of these; one that is open to nobody for each that has none."""
        rows = np.append(self.rows, np.zeros(1, dtype=_KIND))
        places = np.searchsorted(self.rows["id"], ids.astype("S36"))
        return Entries(rows[np.where(rows["id"][places] == ids, places, len(self.rows))])

    def _is_of(self, organization_id: UUID) -> NDArray[np.bool_]:
        high, low = np.frombuffer(organization_id.bytes, dtype=np.uint64)
        is_of: NDArray[np.bool_] = (self._organization[0] == high) & (self._organization[1] == low)
        return is_of

    # Columns of their own are compared several times as fast as those of `rows`.

    @cached_property
    def _organization(self) -> NDArray[np.uint64]:
        halves = np.ascontiguousarray(self.rows["organization"]).view(np.uint64).reshape(-1, 2)
        return np.ascontiguousarray(halves.T)

    @cached_property
    def _level(self) -> NDArray[np.uint8]:
        return np.ascontiguousarray(self.rows["level"])

    @cached_property
    def _identity(self) -> NDArray[np.uint8]:
        return np.ascontiguousarray(self.rows["identity"])

    @cached_property
    def _until(self) -> NDArray[np.int32]:
        return np.ascontiguousarray(self.rows["until"])

    def _place(self, posting_id: str) -> int | None:
        wanted = posting_id.encode()
        place = int(np.searchsorted(self.rows["id"], np.bytes_(wanted)))
        return place if place < len(self.rows) and self.rows["id"][place] == wanted else None
