"""Which words two texts share, where they stand, and what each adds to the score."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.matching.fields import Field
from app.matching.lexicon import Wanted
from app.matching.occurrences import Occurrences
from app.matching.offer_table import tokens_at
from app.matching.phrases import phrases
from app.matching.probe import Probe
from app.matching.query import Query
from app.matching.ranking import Span, TermShare
from app.matching.scoring import Model
from app.matching.table import Table
from app.matching.translation import WordGroup

SHOWN_TERMS = 24
TAIL = "…"


@dataclass(frozen=True, slots=True)
class OfferWords:
    """What an offer says of a need's words.

    Attributes:
        is_native: Whether it is in the need's language.
        weights: What it earns by each of the need's terms it uses, before the need's weight.
        occurrences: Where they stand.
    """

    is_native: bool
    weights: Mapping[int, float]
    occurrences: Occurrences


def offer_words(
    query: Query, probe: Probe, table: Table, row: int, fields: Sequence[Field], model: Model
) -> OfferWords:
    """Gather what an offer, in a row of a table with these fields, says of a need's words."""
    owned = table.children["terms"]
    terms, counts = (owned[name][owned.of(row)] for name in ("term", "count"))
    shared = probe.slots[terms] >= 0
    terms, counts = terms[shared], counts[shared].astype(np.float64)
    weights = model.lexicon.saturated(counts, model.lexicon.lengths(table["length"][row : row + 1]))
    return OfferWords(
        is_native=bool(table["chinese"][row]) == query.chinese,
        weights=dict(zip(terms.tolist(), weights.tolist(), strict=True)),
        occurrences=Occurrences(tokens_at(table, row, fields, probe.wanted, model.numbers.terms)),
    )


def term_shares(query: Query, offer: OfferWords, *, text_share: float, terms: Sequence[str]) -> tuple[TermShare, ...]:
    """Split the text signal's share of a pair over the words both sides use.

    Args:
        query: The need.
        offer: What the offer says of its words.
        text_share: What the text signal adds to the score.
        terms: Names of terms by number.

    Returns:
        Words and phrases by falling size of their share, which is negative for what one side rules out; stray
        characters and everything after the 24th are folded into one last `…`. The shares sum to `text_share`; empty
        when the texts share nothing, or no more than is ruled out.
    """
    common = _repeated(query, offer, terms) if offer.is_native else _translated(query, offer, terms)
    total = math.fsum(common.parts)
    if total <= 0:
        return ()
    # What an offer says and rules out as often adds nothing.
    adding = [i for i in range(len(common.words)) if common.parts[i]]
    order = sorted(adding, key=lambda i: (-abs(common.parts[i]), common.words[i]))[:SHOWN_TERMS]
    needed = common.needed(order)
    offered = _places(offer.occurrences, [common.words[i] for i in order])
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


def _repeated(query: Query, offer: OfferWords, terms: Sequence[str]) -> _Common:
    """In one language: the terms of both sides, gathered into phrases."""
    need = query.read.occurrences
    parts = {
        terms[term]: weight * offer.weights[term]
        for term, weight in zip(query.words.terms.tolist(), query.words.weights.tolist(), strict=True)
        if weight * offer.weights.get(term, 0.0)
    }
    groups = phrases(parts, need, offer.occurrences)
    grouped = [math.fsum(parts[term] for term in group) for group in groups]
    single = [parts[term] for term in parts.keys() - {term for group in groups for term in group}]
    return _Common(groups, grouped + single, lambda order: _places(need, [groups[i] for i in order]))


def _translated(query: Query, offer: OfferWords, terms: Sequence[str]) -> _Common:
    """In two languages: the words of the need of which the offer uses a translation."""
    weights = offer.weights
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
