"""What counting documents teaches about terms, and the weighting built on it: BM25 with a steeper idf.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). A need's weights are divided
by what a copy of it would earn, so that a score says which part of the need an offer covers, and needs can be compared.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.matching.figures import Asked, asked_counts, count_kinds
from app.matching.params import MatcherParams
from app.matching.table import Table
from app.matching.terms import Terms
from app.matching.translation import WordGroup

_KEPT_WORDS = 16_384

Alternatives = tuple[tuple[str, ...], ...]
Numbers = TypeVar("Numbers", float, NDArray[np.float64])


class Row(NamedTuple):
    """Terms with a weight each: numbers in their order, shape (n,), and weights, shape (n,)."""

    terms: NDArray[np.int32]
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What counting the documents of both sides gives; whole numbers, so that no order of counting shows.

    What is secret is left out: from scores that are explained to the last digit its words could be guessed one by one.

    Attributes:
        documents: How many there are.
        frequency: How many of them use each term; shape (terms,), terms met later left out.
        offers: How many of them are offers.
        length: Sum of the lengths of the offers in weighted terms.
        figures: How many offers state a figure of each kind, see `figures.count_kinds`; shape (kinds,), kinds met later
            left out.
    """

    documents: int = 0
    frequency: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    offers: int = 0
    length: float = 0.0
    figures: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def with_needs(self, needs: Table, terms: int, sign: int = 1) -> "Statistics":
        """Count needs; or with -1 take them out again."""
        return self._with(needs, terms, sign)

    def with_offers(self, offers: Table, terms: int, sign: int = 1) -> "Statistics":
        """Count offers; or with -1 take them out again."""
        counted = self._with(offers, terms, sign)
        told = ~offers["secret"]
        length = self.length + sign * float(offers["length"][told].sum())
        figures = _added(self.figures, count_kinds(offers.children["figures"], told), sign)
        return replace(counted, offers=self.offers + sign * int(told.sum()), length=length, figures=figures)

    def _with(self, documents: Table, terms: int, sign: int) -> "Statistics":
        owned, told = documents.children["terms"], ~documents["secret"]
        used = owned["term"][(owned["count"] != 0) & np.repeat(told, np.diff(owned.starts))]
        frequency = _added(self.frequency, np.bincount(used, minlength=terms), sign)
        return replace(self, documents=self.documents + sign * int(told.sum()), frequency=frequency)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a need as it is looked for in offers of the other language.

    Attributes:
        terms: Columns of the index and the weight each has.
        groups: Every occurrence of the word.
    """

    terms: Mapping[int, float]
    groups: tuple[WordGroup, ...]


class _Met(NamedTuple):
    """By which known terms a word is met, and how rare it is."""

    alternatives: list[tuple[int, ...]]
    rarity: float


class Lexicon:
    """The weights that term statistics give.

    Attributes:
        kind_: Weight of each term by what it is (a character, a concept, a word); shape (terms,).
        idf_: Weight of each term by how rare it is, ln((1 + n) / (1 + df)) + 1 as scikit-learn has it, for short texts
            that are held against each other; shape (terms,).
        length_: Mean length of an offer in weighted terms.
    """

    def __init__(self, params: MatcherParams, terms: Terms, statistics: Statistics) -> None:
        self.params = params
        self.terms = terms
        self.documents_ = statistics.documents
        self.frequency_ = statistics.frequency
        known = slice(len(self.frequency_))
        self.kind_ = np.ones(len(self.frequency_))
        self.kind_[terms.is_concept()[known]] = params.concept
        self.kind_[terms.is_character()[known]] = params.character
        self.bridge_ = terms.is_bridge()[known]
        self.idf_ = np.log((1 + self.documents_) / (1 + self.frequency_)) + 1
        self.length_ = statistics.length / statistics.offers if statistics.length else 1.0
        self._offers, self._figures = statistics.offers, statistics.figures
        # Needs have most of their words in common. A cache of the method would hold this object, and its arrays, in a
        # circle that is freed late.
        self._met: dict[Alternatives, _Met] = {}

    def lengths(self, lengths: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give lengths of offers beside the mean as `saturated` takes them; shape as given."""
        return np.maximum(lengths / self.length_, self.params.shortest)

    def saturated(self, counts: Numbers, lengths: Numbers) -> Numbers:
        """Weigh counts in offers of some lengths; shape as given, every value below `saturation` + 1."""
        k = self.params.saturation
        return counts * (k + 1) / (abs(counts) + k * lengths)

    def figure_rarity(self, figures: Asked) -> NDArray[np.float64]:
        """Say how rare figures of the kinds asked for are among offers, 0 if all state one; shape (requirements,)."""
        counted = np.minimum(asked_counts(figures, self._figures), self._offers)
        rarity: NDArray[np.float64] = 1 - np.log1p(counted) / np.log1p(max(self._offers, 1))
        return np.where(figures.dimension == -1, 0.0, rarity)

    def is_known(self, term: int) -> bool:
        """Say whether some document uses a term."""
        return term < len(self.frequency_) and self.frequency_[term] > 0

    def weigh_need(self, counted: Mapping[int, float]) -> Row:
        """Weigh counts of known terms. The product with an offer's row is its text score; a copy of the need has 1."""
        terms, counts = np.array(list(counted), dtype=np.int32), np.array(list(counted.values()), dtype=np.float64)
        weights = self._repeated(counts) * self.kind_[terms] * self._rarity(self.frequency_[terms])
        length = self.lengths(np.array([np.abs(counts).sum()]))
        copied = math.fsum(weights * self.saturated(counts, length))
        return Row(terms, weights / copied if len(terms) else weights)

    def weigh_groups(self, groups: Iterable[WordGroup]) -> tuple[Wanted, ...]:
        """Weigh the words of a need for offers in the other language, as `weigh_need` does for those in its own.

        A word that no fitted document uses in any translation is wanted all the same: it belongs to the whole. One that
        may stand for itself, and that no document uses either, is not.
        """
        counts: dict[str, float] = {}
        by_key: dict[str, list[WordGroup]] = {}
        for group in groups:
            by_key.setdefault(group.key, []).append(group)
            weight = self.params.field_weights.get(group.field.role, 1.0)
            counts[group.key] = counts.get(group.key, 0.0) + group.sign * weight
        known = {key: self._meet(by_key[key][0].alternatives) for key in counts}
        # What a need says and rules out as often is not wanted.
        unheard = {
            key for key in counts if not known[key].alternatives and tuple(key.split()) in by_key[key][0].alternatives
        }
        counts = {key: count for key, count in counts.items() if count and key not in unheard}
        length = max(sum(map(abs, counts.values())) / self.length_, self.params.shortest)
        weights = {key: self._repeated(count) * known[key].rarity for key, count in counts.items()}
        copied = sum(weights[key] * self.saturated(count, length) for key, count in counts.items())
        return tuple(
            Wanted(_spread(weights[key] / copied, known[key].alternatives), tuple(by_key[key])) for key in counts
        )

    def _meet(self, alternatives: Alternatives) -> _Met:
        met = self._met.get(alternatives)
        if met is None:
            known = self._known(alternatives)
            met = _Met(known, self._group_rarity(known))
            if len(self._met) < _KEPT_WORDS:
                self._met[alternatives] = met
        return met

    def _known(self, alternatives: Alternatives) -> list[tuple[int, ...]]:
        numbered = ([self.terms.get(word) for word in words] for words in alternatives)
        known = ([number for number in row if number is not None and self.is_known(number)] for row in numbered)
        return [tuple(found) for found, words in zip(known, alternatives, strict=True) if len(found) == len(words)]

    def _repeated(self, counts: Numbers) -> Numbers:
        k = self.params.repetition
        return counts * (k + 1) / (abs(counts) + k)

    def _group_rarity(self, alternatives: Sequence[tuple[int, ...]]) -> float:
        """The rarity of a word that is met by any of its alternatives, taken as independent of each other."""
        without = 1.0
        for columns in alternatives:
            without *= 1.0 - min(int(self.frequency_[column]) for column in columns) / self.documents_
        kind = max((self.kind_[column] for columns in alternatives for column in columns), default=1.0)
        return float(kind * self._rarity((1.0 - without) * self.documents_))

    def _rarity(self, frequency: NDArray[np.int64] | float) -> NDArray[np.float64]:
        """BM25's idf to a power."""
        idf: NDArray[np.float64] = np.log1p((self.documents_ - frequency + 0.5) / (frequency + 0.5))
        return idf**self.params.rarity


def _added(counts: NDArray[np.int64], others: NDArray[np.int64], sign: int) -> NDArray[np.int64]:
    """Add counts by number to others, or with -1 take them off; the longer decides the shape."""
    found = np.zeros(max(len(counts), len(others)), dtype=np.int64)
    found[: len(counts)] = counts
    found[: len(others)] += sign * others
    return found


def _spread(weight: float, alternatives: Sequence[tuple[int, ...]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for columns in alternatives:
        for column in columns:
            found[column] = found.get(column, 0.0) + weight / len(columns)
    return found
