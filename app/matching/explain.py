"""Which words two texts share, where they stand, and what each adds to the score."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.matching.fields import Field
from app.matching.occurrences import Occurrences
from app.matching.params import MatcherParams
from app.matching.phrases import phrases
from app.matching.query import Query
from app.matching.ranking import Span, TermShare
from app.matching.scoring import OfferIndex
from app.matching.vectorizer import Matrix

SHOWN_TERMS = 24
TAIL = "…"


def term_shares(
    query: Query, index: OfferIndex, row: int, *, text_share: float, params: MatcherParams, terms: Sequence[str]
) -> tuple[TermShare, ...]:
    """Split the text signal's share of a pair over the words both sides use.

    Args:
        query: The need.
        index: Holds the offer.
        row: Its row.
        text_share: What the text signal adds to the score.
        params: The parameters the score was computed with.
        terms: Names of the columns of the vectors.

    Returns:
        Words and phrases by falling share; stray characters and everything after the 24th are folded into one last
        `…`. The shares sum to `text_share`; empty when the texts share nothing.
    """
    parts = _contributions(query, index, row, params, terms)
    total = math.fsum(parts.values())
    if total <= 0:
        return ()
    need, offer = query.read.occurrences, index.offers[row].occurrences
    weighed = [(math.fsum(parts[term] for term in group), group) for group in phrases(parts, need, offer)]
    weighed.sort(key=lambda entry: (-entry[0], entry[1]))
    shown = weighed[:SHOWN_TERMS]
    needed, offered = (_places(side, [group for _, group in shown]) for side in (need, offer))
    shares = [
        TermShare(_label(here.form, there.form), here.spans, there.spans, text_share * part / total)
        for (part, _), here, there in zip(shown, needed, offered, strict=True)
    ]
    rest = text_share - math.fsum(share.share for share in shares)
    if sum(len(group) for _, group in shown) < len(parts):
        shares.append(TermShare(TAIL, (), (), rest))
    return tuple(shares)


def _contributions(
    query: Query, index: OfferIndex, row: int, params: MatcherParams, terms: Sequence[str]
) -> dict[str, float]:
    parts = _products(query.vectors, index.text.vectors, row)
    if query.chinese != index.text.chinese[row]:
        for column, part in _products(query.bridge, index.text.bridge, row).items():
            parts[column] += params.bridge * part
    return {terms[column]: part for column, part in parts.items()}


def _products(needs: Matrix, offers: Matrix, row: int) -> dict[int, float]:
    """Multiply the first row of one matrix with a row of another, term by term; only what is not 0."""
    stored = slice(offers.indptr[row], offers.indptr[row + 1])
    columns = offers.indices[stored]
    products = needs[0].toarray()[0][columns] * offers.data[stored]
    return {int(columns[i]): float(products[i]) for i in np.flatnonzero(products)}


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
    owner: dict[str, int] = {}
    for i, group in enumerate(groups):
        owner.update(dict.fromkeys([term for term in group if len(term) > 1] or group, i))
    ranges: list[list[_Range]] = [[] for _ in groups]
    for field, token in occurrences.of(owner):
        found = ranges[owner[token.term]]
        if found and found[-1].field is field and token.start < found[-1].end:
            found[-1].end = max(found[-1].end, token.end)
        else:
            found.append(_Range(field, token.start, token.end))
    return [_placed(found) for found in ranges]


def _placed(ranges: Sequence[_Range]) -> _Places:
    return _Places(
        spans=tuple(Span(found.field.name, found.start, found.end) for found in ranges),
        form=max((found.field.text[found.start : found.end] for found in ranges), key=len, default=""),
    )


def _label(need_form: str, offer_form: str) -> str:
    return need_form if need_form.casefold() == offer_form.casefold() else f"{need_form} ~ {offer_form}"
