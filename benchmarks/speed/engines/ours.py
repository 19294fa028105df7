"""The postings of the matching library."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.matching.postings import Postings
from benchmarks.speed.engines import K, Ranked
from benchmarks.speed.engines.product import Vectors


class Ours(Vectors):
    """`app.matching.postings`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        Postings.build(self.vectors[:1])  # compiles

    def build(self) -> None:
        self.postings = Postings.build(self.vectors)

    @property
    def nbytes(self) -> int:
        return self.postings.nbytes

    def one(self, number: int) -> NDArray[np.int64]:
        place = slice(self.needs.indptr[number], self.needs.indptr[number + 1])
        return self.postings.top(self.needs.indices[place], self.needs.data[place], K)[0]

    def many(self, count: int) -> Ranked:
        return [rows for rows, _ in self.postings.top_many(self.needs[:count], K)]
