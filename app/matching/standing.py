"""Where every offer stands for a need, and what moves when the need changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.matching.ranking import Match, Violation


# Without slots: a cached property needs a place to keep its value.
@dataclass(frozen=True)
class Standing:
    """All considered offers for one need, best first, ties by id; a pair is put together only when it is asked for.

    Attributes:
        offer_ids: The offers in the order of their scores.
        match_at: The pair at a place, from 0, without its common terms.
    """

    offer_ids: tuple[str, ...]
    match_at: Callable[[int], Match]

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The rank of each offer, from 1."""
        return {offer_id: rank for rank, offer_id in enumerate(self.offer_ids, start=1)}

    def match(self, offer_id: str) -> Match:
        """The pair with an offer."""
        return self.match_at(self.ranks[offer_id] - 1)


@dataclass(frozen=True, slots=True)
class Shift:
    """One offer before and after the need changed; ranks are from 1."""

    rank_before: int
    rank_after: int
    before: Match
    after: Match

    @property
    def is_moved(self) -> bool:
        """Whether its rank changes, or whether it is suitable."""
        return self.rank_before != self.rank_after or self.before.suitable != self.after.suitable

    @property
    def gained(self) -> tuple[Violation, ...]:
        """What it breaks after and did not break before."""
        return _beyond(self.after, self.before)

    @property
    def lost(self) -> tuple[Violation, ...]:
        """What it broke before and does not break after."""
        return _beyond(self.before, self.after)


def shifts(before: Standing, after: Standing, k: int) -> tuple[Shift, ...]:
    """Compare two standings of the same offers.

    Args:
        before: How the offers stand for the need as it is.
        after: How they stand for the changed need.
        k: Look at the first so many of either.

    Returns:
        A shift for every offer among the first `k` before or after, in the order after; at most 2 `k`.
    """
    looked_at = {*before.offer_ids[:k], *after.offer_ids[:k]}
    return tuple(
        Shift(before.ranks[offer_id], after.ranks[offer_id], before.match(offer_id), after.match(offer_id))
        for offer_id in sorted(looked_at, key=after.ranks.__getitem__)
    )


def _beyond(these: Match, those: Match) -> tuple[Violation, ...]:
    known = {_subject(violation) for violation in those.violations}
    return tuple(violation for violation in these.violations if _subject(violation) not in known)


def _subject(violation: Violation) -> tuple[object, ...]:
    """What a violation is about: not how far it goes, and not the place of its requirement, which may have moved."""
    return violation.kind, violation.detail.get("metric"), violation.detail.get("operator")
