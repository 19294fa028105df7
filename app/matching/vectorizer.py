"""TF-IDF of short texts: weighted counts of our own tokens, damped, times scikit-learn's idf, of length one."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from app.matching.scan import SATURATION
from app.matching.table import starts_of

Matrix = Any  # scipy ships no types


class ShortTexts:
    """Turns counted short texts into unit vectors."""

    def __init__(self, idf: NDArray[np.float64], bridge: NDArray[np.bool_]) -> None:
        """Weigh terms by `idf` and know which mean the same in every language by `bridge`; shapes (terms,)."""
        self.idf = idf
        self.bridge_mask = bridge
        self._tfidf = TfidfTransformer(norm=None)
        self._tfidf.idf_ = idf

    def transform(self, counted: Sequence[Mapping[int, float]]) -> Matrix:
        """Give one unit row per text from counts by number of term; shape (texts, terms).

        What a text rules out is negative, so that it counts against whoever says it and for whoever denies it too.
        """
        counts = np.array([count for one in counted for count in one.values()], dtype=np.float64)
        damped = counts * (SATURATION + 1) / (np.abs(counts) + SATURATION)
        indices = np.array([term for one in counted for term in one], dtype=np.int32)
        shape = (len(counted), len(self.bridge_mask))
        rows = sparse.csr_matrix((damped, indices, starts_of(map(len, counted))), shape=shape)
        return _of_length_one(self._tfidf.transform(rows)) if rows.nnz else rows

    def bridge(self, vectors: Matrix) -> Matrix:
        """Keep only the terms that mean the same in every language, and make the rows unit length again."""
        kept = vectors.copy()
        kept.data *= self.bridge_mask[kept.indices]
        kept.eliminate_zeros()
        return _of_length_one(kept)


def _of_length_one(rows: Matrix) -> Matrix:
    # The exact sum of the squares, of which the order of the terms leaves no trace.
    parts = zip(rows.indptr[:-1], rows.indptr[1:], strict=True)
    lengths = [math.sqrt(math.fsum(rows.data[start:end] ** 2)) for start, end in parts]
    rows.data /= np.repeat(lengths, np.diff(rows.indptr))
    return rows
