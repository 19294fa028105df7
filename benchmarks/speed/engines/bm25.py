"""bm25s."""

from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.engines import CORES, Engine, K, Ranked
from benchmarks.speed.texts import read_counts, repeated


class Bm25s(Engine):
    """bm25s with its numba backend; a term counts in a need as often as it stands there."""

    ranks_by = "BM25"

    def __init__(self, folder: Path) -> None:
        self.terms = int(np.load(folder / "terms.npy"))
        numbers = list(range(self.terms))  # so that a term is one object wherever it stands
        self.offers = [[numbers[term] for term in terms] for terms in repeated(read_counts(folder, "offers"))]
        self.needs = list(repeated(read_counts(folder, "needs")))

    def build(self) -> None:
        self.index = bm25s.BM25(backend="numba")
        self.index.index((self.offers, {str(term): term for term in range(self.terms)}), show_progress=False)

    @property
    def nbytes(self) -> int:
        return sum(self.index.scores[part].nbytes for part in ("data", "indices", "indptr"))

    def one(self, number: int) -> NDArray[np.int64]:
        return self._ranked([self.needs[number]], 1)[0]

    def many(self, count: int) -> Ranked:
        return self._ranked(self.needs[:count], CORES)

    def _ranked(self, needs: list[list[int]], cores: int) -> Ranked:
        return list(self.index.retrieve(needs, k=K, n_threads=cores, show_progress=False).documents)
