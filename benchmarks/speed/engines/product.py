"""What engines share that take the product of the matcher's BM25 weights: those of needs by those of offers."""

from abc import abstractmethod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.engines import OUR_BM25, Engine, K, Ranked
from benchmarks.speed.texts import Matrix, read_vectors

_CHUNK = 100


class Vectors(Engine):
    """An engine that is given the matcher's weights of offers and needs."""

    ranks_by = OUR_BM25

    def __init__(self, folder: Path) -> None:
        self.vectors = read_vectors(folder, "offers")
        self.needs = read_vectors(folder, "needs")


class Product(Vectors):
    """One that scores whole matrices of needs, in chunks whose scores fit in memory."""

    offers: Matrix

    @property
    def nbytes(self) -> int:
        return int(self.offers.data.nbytes + self.offers.indices.nbytes + self.offers.indptr.nbytes)

    def one(self, number: int) -> NDArray[np.int64]:
        return self.ranked(self.needs[number])[0]

    def many(self, count: int) -> Ranked:
        return [
            row for low in range(0, count, _CHUNK) for row in self.ranked(self.needs[low : min(low + _CHUNK, count)])
        ]

    @abstractmethod
    def ranked(self, needs: Matrix) -> Ranked:
        """Rank the offers for some needs, given as vectors."""


def best(scores: NDArray[np.float64]) -> Ranked:
    """Give the columns with the best scores of each row, the best first; shape of `scores` (needs, offers)."""
    likely = np.argpartition(scores, -K, axis=1)[:, -K:]
    order = np.argsort(-np.take_along_axis(scores, likely, axis=1), axis=1, kind="stable")
    return list(np.take_along_axis(likely, order, axis=1))
