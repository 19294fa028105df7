"""Fielded TF-IDF: weighted counts of our own tokens, damped, weighted by scikit-learn's idf, of length one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from app.matching.prepared import ReadField
from app.matching.text import is_bridge

Matrix = Any  # scipy ships no types

# Short texts, where a word said twice means little more than said once.
SATURATION = 0.5


class FieldedTfidf:
    """Turns read documents into unit vectors. `fit` learns `terms_`, `vocabulary_`, `idf_` and `bridge_mask_`."""

    def __init__(self, field_weights: Mapping[str, float]) -> None:
        self.field_weights = field_weights

    def fit(self, documents: Iterable[Sequence[ReadField]]) -> Self:
        """Learn the vocabulary and one idf, ln((1 + n) / (1 + df)) + 1, from all documents of both sides."""
        terms_of = [{token.term for read in document for token in read.tokens} for document in documents]
        self.terms_ = tuple(sorted(set().union(*terms_of)))
        self.vocabulary_ = {term: i for i, term in enumerate(self.terms_)}
        presence = self._matrix([dict.fromkeys(terms, 1.0) for terms in terms_of])
        self.idf_ = np.ones(0)
        if self.vocabulary_ and terms_of:
            self.idf_ = TfidfTransformer().fit(presence).idf_
        self.bridge_mask_ = np.array([is_bridge(term) for term in self.terms_], dtype=np.float64)
        return self

    def transform(self, documents: Iterable[Sequence[ReadField]]) -> Matrix:
        """Give one unit row per document; shape (documents, terms). Words not seen in `fit` are left out.

        What a document rules out is negative, so that it counts against whoever says it and for whoever denies it too.
        """
        counts = self.count(documents)
        counts.data = counts.data * (SATURATION + 1) / (np.abs(counts.data) + SATURATION)
        return self._weighted(counts)

    def count(self, documents: Iterable[Sequence[ReadField]]) -> Matrix:
        """Give one row of weighted counts per document, negative for what it rules out; shape (documents, terms)."""
        return self._matrix([self._counts(document) for document in documents])

    def presence(self, documents: Iterable[Sequence[ReadField]]) -> Matrix:
        """Give 1 for every word a document has, said or denied; shape (documents, terms)."""
        terms_of = [{token.term for read in document for token in read.tokens} for document in documents]
        return self._matrix([dict.fromkeys(terms & self.vocabulary_.keys(), 1.0) for terms in terms_of])

    def bridge(self, vectors: Matrix) -> Matrix:
        """Keep only the terms that mean the same in every language, and make the rows unit length again."""
        kept = vectors.multiply(self.bridge_mask_).tocsr() if vectors.nnz else vectors
        kept.eliminate_zeros()
        return normalize(kept) if kept.nnz else kept

    def _counts(self, document: Sequence[ReadField]) -> dict[str, float]:
        counts: dict[str, float] = {}
        for read in document:
            weight = self.field_weights.get(read.field.role, 1.0)
            for token in read.tokens:
                if token.term in self.vocabulary_:
                    counts[token.term] = counts.get(token.term, 0.0) + weight * token.sign
        return {term: count for term, count in counts.items() if count}

    def _weighted(self, counts: Matrix) -> Matrix:
        if not counts.nnz:
            return counts
        return normalize(counts.multiply(self.idf_).tocsr())

    def _matrix(self, rows: list[dict[str, float]]) -> Matrix:
        indices = [sorted(self.vocabulary_[term] for term in row) for row in rows]
        data = [row[self.terms_[i]] for row, columns in zip(rows, indices, strict=True) for i in columns]
        indptr = np.concatenate([[0], np.cumsum([len(columns) for columns in indices], dtype=np.int64)])
        flat = np.array([i for columns in indices for i in columns], dtype=np.int32)
        return sparse.csr_matrix(
            (np.array(data, dtype=np.float64), flat, indptr), shape=(len(rows), len(self.vocabulary_))
        )
