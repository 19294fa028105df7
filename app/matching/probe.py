"""A query as the loops of `scan` read it: small tables of weights, and where each term is in them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.figures import Asked, asked_figures
from app.matching.lexicon import Lexicon
from app.matching.numbering import Numbering
from app.matching.query import ROWS_PER_REQUIREMENT, Query
from app.matching.vectorizer import Matrix


@dataclass(frozen=True, slots=True)
class Probe:
    """Tables of a query; the second axis is the need's own language, then the other.

    Attributes:
        terms: Numbers of the query's terms; shape (slots,).
        slots: Of every term of the index its row in the tables, or -1; shape (terms,).
        weights: What an offer earns by each term; shape (slots, 2).
        kinds: Weight of each term by what it is; shape (slots,).
        enough: So many shared words count in full: `MatcherParams.enough`, or all the need has if these are fewer.
        names: Weight of each term in the names of each requirement; shape (slots, 2, 2 * requirements).
        squares: Squared weight of each term in each requirement; shape (slots, 2, requirements).
        asked: Whether a requirement has each term of the index; shape (terms,).
        figures: The figures the requirements ask for.
        unnamed: What a figure that reaches the target under another name is worth; shape (requirements,).
    """

    terms: NDArray[np.int32]
    slots: NDArray[np.int32]
    weights: NDArray[np.float64]
    kinds: NDArray[np.float64]
    enough: float
    names: NDArray[np.float64]
    squares: NDArray[np.float64]
    asked: NDArray[np.bool_]
    figures: Asked
    unnamed: NDArray[np.float64]


def make_probe(query: Query, lexicon: Lexicon, dimensions: Numbering[str]) -> Probe:
    """Lay out a query for an index of as many terms as the lexicon has, whose figures are of some dimensions."""
    terms = len(lexicon.frequency_)
    used = np.unique(np.concatenate([query.words.terms, query.translated.terms, query.vectors.indices]))
    slots = np.full(terms, -1, dtype=np.int32)
    slots[used] = np.arange(len(used))
    weights = np.zeros((len(used), 2))
    for side, row in enumerate((query.words, query.translated)):
        weights[slots[row.terms], side] = row.weights
    kinds = lexicon.kind_[used]
    # A copy of a need of one word says all of it.
    enough = min(lexicon.params.enough, math.fsum(kinds[weights[:, 0] != 0]))
    names = np.zeros((len(used), 2, query.vectors.shape[0]))
    for side, rows in enumerate((query.vectors, query.bridge)):
        _spread(rows, slots, names[:, side])
    squares = np.ascontiguousarray(names[:, :, 1::ROWS_PER_REQUIREMENT] ** 2)
    asked = np.zeros(terms, dtype=np.bool_)
    asked[used[squares.any(axis=(1, 2))]] = True
    figures = asked_figures(query.requirements, dimensions)
    unnamed = lexicon.params.unnamed * lexicon.figure_rarity(figures)
    return Probe(used.astype(np.int32), slots, weights, kinds, enough, names, squares, asked, figures, unnamed)


def _spread(rows: Matrix, slots: NDArray[np.int32], table: NDArray[np.float64]) -> None:
    owners = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    table[slots[rows.indices], owners] = rows.data
