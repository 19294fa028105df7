"""The loops under `postings`, compiled by numba: arrays in, arrays out, the interpreter's lock not held.

Bounds are whole numbers, so that adding them up is exact. An index weight is stored as a code of 0 to 255, rounded up,
in steps of its term's largest weight / 255; a query's weights times those steps are rounded up to whole numbers too.
The sum of their products is therefore at least the score. What may be among the best is then scored in float64, term
after term in their order, as the plain product is: bounds decide what is scored, never a score.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

SEGMENT = 1 << 16
"""Rows whose bounds stay in a core's own cache; a row's number in its segment takes two bytes."""
CODES = 255

_LARGEST = 2**31 - 1
_LEAST = 1e-200  # a query that weighs less is not worth bounds
_TILE = 4096  # rows whose bounds stay in the nearest cache while columns are added
_PEAKS = 512  # parts of a segment of which the highest bound is kept


class Rows(NamedTuple):
    """The rows of a sparse matrix, their terms in order: `indices[indptr[i]:indptr[i + 1]]`, and `data` likewise."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    data: NDArray[np.float64]


class Codes(NamedTuple):
    """The same matrix by term, as codes.

    Attributes:
        steps: What a code of 1 stands for; shape (terms,).
        column: For a common term the number of its column, for others -1; shape (terms,).
        columns: Codes of common terms in every row; shape (columns, rows).
        starts: Where the list of a term begins in a segment; shape (segments, terms + 1).
        places: Rows within their segment, list after list; shape (entries,).
        codes: Their codes; shape (entries,).
    """

    steps: NDArray[np.float64]
    column: NDArray[np.int32]
    columns: NDArray[np.uint8]
    starts: NDArray[np.int64]
    places: NDArray[np.uint16]
    codes: NDArray[np.uint8]


@njit(cache=True, nogil=True)
def encode(rows: Rows, steps: NDArray[np.float64], column: NDArray[np.int32]) -> Codes:
    """Write a matrix by term; `steps` and `column` are those of `Codes`."""
    count, terms = len(rows.indptr) - 1, len(steps)
    segments = (count + SEGMENT - 1) // SEGMENT
    columns = np.zeros((column.max() + 1 if terms else 0, count), np.uint8)
    starts = np.zeros((segments, terms + 1), np.int64)
    entries = 0
    for segment in range(segments):
        first, last = segment * SEGMENT, min(count, (segment + 1) * SEGMENT)
        starts[segment, 0] = entries
        for entry in range(rows.indptr[first], rows.indptr[last]):
            if column[rows.indices[entry]] < 0:
                starts[segment, rows.indices[entry] + 1] += 1
        for term in range(terms):
            starts[segment, term + 1] += starts[segment, term]
        entries = starts[segment, terms]
    places, codes = np.empty(entries, np.uint16), np.empty(entries, np.uint8)
    for segment in range(segments):
        first, last = segment * SEGMENT, min(count, (segment + 1) * SEGMENT)
        free = starts[segment].copy()
        for row in range(first, last):
            for entry in range(rows.indptr[row], rows.indptr[row + 1]):
                term = rows.indices[entry]
                code = np.uint8(min(np.ceil(rows.data[entry] / steps[term]), CODES))
                if column[term] >= 0:
                    columns[column[term], row] = code
                else:
                    places[free[term]] = row - first
                    codes[free[term]] = code
                    free[term] += 1
    return Codes(steps, column, columns, starts, places, codes)


@njit(cache=True, nogil=True)
def score(rows: Rows, wanted: NDArray[np.int64], query: NDArray[np.float64], scores: NDArray[np.float64]) -> None:
    """Write the exact scores of the wanted rows.

    Args:
        rows: The index.
        wanted: Numbers of rows; shape (m,).
        query: The query's weight of every term; shape (terms,).
        scores: What is written; shape (m,).
    """
    for i in range(len(wanted)):
        scores[i] = _score(rows, wanted[i], query)


