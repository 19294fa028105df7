"""Gathers overlapping Chinese pairs into the phrases people read: 破损 and 损率 are shown as 破损率."""

from collections.abc import Collection, Iterator

from app.matching.occurrences import Occurrences
from app.matching.text import is_bridge

PAIR = 2


def phrases(terms: Collection[str], need: Occurrences, offer: Occurrences) -> list[tuple[str, ...]]:
    """Group the terms two texts share.

    Args:
        terms: The shared terms.
        need: Where the terms of one side stand.
        offer: Where those of the other stand.

    Returns:
        Groups that hold every term once, apart from single characters that stand in no group. Chinese terms of one
        group are the characters and pairs of one phrase that stands in both texts; every other term is its own group.
    """
    left = {term for term in terms if not is_bridge(term)}
    groups: list[tuple[str, ...]] = [(term,) for term in sorted(set(terms) - left)]
    for phrase in _longest_first(left, need, offer):
        grams = {phrase[i : i + length] for length in (1, PAIR) for i in range(len(phrase) - length + 1)} & left
        if any(len(gram) == PAIR for gram in grams):
            groups.append(tuple(sorted(grams)))
            left -= grams
    return [*groups, *((term,) for term in sorted(left) if len(term) > 1)]


def _longest_first(terms: set[str], need: Occurrences, offer: Occurrences) -> list[str]:
    # Each run once: a text may repeat one many times, and finds the same phrases in it every time.
    other = "\n".join(set(_runs(terms, offer)))
    found = {phrase for run in set(_runs(terms, need)) for phrase in _common(run, other)}
    return sorted(found, key=lambda phrase: (-len(phrase), phrase))


def _runs(terms: set[str], occurrences: Occurrences) -> Iterator[str]:
    """Give the normalised texts in which shared pairs follow each other without a gap."""
    run, reached = "", (-1, -1)
    for field, start, _, term in occurrences.of(term for term in terms if len(term) == PAIR):
        if (field, start) == reached:
            run += term[1]
        else:
            if run:
                yield run
            run = term
        reached = (field, start + 1)
    if run:
        yield run


def _common(run: str, other: str) -> Iterator[str]:
    """Give the longest pieces of a run that stand in another text, from left to right."""
    start = 0
    while start + PAIR <= len(run):
        end = start + PAIR
        while end < len(run) and run[start : end + 1] in other:
            end += 1
        yield run[start:end]
        # The last pair may also begin the next phrase.
        start = end - 1
