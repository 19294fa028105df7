"""The terms of an index by number, and how often a document uses each."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.matching.numbering import Numbering
from app.matching.prepared import ReadField
from app.matching.text import is_bridge, is_character
from app.matching.thesaurus import CONCEPT_PREFIX


class Terms(Numbering[str]):
    """Numbered terms, and what kind of term each is."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        super().__init__(values)
        self._kinds = np.zeros(0, dtype=np.uint8)

    def admit(self, term: str) -> int | None:
        """Give the number a term has in what is being read, a new one if it has none; None for one that is left out."""
        return self.number(term)

    def is_concept(self) -> NDArray[np.bool_]:
        """Say of every term whether it is a concept; shape (terms,)."""
        found: NDArray[np.bool_] = self._read() == _CONCEPT
        return found

    def is_character(self) -> NDArray[np.bool_]:
        """Say of every term whether it is a single Chinese character; shape (terms,)."""
        found: NDArray[np.bool_] = self._read() == _CHARACTER
        return found

    def is_bridge(self) -> NDArray[np.bool_]:
        """Say of every term whether it means the same in every language; shape (terms,)."""
        return self._read() >= _BRIDGE

    def _read(self) -> NDArray[np.uint8]:
        kinds = self._kinds
        if len(kinds) < len(self.values):
            new = [_kind(term) for term in self.values[len(kinds) :]]
            kinds = self._kinds = np.concatenate([kinds, np.array(new, dtype=np.uint8)])
        return kinds


_CHINESE, _CHARACTER, _BRIDGE, _CONCEPT = range(4)


def _kind(term: str) -> int:
    if term.startswith(CONCEPT_PREFIX):
        return _CONCEPT
    if is_bridge(term):
        return _BRIDGE
    return _CHARACTER if is_character(term) else _CHINESE


class KnownTerms(Terms):
    """The terms that fitted documents use, for reading one that is not fitted: all others are left out of it."""

    def __init__(self, terms: Terms, frequency: NDArray[np.int64]) -> None:
        self.values = terms.values
        self._terms = terms
        self._frequency = frequency

    def get(self, value: str) -> int | None:
        """Give the number of a term that is used."""
        number = self._terms.get(value)
        return number if number is not None and number < len(self._frequency) and self._frequency[number] else None

    def admit(self, term: str) -> int | None:
        """Give the number of a term that is used, None for any other."""
        return self.get(term)


class Counter:
    """Counts terms, each as often as its field counts; terms met for the first time are added."""

    def __init__(self, terms: Terms, field_weights: Mapping[str, float]) -> None:
        self.terms = terms
        self.field_weights = field_weights

    def of(self, document: Sequence[ReadField]) -> dict[int, float]:
        """Count by number, in the order of the numbers.

        What is ruled out counts negative; what is neither, or both as often, stands there with 0.
        """
        return self._counted(document, self.terms.admit)

    def known(self, document: Sequence[ReadField], frequency: NDArray[np.int64]) -> dict[int, float]:
        """Count only terms that some document uses; `frequency` says how many do, shape (terms,)."""
        return {
            number: count
            for number, count in self._counted(document, self.terms.get).items()
            if count and number < len(frequency) and frequency[number]
        }

    def _counted(self, document: Sequence[ReadField], number_of: Callable[[str], int | None]) -> dict[int, float]:
        counts: dict[str, float] = {}
        for read in document:
            weight = self.field_weights.get(read.field.role, 1.0)
            for token in read.tokens:
                counts[token.term] = counts.get(token.term, 0.0) + weight * token.sign
        numbered = ((number_of(term), count) for term, count in counts.items())
        return dict(sorted((number, count) for number, count in numbered if number is not None))
