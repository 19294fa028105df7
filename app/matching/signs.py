"""What the matcher can tell about a need's own words, before any pair: which of them can decide something."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.matching.documents import Spec
from app.matching.figures import LIKELY_SIMILARITY
from app.matching.index import OfferIndex, Segment
from app.matching.offer_table import fields_of, offer_at
from app.matching.prepared import ReadField
from app.matching.requirements import name_cosines
from app.matching.scan import Counted, count_users
from app.matching.search import Ask

# A need with fewer different terms than this part of the median need says little.
THIN = 0.5
# A word that more than this part of the offers use hardly sets them apart, unless they are so few that it does.
COMMON = 0.2
LEAST_COMMON = 10

Sign = Literal["unheard", "common"]


@dataclass(frozen=True, slots=True)
class Signs:
    """What a need's words are worth.

    Attributes:
        is_thin: Whether the need has fewer than half the different terms of the median fitted need in its script:
            Chinese characters and pairs make more terms of the same thought than English words.
        keywords: For each keyword `unheard` when no offer uses any of its words or a translation, `common` when every
            word of it that is used is used by more than a fifth of the offers and by more than ten, else None.
        requirements: The same for each requirement, its text and the name of its figure taken together.
    """

    is_thin: bool
    keywords: tuple[Sign | None, ...]
    requirements: tuple[Sign | None, ...]


@dataclass(frozen=True, slots=True)
class LikeFigure:
    """A figure some offer states under a name like a requirement that has none."""

    requirement: int
    spec: Spec
    similarity: float


def read_signs(ask: Ask, index: OfferIndex, considered: NDArray[np.bool_], *, sizes: Sequence[int]) -> Signs:
    """Look at the words of a need.

    Args:
        ask: The need.
        index: The fitted offers.
        considered: Whose words count, a mask over its rows; what others use leaves no trace.
        sizes: How many different terms each fitted need in its script has; with none it is not called thin.
    """
    query = ask.query
    users = _users(ask, index, considered)
    fields = {read.field.name: read for read in query.read.fields}
    need = query.read.document

    def sign(*names: str) -> Sign | None:
        found = _sign([fields[name] for name in names if name in fields], users, ask)
        return None if found == "unheard" and _translated(names, users, ask) else found

    return Signs(
        is_thin=bool(sizes) and len(query.words.terms) < THIN * float(np.median(sizes)),
        keywords=tuple(sign(f"keywords.{i}") for i in range(len(need.keywords))),
        requirements=tuple(
            sign(f"requirements.{i}.text", f"requirements.{i}.metric") for i in range(len(need.requirements))
        ),
    )


def like_figures(ask: Ask, index: OfferIndex, offer_ids: Collection[str]) -> tuple[LikeFigure, ...]:
    """Find figures that could be asked for where a requirement is in words only.

    Args:
        ask: The need.
        index: The fitted offers.
        offer_ids: Whose figures are looked at.

    Returns:
        Figures whose name is likely that of the requirement, most alike first; none twice.
    """
    found = [
        LikeFigure(i, spec, alike)
        for offer_id in sorted(offer_ids)
        if (place := index.find(offer_id)) is not None
        for i, spec, alike in _like_specs(ask, *place)
    ]
    found.sort(key=lambda like: (-like.similarity, like.requirement, like.spec.metric, like.spec.value))
    first: dict[tuple[int, Spec], LikeFigure] = {}
    for like in found:
        first.setdefault((like.requirement, like.spec), like)
    return tuple(first.values())


def _like_specs(ask: Ask, segment: Segment, row: int) -> Iterator[tuple[int, Spec, float]]:
    """Give the specs of an offer under a name like that of a requirement without a figure."""
    figures = segment.table.children["figures"]
    cosines = name_cosines(ask.query, ask.probe, segment.table, np.array([row]), ask.model.short_texts)
    # The first figures of an offer are its specs, those without a legible name left out.
    fields, specs = fields_of(offer_at(segment.table, row)), offer_at(segment.table, row).specs
    named = {f"specs.{i}.metric": spec for i, spec in enumerate(specs)}
    for number, alike in zip(range(*figures.of(row).indices(figures.table.rows)), cosines, strict=True):
        spec = named.get(fields[figures["field"][number]].name) if figures["source"][number] == 0 else None
        for i, requirement in enumerate(ask.query.read.document.requirements):
            if spec is not None and requirement.target is None and alike[i] >= LIKELY_SIMILARITY:
                yield i, Spec(spec.metric, spec.operator, spec.value, spec.unit), min(1.0, float(alike[i]))


@dataclass(frozen=True, slots=True)
class _Users:
    """How many considered offers there are and use each of some terms, by whether they are in the need's language."""

    offers: int
    native: Mapping[int, int]
    foreign: Mapping[int, int]

    def of(self, term: int) -> int:
        """How many use a term."""
        return self.native.get(term, 0) + self.foreign.get(term, 0)


def _users(ask: Ask, index: OfferIndex, considered: NDArray[np.bool_]) -> _Users:
    counted = np.zeros((2, len(ask.probe.terms)), dtype=np.int64)
    offers = 0
    for segment, mask in index.parts(considered):
        owned, other = segment.table.children["terms"], segment.table["chinese"] != ask.query.chinese
        offers += int(mask.sum())
        texts = Counted(owned.starts, owned["term"], owned["count"])
        for side, wanted in enumerate((mask & ~other, mask & other)):
            counted[side] += count_users(wanted, texts, ask.probe.slots, counted.shape[1])
    terms = ask.probe.terms.tolist()
    native, foreign = (dict(zip(terms, row, strict=True)) for row in counted.tolist())
    return _Users(offers, native, foreign)


def _sign(texts: Sequence[ReadField], users: _Users, ask: Ask) -> Sign | None:
    # a single Chinese character stands in most texts whatever they are about
    terms = {token.term for read in texts for token in read.tokens if len(token.term) > 1}
    numbered = [number for term in terms if (number := ask.model.numbers.terms.get(term)) is not None]
    used = [count for number in numbered if (count := users.of(number))]
    if not used:
        return "unheard"
    return "common" if min(used) > max(COMMON * users.offers, LEAST_COMMON) else None


def _translated(names: Collection[str], users: _Users, ask: Ask) -> bool:
    """Say whether an offer in the other language uses a translation of a word that stands in some fields."""
    terms = ask.model.numbers.terms.values
    return any(
        users.foreign.get(term, 0)
        for word in ask.query.wanted
        if len(word.groups[0].key) > 1 and any(group.field.name in names for group in word.groups)
        for term in word.terms
        if len(terms[term]) > 1
    )
