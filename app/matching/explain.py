"""Which words two texts share, where they stand, and what each adds to the score."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.matching.fields import Field
from app.matching.lexicon import Wanted
from app.matching.occurrences import Occurrences, characters, gathered
from app.matching.offer_table import occurrences_at
from app.matching.phrases import phrases
from app.matching.probe import Probe
from app.matching.query import Query
from app.matching.ranking import Span, TermShare
from app.matching.scan import PER_COUNT
from app.matching.scoring import Model
from app.matching.table import Table
from app.matching.text import is_character
from app.matching.translation import WordGroup

SHOWN_TERMS = 24
TAIL = "…"


@dataclass(frozen=True, slots=True)
class OfferWords:
    """What an offer says of a need's words.

    Attributes:
        is_native: Whether it is in the need's language.
        names: The need's terms it uses, by number.
        earned: What it earns by each, before the need's weight.
        occurrences: Where they stand.
    """

    is_native: bool
    names: Mapping[int, str]
    earned: Mapping[int, float]
    occurrences: Occurrences


def offer_words(
    query: Query, probe: Probe, table: Table, row: int, fields: Sequence[Field], model: Model
) -> OfferWords:
    """Gather what an offer, in a row of a table with these fields, says of a need's words."""
    owned = table.children["terms"]
    terms, counts = (owned[name][owned.of(row)] for name in ("term", "count"))
    shared = (probe.slots[terms] >= 0) & (counts != 0)
    numbers = terms[shared].tolist()
    lengths = model.lexicon.lengths(table["length"][row : row + 1])
    earned = model.lexicon.saturated(counts[shared] / PER_COUNT, lengths)
    names = {number: model.numbers.terms.values[number] for number in numbers}
    is_native = bool(table["chinese"][row]) == query.chinese
    places = occurrences_at(table, row, fields, probe.slots, names)
    if not is_native:
        # Within one language they are shown as parts of phrases, but one of them may be all of a translation.
        single = gathered(characters(fields, list(filter(is_character, names.values()))))
        places = replace(places, by_term={**places.by_term, **single})
    return OfferWords(is_native, names, dict(zip(numbers, earned.tolist(), strict=True)), places)


def term_shares(query: Query, probe: Probe, offer: OfferWords, *, text_share: float) -> tuple[TermShare, ...]:
    """Split the text signal's share of a pair over the words both sides use.

    Args:
        query: The need.
        probe: The same, laid out.
        offer: What the offer says of its words.
        text_share: What the text signal adds to the score.

    Returns:
        Words and phrases by falling size of their share, which is negative for what one side rules out; stray
        characters and everything after the 24th are folded into one last `…`. The shares sum to `text_share`; empty
        when the texts share nothing, or no more than is ruled out.
    """
    common = _repeated(query, probe, offer) if offer.is_native else _translated(query, offer)
    total = math.fsum(common.parts)
    if total <= 0:
        return ()
    # What an offer says and rules out as often adds nothing.
    adding = [i for i in range(len(common.words)) if common.parts[i]]
    order = sorted(adding, key=lambda i: (-abs(common.parts[i]), common.words[i]))[:SHOWN_TERMS]
    shares = []
    for i in order:
        here, there = common.needed(i), _placed(offer.occurrences, common.words[i])
        label = _label(here.form, there.form)
        shares.append(TermShare(label, here.spans, there.spans, text_share * common.parts[i] / total))
    if len(order) < sum(map(bool, common.parts)):
        shares.append(TermShare(TAIL, (), (), text_share - math.fsum(share.share for share in shares)))
    return tuple(shares)


@dataclass(frozen=True, slots=True)
class _Common:
    """What two texts have in common.

    Attributes:
        words: Groups of index terms by which the offer says something the need says.
        parts: What each adds to the text score, in the order of `words`; what nobody shows comes after.
        needed: Finds where one of the words stands in the need.
    """

    words: list[tuple[str, ...]]
    parts: list[float]
    needed: Callable[[int], "_Places"]


def _repeated(query: Query, probe: Probe, offer: OfferWords) -> _Common:
    """In one language: the terms of both sides, gathered into phrases."""
    need = query.read.occurrences
    weights = probe.weights[probe.slots[list(offer.names)], 0].tolist() if offer.names else []
    parts = {
        name: weight * earned
        for name, weight, earned in zip(offer.names.values(), weights, offer.earned.values(), strict=True)
        if weight
    }
    groups = phrases(parts, need, offer.occurrences)
    grouped = [math.fsum(parts[term] for term in group) for group in groups]
    single = [parts[term] for term in parts.keys() - {term for group in groups for term in group}]
    return _Common(groups, grouped + single, lambda i: _needed(need, groups[i]))


def _translated(query: Query, offer: OfferWords) -> _Common:
    """In two languages: the words of the need of which the offer uses a translation."""
    met: list[tuple[Wanted, tuple[str, ...], float]] = []
    for word in query.wanted:
        used = sorted(column for column, weight in word.terms.items() if weight and column in offer.earned)
        if used:
            part = math.fsum(word.terms[column] * offer.earned[column] for column in used)
            met.append((word, tuple(offer.names[column] for column in used), part))
    return _Common(
        [used for _, used, _ in met],
        [part for _, _, part in met],
        lambda i: _written(met[i][0].groups),
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a group stands on one side, and the longest form it takes there."""

    spans: tuple[Span, ...]
    form: str


# Many offers share the same words with one need. Its first twenty share some forty groups of them, so this holds groups
# of about the last 25 needs, and with them their texts.
@lru_cache(maxsize=1024)
def _needed(need: Occurrences, terms: tuple[str, ...]) -> _Places:
    return _placed(need, terms)


def _placed(occurrences: Occurrences, terms: Sequence[str]) -> _Places:
    """Find where the terms of a group stand, overlaps joined.

    The single characters of a phrase are shown only where a pair of it stands.
    """
    fields = occurrences.fields
    ranges: list[tuple[Field, int, int]] = []
    number, start, end = -1, 0, 0
    for field, first, last, _ in occurrences.of([term for term in terms if len(term) > 1] or terms):
        if field == number and first < end:
            end = max(end, last)
            ranges[-1] = (fields[number], start, end)
        else:
            number, start, end = field, first, last
            ranges.append((fields[number], start, end))
    return _shown(ranges)


def _written(groups: Sequence[WordGroup]) -> _Places:
    return _shown([(group.field, group.start, group.end) for group in groups])


def _shown(ranges: Sequence[tuple[Field, int, int]]) -> _Places:
    return _Places(
        spans=tuple([Span(field.name, start, end) for field, start, end in ranges]),
        form=max([field.text[start:end] for field, start, end in ranges], key=len, default=""),
    )


def _label(need_form: str, offer_form: str) -> str:
    # Of an offer of very many different terms some have no place there, see `offer_table`.
    alike = not offer_form or need_form.casefold() == offer_form.casefold()
    return need_form if alike else f"{need_form} ~ {offer_form}"