@njit(cache=True, nogil=True)
def best(
    rows: Rows,
    codes: Codes,
    queries: Rows,
    eligible: NDArray[np.bool_],
    best_rows: NDArray[np.int64],
    best_scores: NDArray[np.float64],
) -> None:
    """Write the best rows of some queries, higher scores first and lower rows first among equals.

    Args:
        rows: The index by row.
        codes: The index by term.
        queries: The queries.
        eligible: Whether a row may be among the best; shape (rows,), or empty for all.
        best_rows: What is written, -1 where no row is left whose bound is above 0; shape (queries, k).
        best_scores: Their scores; shape (queries, k).
    """
    count = len(rows.indptr) - 1
    query = np.zeros(len(codes.steps))
    room = np.empty(min(count, SEGMENT), np.int32)
    for number in range(len(queries.indptr) - 1):
        terms = queries.indices[queries.indptr[number] : queries.indptr[number + 1]]
        data = queries.data[queries.indptr[number] : queries.indptr[number + 1]]
        weights, unit = _whole(terms, data, codes.steps)
        for i in range(len(terms)):
            query[terms[i]] = data[i]
        found = 0
        for segment in range(len(codes.starts) if unit > 0 else 0):
            first = segment * SEGMENT
            bounds = room[: min(count - first, SEGMENT)]
            _bound(codes, segment, terms, weights, bounds)
            if len(eligible) > 0:
                bounds *= eligible[first : first + len(bounds)]
            found = _keep(rows, first, bounds, query, unit, found, best_rows[number], best_scores[number])
        best_rows[number, found:] = -1
        for i in range(len(terms)):
            query[terms[i]] = 0.0


@njit(cache=True, nogil=True)
def bound(codes: Codes, count: int, terms: NDArray[np.int32], data: NDArray[np.float64]) -> NDArray[np.float32]:
    """Give a number that the score of a row does not exceed, for each of `count` rows; shape (count,).

    Args:
        codes: The index by term.
        count: How many rows it has.
        terms: Numbers of the query's terms, each once; shape (n,).
        data: Their weights; what is negative counts as nothing. Shape (n,).
    """
    found = np.zeros(count, np.float32)
    weights, unit = _whole(terms, data, codes.steps)
    room = np.empty(min(count, SEGMENT), np.int32)
    for segment in range(len(codes.starts) if unit > 0 else 0):
        first = segment * SEGMENT
        bounds = room[: min(count - first, SEGMENT)]
        _bound(codes, segment, terms, weights, bounds)
        scale = np.float32(1 / unit)
        for i in range(len(bounds)):
            found[first + i] = bounds[i] * scale
    return found


