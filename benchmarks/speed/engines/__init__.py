"""The engines, each in a module of its own, so that a process loads only what it measures."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from pkgutil import resolve_name

import numpy as np
from numpy.typing import NDArray

K = 20
"""Offers asked for."""

OUR_BM25 = "our BM25"
"""What engines rank by that are given the matcher's weights: the product of a need's by an offer's."""

CORES = 2
"""Cores used for many needs at once."""

Ranked = Sequence[NDArray[np.int64]]
"""Rows of offers for each need, the best first."""


class Engine(ABC):
    """An engine over the texts in a folder. `build` indexes the offers; then needs are ranked by their numbers."""

    ranks_by: str

    @abstractmethod
    def __init__(self, folder: Path) -> None:
        """Read what is needed of the texts in a folder."""

    @abstractmethod
    def build(self) -> None:
        """Index the offers."""

    @property
    @abstractmethod
    def nbytes(self) -> int:
        """Bytes of the index."""

    @abstractmethod
    def one(self, number: int) -> NDArray[np.int64]:
        """Rank the offers for one need, on one core."""

    @abstractmethod
    def many(self, count: int) -> Ranked:
        """Rank the offers for the first needs in the way the engine does that best."""

    def own_memory(self) -> int:
        """Bytes held by processes other than this one."""
        return 0


ENGINES = {
    "scikit-learn": "scikit_learn:ScikitLearn",
    "scipy": "scipy_product:Scipy",
    "sparse_dot_topn": "best_products:SparseDotTopn",
    "bm25s (numba)": "bm25:Bm25s",
    "tantivy": "tantivy_index:Tantivy",
    "PostgreSQL": "postgresql:PostgreSQL",
    "ours": "ours:Ours",
}
"""By their names in the tables, where they are."""


def engine(name: str, folder: Path) -> Engine:
    """Give an engine over the texts in a folder."""
    found: type[Engine] = resolve_name(f"{__name__}.{ENGINES[name]}")
    return found(folder)
