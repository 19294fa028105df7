"""Gathers overlapping Chinese pairs into the phrases people read: 破损 and 损率 are shown as 破损率."""

from collections.abc import Collection, Iterator, Sequence

from app.matching.prepared import ReadField
from app.matching.text import is_bridge

PAIR = 2


def phrases(terms: Collection[str], need: Sequence[ReadField], offer: Sequence[ReadField]) -> list[tuple[str, ...]]:
    """Group the terms two texts share.

    Args:
        terms: The shared terms.
        need: Read fields of one side.
        offer: Read fields of the other.

    Returns:
        Groups that hold every term once, apart from single characters that stand in no group. Chinese terms of one
        group are the characters and pairs of one phrase that stands in both texts; every other term is its own group.
    """
    left = {term for term in terms if not is_bridge(term)}
    groups: list[tuple[str, ...]] = [(term,) for term in sorted(terms) if is_bridge(term)]
    for phrase in _longest_first(left, need, offer):
        grams = {phrase[i : i + length] for length in (1, PAIR) for i in range(len(phrase) - length + 1)} & left
        if any(len(gram) == PAIR for gram in grams):
            groups.append(tuple(sorted(grams)))
            left -= grams
    return [*groups, *((term,) for term in sorted(left) if len(term) > 1)]


def _longest_first(terms: set[str], need: Sequence[ReadField], offer: Sequence[ReadField]) -> list[str]:
    other = "\n".join(_runs(terms, offer))
    found = {phrase for run in _runs(terms, need) for phrase in _common(run, other)}
    return sorted(found, key=lambda phrase: (-len(phrase), phrase))


def _runs(terms: set[str], fields: Sequence[ReadField]) -> Iterator[str]:
    """Give the normalised texts in which shared pairs follow each other without a gap."""
    for read in fields:
        run, reached = "", -1
        for token in read.tokens:
            if len(token.term) != PAIR or token.term not in terms:
                continue
            if run and token.start == reached:
                run += token.term[1]
            else:
                if run:
                    yield run
                run = token.term
            reached = token.start + 1
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
