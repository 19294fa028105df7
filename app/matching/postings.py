"""The best rows of a sparse index for a sparse query: exactly those of the plain product, without making it.

The product of a query with a hundred thousand rows reads millions of numbers to find the few best. Here it is made
once in small whole numbers, as bounds: common terms, in whose lists most of the numbers are, are stored as columns of
bytes that a core adds up sixteen rows at a time, others as lists of three bytes an entry. Only rows whose bound reaches
the k-th best score are scored in float64.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.matching.kernels import CODES, Codes, Rows, best, encode, score
from app.matching.vectorizer import Matrix

COMMON = 1 / 16
"""Share of the rows above which a term is a column. A cell of a column costs a tenth of an entry of a list."""

Best = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Rows and their scores, the best first; a lower row comes first among equals."""


class Postings:
    """A sparse index of weights that are not negative, by row and by term. It never changes, so threads may share it.

    Scores are sums of query weight times index weight over the terms in their order, in float64. Query weights may be
    negative.
    """

    def __init__(self, rows: Rows, codes: Codes) -> None:
        self.rows = rows
        self.codes = codes

    @classmethod
    def build(cls, matrix: Matrix) -> Self:
        """Index a matrix.

        Args:
            matrix: In compressed sparse rows, terms in order and once in each row; shape (rows, terms).

        Raises:
            ValueError: A weight is negative or not finite, or terms are not in order.
        """
        if not matrix.has_canonical_format:
            raise ValueError("the terms of a row must be in order, each once")
        rows = _rows(matrix)
        if not (np.isfinite(rows.data) & (rows.data >= 0)).all():
            raise ValueError("weights must be finite and not negative")
        count, terms = matrix.shape
        largest = np.zeros(terms)
        np.maximum.at(largest, rows.indices, rows.data)
        common = np.bincount(rows.indices, minlength=terms) > COMMON * count
        column = np.where(common, np.cumsum(common) - 1, -1).astype(np.int32)
        steps = np.maximum(largest / CODES, np.finfo(np.float64).tiny)
        return cls(rows, encode(rows, steps, column))

    @property
    def nbytes(self) -> int:
        """Bytes of the index, the rows among them."""
        return sum(array.nbytes for array in (*self.rows, *self.codes))

    def top(
        self,
        terms: NDArray[np.int32],
        weights: NDArray[np.float64],
        k: int,
        eligible: NDArray[np.bool_] | None = None,
    ) -> Best:
        """Give the best rows for one query.

        Args:
            terms: Numbers of the query's terms, each once; shape (n,).
            weights: Their weights; shape (n,).
            k: How many rows, at least 1.
            eligible: Which rows count; shape (rows,). None for all.

        Returns:
            As many as there are, at most `k`. Rows with no term of the query have the score 0 and are among them.

        Raises:
            ValueError: `k` is less than 1.
        """
        queries = Rows(np.array([0, len(terms)]), terms.astype(np.int32), weights.astype(np.float64))
        return self._best(queries, k, eligible)[0]

    def top_many(self, queries: Matrix, k: int, eligible: NDArray[np.bool_] | None = None) -> list[Best]:
        """Give the best rows for each row of a matrix of queries, on all cores; as `top` gives them one by one."""
        read = _rows(queries)
        cores = os.cpu_count() or 1
        edges = np.linspace(0, queries.shape[0], 8 * cores + 1).astype(np.int64)
        parts = [read._replace(indptr=read.indptr[a : b + 1]) for a, b in pairwise(edges)]
        with ThreadPoolExecutor(cores) as pool:
            answered = pool.map(lambda part: self._best(part, k, eligible), parts)
            return [one for answers in answered for one in answers]

    def scores(
        self, terms: NDArray[np.int32], weights: NDArray[np.float64], rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """Give the scores of some rows, None for all, for one query; shape of `rows`.

        It reads those rows whole; all of them take as long as thirty calls of `top`.
        """
        wanted = np.arange(self._count) if rows is None else rows
        query, scores = np.zeros(len(self.codes.steps)), np.zeros(len(wanted))
        query[terms] = weights
        score(self.rows, wanted, query, scores)
        return scores

    @property
    def _count(self) -> int:
        return len(self.rows.indptr) - 1

    def _best(self, queries: Rows, k: int, eligible: NDArray[np.bool_] | None) -> list[Best]:
        if k < 1:
            raise ValueError("k must be at least 1")
        shape = (len(queries.indptr) - 1, min(k, self._count))
        rows, scores = np.full(shape, -1), np.zeros(shape)
        if rows.size:
            best(self.rows, self.codes, queries, np.zeros(0, np.bool_) if eligible is None else eligible, rows, scores)
        # Where fewer than k score above 0, rows whose bound is 0 are among the best.
        return [
            (rows[i], scores[i]) if (scores[i] > 0).all() else self._with_the_rest(queries, i, k, eligible)
            for i in range(shape[0])
        ]

    def _with_the_rest(self, queries: Rows, number: int, k: int, eligible: NDArray[np.bool_] | None) -> Best:
        place = slice(queries.indptr[number], queries.indptr[number + 1])
        rows = np.arange(self._count) if eligible is None else np.flatnonzero(eligible)
        scores = self.scores(queries.indices[place], queries.data[place], rows)
        first = np.lexsort((rows, -scores))[:k]
        return rows[first], scores[first]


def _rows(matrix: Matrix) -> Rows:
    return Rows(
        matrix.indptr.astype(np.int64, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.data.astype(np.float64, copy=False),
    )
