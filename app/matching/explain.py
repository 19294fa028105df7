"""Which words two texts share, where they stand, and what each adds to the score."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.matching.fields import Field
from app.matching.lexicon import Wanted
from app.matching.occurrences import Occurrences
from app.matching.phrases import phrases
from app.matching.query import Query
from app.matching.ranking import Span, TermShare
from app.matching.scoring import OfferIndex
from app.matching.translation import WordGroup
from app.matching.vectorizer import Matrix

SHOWN_TERMS = 24
TAIL = "…"


def term_shares(
    query: Query, index: OfferIndex, row: int, *, text_share: float, terms: Sequence[str]
) -> tuple[TermShare, ...]:
    """Split the text signal's share of a pair over the words both sides use.

    Args:
        query: The need.
        index: Holds the offer.
        row: Its row.
        text_share: What the text signal adds to the score.
        terms: Names of the columns of the index.

    Returns:
        Words and phrases by falling size of their share, which is negative for what one side rules out; stray
        characters and everything after the 24th are folded into one last `…`. The shares sum to `text_share`; empty
        when the texts share nothing, or no more than is ruled out.
    """
    offer = index.offers[row].occurrences
    native = query.chinese == index.text.chinese[row]
    common = _repeated(query, index, row, terms) if native else _translated(query, index, row, terms)
    total = math.fsum(common.parts)
    if total <= 0:
        return ()
    # What an offer says and rules out as often adds nothing.
    adding = [i for i in range(len(common.words)) if common.parts[i]]
    order = sorted(adding, key=lambda i: (-abs(common.parts[i]), common.words[i]))[:SHOWN_TERMS]
    needed = common.needed(order)
    offered = _places(offer, [common.words[i] for i in order])
    shares = [
        TermShare(_label(here.form, there.form), here.spans, there.spans, text_share * common.parts[i] / total)
        for i, here, there in zip(order, needed, offered, strict=True)
    ]
    if len(order) < sum(map(bool, common.parts)):
        shares.append(TermShare(TAIL, (), (), text_share - math.fsum(share.share for share in shares)))
    return tuple(shares)


@dataclass(frozen=True, slots=True)
class _Common:
    """What two texts have in common.

    Attributes:
        words: Groups of index terms by which the offer says something the need says.
        parts: What each adds to the text score, in the order of `words`; what nobody shows comes after.
        needed: Finds where some of the words stand in the need.
    """

    words: list[tuple[str, ...]]
    parts: list[float]
    needed: Callable[[Sequence[int]], list["_Places"]]


def _repeated(query: Query, index: OfferIndex, row: int, terms: Sequence[str]) -> _Common:
    """In one language: the terms of both sides, gathered into phrases."""
    need, offer = query.read.occurrences, index.offers[row].occurrences
    weights = _row(index.text.weights, row)
    parts = {
        terms[column]: weight * weights[column]
        for column, weight in _row(query.words, 0).items()
        if weight * weights.get(column, 0.0)
    }
    groups = phrases(parts, need, offer)
    grouped = [math.fsum(parts[term] for term in group) for group in groups]
    single = [parts[term] for term in parts.keys() - {term for group in groups for term in group}]
    return _Common(groups, grouped + single, lambda order: _places(need, [groups[i] for i in order]))


def _translated(query: Query, index: OfferIndex, row: int, terms: Sequence[str]) -> _Common:
    """In two languages: the words of the need of which the offer uses a translation."""
    weights = _row(index.text.weights, row)
    met: list[tuple[Wanted, tuple[str, ...], float]] = []
    for word in query.wanted:
        used = sorted(column for column, weight in word.terms.items() if weight * weights.get(column, 0.0))
        if used:
            part = math.fsum(word.terms[column] * weights[column] for column in used)
            met.append((word, tuple(terms[column] for column in used), part))
    return _Common(
        [used for _, used, _ in met],
        [part for _, _, part in met],
        lambda order: [_written(met[i][0].groups) for i in order],
    )


def _row(matrix: Matrix, row: int) -> dict[int, float]:
    stored = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return dict(zip(matrix.indices[stored].tolist(), matrix.data[stored].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a group stands on one side, and the longest form it takes there."""

    spans: tuple[Span, ...]
    form: str


@dataclass(slots=True)
class _Range:
    """A span that still grows while overlapping terms are joined to it."""

    field: Field
    start: int
    end: int


def _places(occurrences: Occurrences, groups: Sequence[Sequence[str]]) -> list[_Places]:
    """Find where the terms of each group stand, overlaps joined.

    The single characters of a phrase are shown only where a pair of it stands.
    """
    owners: dict[str, list[int]] = {}
    for i, group in enumerate(groups):
        for term in [term for term in group if len(term) > 1] or group:
            owners.setdefault(term, []).append(i)
    ranges: list[list[_Range]] = [[] for _ in groups]
    for field, token in occurrences.of(owners):
        for owner in owners[token.term]:
            found = ranges[owner]
            if found and found[-1].field is field and token.start < found[-1].end:
                found[-1].end = max(found[-1].end, token.end)
            else:
                found.append(_Range(field, token.start, token.end))
    return [_placed(found) for found in ranges]


def _written(groups: Sequence[WordGroup]) -> _Places:
    return _placed([_Range(group.field, group.start, group.end) for group in groups])


def _placed(ranges: Sequence[_Range]) -> _Places:
    return _Places(
        spans=tuple(Span(found.field.name, found.start, found.end) for found in ranges),
        form=max((found.field.text[found.start : found.end] for found in ranges), key=len, default=""),
    )


def _label(need_form: str, offer_form: str) -> str:
    return need_form if need_form.casefold() == offer_form.casefold() else f"{need_form} ~ {offer_form}"
