"""What the fitted texts teach about terms, and the weighting built on it: BM25 with a steeper idf.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). A need's weights are divided
by what a copy of it would earn, so that a score says which part of the need an offer covers, and needs can be compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.matching.params import MatcherParams
from app.matching.text import is_bridge
from app.matching.thesaurus import CONCEPT_PREFIX
from app.matching.translation import WordGroup
from app.matching.vectorizer import Matrix

Numbers = TypeVar("Numbers", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a need as it is looked for in offers of the other language.

    Attributes:
        terms: Columns of the index and the weight each has.
        groups: Every occurrence of the word.
    """

    terms: Mapping[int, float]
    groups: tuple[WordGroup, ...]


class Lexicon:
    """Term statistics of fitted documents.

    Attributes:
        documents_: Number of fitted documents.
        frequency_: How many of them use each term; shape (terms,).
        kind_: Weight of each term by what it is (a character, a concept, a word); shape (terms,).
        length_: Mean length of an offer in weighted terms.
    """

    def __init__(self, params: MatcherParams, vocabulary: Mapping[str, int]) -> None:
        self.params = params
        self.vocabulary = vocabulary

    def fit(self, offers: Matrix, needs: Matrix) -> Self:
        """Learn from counts; shapes (offers, terms) and (needs, terms)."""
        self.documents_ = offers.shape[0] + needs.shape[0]
        self.frequency_ = (_columns_used(offers) + _columns_used(needs)).astype(np.float64)
        self.kind_ = np.array([self._kind(term) for term in self.vocabulary], dtype=np.float64)
        self.length_ = float(abs(offers).sum() / offers.shape[0]) if offers.nnz else 1.0
        return self

    def weigh_offers(self, counts: Matrix) -> Matrix:
        """Saturate counts by the length of each document; shape as given, every value below `saturation` + 1."""
        weights = counts.copy()
        lengths = np.maximum(abs(counts).sum(axis=1).ravel() / self.length_, self.params.shortest)
        weights.data = self._saturated(counts.data, np.repeat(np.asarray(lengths), np.diff(counts.indptr)))
        return weights

    def weigh_needs(self, counts: Matrix) -> Matrix:
        """Weigh counts; shape as given. The product with an offer's row is its text score; a copy of the need has 1."""
        weights = counts.copy()
        weights.data = self._repeated(counts.data) * self._rarity(counts.indices)
        copied = np.asarray(weights.multiply(self.weigh_offers(counts)).sum(axis=1)).ravel()
        weights.data = weights.data / np.repeat(copied, np.diff(counts.indptr))
        return weights

    def weigh_groups(self, groups: Iterable[WordGroup]) -> tuple[Wanted, ...]:
        """Weigh the words of a need for offers in the other language, as `weigh_needs` does for those in its own.

        A word that no fitted document uses in any translation is wanted all the same: it belongs to the whole.
        """
        counts: dict[str, float] = {}
        by_key: dict[str, list[WordGroup]] = {}
        for group in groups:
            by_key.setdefault(group.key, []).append(group)
            weight = self.params.field_weights.get(group.field.role, 1.0)
            counts[group.key] = counts.get(group.key, 0.0) + group.sign * weight
        # What a need says and rules out as often is not wanted.
        counts = {key: count for key, count in counts.items() if count}
        length = max(sum(map(abs, counts.values())) / self.length_, self.params.shortest)
        known = {key: self._known(by_key[key][0].alternatives) for key in counts}
        weights = {key: self._repeated(count) * self._group_rarity(known[key]) for key, count in counts.items()}
        copied = sum(weights[key] * self._saturated(count, length) for key, count in counts.items())
        return tuple(Wanted(_spread(weights[key] / copied, known[key]), tuple(by_key[key])) for key in counts)

    def _known(self, alternatives: Iterable[Sequence[str]]) -> list[tuple[int, ...]]:
        return [
            tuple(self.vocabulary[word] for word in words)
            for words in alternatives
            if all(word in self.vocabulary for word in words)
        ]

    def _saturated(self, counts: Numbers, lengths: Numbers) -> Numbers:
        k = self.params.saturation
        return counts * (k + 1) / (abs(counts) + k * lengths)

    def _repeated(self, counts: Numbers) -> Numbers:
        k = self.params.repetition
        return counts * (k + 1) / (abs(counts) + k)

    def _rarity(self, columns: NDArray[np.int32]) -> NDArray[np.float64]:
        rarity: NDArray[np.float64] = self.kind_[columns] * self._idf(self.frequency_[columns])
        return rarity

    def _group_rarity(self, alternatives: Sequence[tuple[int, ...]]) -> float:
        """The rarity of a word that is met by any of its alternatives, taken as independent of each other."""
        without = 1.0
        for columns in alternatives:
            without *= 1.0 - min(self.frequency_[column] for column in columns) / self.documents_
        kind = max((self.kind_[column] for columns in alternatives for column in columns), default=1.0)
        return float(kind * self._idf((1.0 - without) * self.documents_))

    def _idf(self, frequency: NDArray[np.float64] | float) -> NDArray[np.float64]:
        idf: NDArray[np.float64] = np.log1p((self.documents_ - frequency + 0.5) / (frequency + 0.5))
        return idf**self.params.rarity

    def _kind(self, term: str) -> float:
        if term.startswith(CONCEPT_PREFIX):
            return self.params.concept
        return self.params.character if len(term) == 1 and not is_bridge(term) else 1.0


def _columns_used(counts: Matrix) -> NDArray[np.int64]:
    used: NDArray[np.int64] = np.bincount(counts.indices, minlength=counts.shape[1])
    return used


def _spread(weight: float, alternatives: Sequence[tuple[int, ...]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for columns in alternatives:
        for column in columns:
            found[column] = found.get(column, 0.0) + weight / len(columns)
    return found