@njit(cache=True, nogil=True)
def present(codes: Codes, count: int, terms: NDArray[np.int32], data: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sum the weights of the terms each of `count` rows has, whatever they weigh there; as `bound` otherwise."""
    found = np.zeros(count, np.float32)
    for segment in range(len(codes.starts)):
        first = segment * SEGMENT
        sums = found[first : min(count, first + SEGMENT)]
        for i in range(len(terms)):
            weight = data[i]
            if codes.column[terms[i]] < 0:
                for entry in range(codes.starts[segment, terms[i]], codes.starts[segment, terms[i] + 1]):
                    sums[codes.places[entry]] += weight
        for low in range(0, len(sums), _TILE):
            tile = sums[low : low + _TILE]
            for i in range(len(terms)):
                if codes.column[terms[i]] >= 0:
                    weight = data[i]
                    column = codes.columns[codes.column[terms[i]], first + low : first + low + len(tile)]
                    for j in range(len(tile)):
                        tile[j] += weight if column[j] else np.float32(0.0)
    return found


@njit(cache=True, nogil=True)
def _whole(
    terms: NDArray[np.int32], data: NDArray[np.float64], steps: NDArray[np.float64]
) -> tuple[NDArray[np.int32], float]:
    """Give whole weights by which codes are multiplied, and what a score of 1 is in the unit of their sums.

    A negative weight takes away from a score, so a bound does without. The unit is 0 if nothing is worth bounds.
    """
    weights = np.zeros(len(terms), np.int32)
    most = 0.0
    for i in range(len(terms)):
        most += CODES * steps[terms[i]] * max(data[i], 0.0)
    if most < _LEAST:
        return weights, 0.0
    unit = (_LARGEST - (CODES + 1) * len(terms)) / most
    for i in range(len(terms)):
        if data[i] > 0:
            weights[i] = np.int32(np.floor(data[i] * steps[terms[i]] * unit) + 1)
    return weights, unit


@njit(cache=True, nogil=True)
def _bound(
    codes: Codes, segment: int, terms: NDArray[np.int32], weights: NDArray[np.int32], bounds: NDArray[np.int32]
) -> None:
    """Add up the bounds of the rows of a segment."""
    bounds[:] = 0
    columns, factors = np.zeros(len(terms) + 3, np.int64), np.zeros(len(terms) + 3, np.int32)
    common = 0
    for i in range(len(terms)):
        weight = weights[i]
        if codes.column[terms[i]] >= 0:
            columns[common], factors[common] = codes.column[terms[i]], weight
            common += 1
        elif weight > 0:
            for entry in range(codes.starts[segment, terms[i]], codes.starts[segment, terms[i] + 1]):
                bounds[codes.places[entry]] += np.int32(weight * np.int32(codes.codes[entry]))
    first = segment * SEGMENT
    for low in range(0, len(bounds), _TILE):
        tile = bounds[low : low + _TILE]
        start, end = first + low, first + low + len(tile)
        # Four columns at a time read and write the sums once; the last may be columns that weigh nothing.
        for i in range(0, common, 4):
            a, b = codes.columns[columns[i], start:end], codes.columns[columns[i + 1], start:end]
            c, d = codes.columns[columns[i + 2], start:end], codes.columns[columns[i + 3], start:end]
            for j in range(len(tile)):
                tile[j] += (
                    np.int32(factors[i] * np.int32(a[j]))
                    + np.int32(factors[i + 1] * np.int32(b[j]))
                    + np.int32(factors[i + 2] * np.int32(c[j]))
                    + np.int32(factors[i + 3] * np.int32(d[j]))
                )


@njit(cache=True, nogil=True)
def _keep(
    rows: Rows,
    first: int,
    bounds: NDArray[np.int32],
    query: NDArray[np.float64],
    unit: float,
    found: int,
    best_rows: NDArray[np.int64],
    best_scores: NDArray[np.float64],
) -> int:
    """Score the rows of a segment whose bounds reach the last of the best, keep the best, give how many there are.

    Rows with high bounds are scored first: they raise the last score, so that few others have to be scored.
    """
    width = len(bounds) // _PEAKS + 1
    peaks = np.empty((len(bounds) + width - 1) // width, np.int32)
    for i in range(len(peaks)):
        peaks[i] = bounds[i * width : (i + 1) * width].max()
    size = len(best_rows)
    high = np.partition(peaks, len(peaks) - size)[len(peaks) - size] if size <= len(peaks) else 0
    for least, most in ((high, _LARGEST), (0, high - 1)):
        for i in range(len(peaks)):
            # Two units below: one for the rounding down, one for the rounding of the floats before it.
            floor = max(least, 1, np.int64(max(best_scores[-1], 0.0) * unit) - 1 if found == size else 0)
            if peaks[i] < floor:
                continue
            for place in range(i * width, min((i + 1) * width, len(bounds))):
                if floor <= bounds[place] <= most:
                    row = first + place
                    found = _insert(row, _score(rows, row, query), found, best_rows, best_scores)
    return found


@njit(cache=True, nogil=True)
def _insert(row: int, score: float, found: int, best_rows: NDArray[np.int64], best_scores: NDArray[np.float64]) -> int:
    """Put a row in its place among the best, if it has one; give how many there are."""
    if found == len(best_rows):
        last = found - 1
        if score < best_scores[last] or (score == best_scores[last] and row > best_rows[last]):
            return found
    else:
        last = found
    place = last
    while place > 0 and (
        score > best_scores[place - 1] or (score == best_scores[place - 1] and row < best_rows[place - 1])
    ):
        best_rows[place], best_scores[place] = best_rows[place - 1], best_scores[place - 1]
        place -= 1
    best_rows[place], best_scores[place] = row, score
    return last + 1


@njit(cache=True, nogil=True)
def _score(rows: Rows, row: int, query: NDArray[np.float64]) -> float:
    total = 0.0
    for entry in range(rows.indptr[row], rows.indptr[row + 1]):
        total += query[rows.indices[entry]] * rows.data[entry]
    return total
