"""The loops that read offers' columns, compiled by numba: arrays in, arrays out, the interpreter's lock not held.

A need's terms are met through `slots`: for every term of the index the number of its row in a small table of weights,
or -1. Sums over terms are kept in whole numbers, of which the order of adding leaves no trace: processes that number
terms differently agree to the last bit.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

# Of short texts, where a word said twice means little more than said once. It stands here, and not where it is used
# first, as a changed constant of another file is not compiled anew.
SATURATION = 0.5

PER_COUNT = 16
"""Counts of terms are kept as whole sixteenths, in half the bytes of a float."""

FAR = 255
"""A step (see `steps`) that leads so far and to no place: the next one leads on."""

# Of the whole numbers. Text scores and coverages stay below 2**17; sums of idf over a long name below 2**23.
_UNIT = 2.0**46
_COARSE = 2.0**40

Rows = NDArray[np.int64]
Slots = NDArray[np.int32]
Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Counted(NamedTuple):
    """Texts of every owner: those of owner i have the terms from `starts[i]` to `starts[i + 1]`.

    Attributes:
        starts: Shape (owners + 1,).
        terms: Numbers of terms, in their order within a text; shape (entries,).
        counts: How often each counts, in sixteenths; shape (entries,).
    """

    starts: Rows
    terms: Numbers
    counts: NDArray[np.int16]


class Sought(NamedTuple):
    """The words of a need.

    Attributes:
        slots: See above.
        weights: What a term earns in the need's own language and in the other; shape (slots, 2).
        kinds: For how much of a word each term counts; shape (slots,).
        enough: So many shared words count in full, fewer in proportion.
    """

    slots: Slots
    weights: Floats
    kinds: Floats
    enough: float


class Sentences(NamedTuple):
    """Sentences of every offer.

    Attributes:
        text_starts: Where the terms of every offer start; shape (offers + 1,).
        terms: Numbers of terms, in their order within an offer; shape (terms,).
        starts: Where the sentences of every offer start; shape (offers + 1,).
        step_starts: Where the steps of every sentence start; shape (sentences + 1,).
        steps: Which of the offer's terms a sentence has, by place among them, sentence after sentence, as `stepped`
            writes it; shape (entries,).
        limited: Whether it states a limit; shape (sentences,).
        negated: Whether it denies something; shape (sentences,).
    """

    text_starts: Rows
    terms: Numbers
    starts: Rows
    step_starts: Rows
    steps: NDArray[np.uint8]
    limited: Flags
    negated: Flags


@njit(cache=True, nogil=True)
def cover(rows: Rows, texts: Counted, lengths: Floats, foreign: Flags, sought: Sought, saturation: float) -> Floats:
    """Sum what offers earn by their terms; in the need's own language less where these are few.

    Args:
        rows: Numbers of the offers; shape (n,).
        texts: Of every offer.
        lengths: Of these offers, beside the mean; shape (n,).
        foreign: Whether every offer is in the need's other language.
        sought: Of the need.
        saturation: BM25's k1.

    Returns:
        Sums; shape (n,).
    """
    slots, weights, enough = sought.slots, sought.weights, sought.enough
    sums = np.zeros(len(rows))
    for i in range(len(rows)):
        row = rows[i]
        side = 1 if foreign[row] else 0
        total, shared = np.int64(0), np.int64(0)
        for entry in range(texts.starts[row], texts.starts[row + 1]):
            slot = slots[texts.terms[entry]]
            if slot >= 0 and weights[slot, side] != 0.0:
                count = texts.counts[entry] / PER_COUNT
                earned = count * (saturation + 1) / (abs(count) + saturation * lengths[i])
                total += np.int64(weights[slot, side] * earned * _UNIT)
                if weights[slot, side] * count > 0.0:
                    shared += np.int64(sought.kinds[slot] * _COARSE)
        sums[i] = total / _UNIT
        if side == 0 and shared < np.int64(enough * _COARSE):
            sums[i] *= shared / (enough * _COARSE)
    return sums


@njit(cache=True, nogil=True)
def quote(
    rows: Rows,
    sentences: Sentences,
    foreign: Flags,
    asked: Flags,
    slots: Slots,
    squares: Floats,
    allows: Flags,
    least_shared: int,
) -> tuple[Floats, Rows]:
    """Find the sentence of each offer that repeats most of each requirement.

    Args:
        rows: Numbers of the offers; shape (n,).
        sentences: Of every offer.
        foreign: Whether every offer is in the need's other language.
        asked: Whether a requirement has each term of the index: a small table, as most terms are looked up in vain.
        slots: See above.
        squares: Squared weight of a term in each requirement, in the own and in the other language; shape
            (slots, 2, requirements).
        allows: Whether a requirement takes sentences that state a limit, and such as deny nothing; shape
            (requirements, 2).
        least_shared: So many terms must be shared.

    Returns:
        Parts of the requirements' weight and numbers of the sentences, -1 for an offer that has none; shapes
        (n, requirements).
    """
    count = squares.shape[2]
    best, found = np.zeros((len(rows), count)), np.full((len(rows), count), -1)
    covered, shared = np.empty(count, np.int64), np.empty(count, np.int64)
    for i in range(len(rows)):
        side = 1 if foreign[rows[i]] else 0
        for passage in range(sentences.starts[rows[i]], sentences.starts[rows[i] + 1]):
            covered[:] = 0
            shared[:] = 0
            place = sentences.text_starts[rows[i]]
            for entry in range(sentences.step_starts[passage], sentences.step_starts[passage + 1]):
                step = sentences.steps[entry]
                place += step
                term = sentences.terms[place] if step != FAR else -1
                if term >= 0 and asked[term]:
                    for j in range(count):
                        square = squares[slots[term], side, j]
                        if square > 0.0:
                            covered[j] += np.int64(square * _UNIT)
                            shared[j] += 1
            for j in range(count):
                contrary = sentences.limited[passage] and not allows[j, 0]
                contrary |= not sentences.negated[passage] and not allows[j, 1]
                value = 0.0 if contrary or shared[j] < least_shared else covered[j] / _UNIT
                if found[i, j] < 0 or value > best[i, j]:
                    best[i, j], found[i, j] = value, passage
    return best, found


@njit(cache=True, nogil=True)
def stand(
    places: NDArray[np.uint16], steps: NDArray[np.uint8], lengths: NDArray[np.uint8], wanted: Flags, edges: Rows
) -> NDArray[np.int64]:
    """Say where the wanted terms of an offer stand.

    Args:
        places: Of each token, which of the offer's terms it is; shape (tokens,).
        steps: Its first character in all texts, one after the other, as `stepped` writes it; shape (tokens,).
        lengths: Its characters; shape (tokens,).
        wanted: Of each of the offer's terms; shape (terms,).
        edges: Where each text starts among all, and their end; shape (texts + 1,).

    Returns:
        Place among the offer's terms, number of the text, first character in it and the one after the last; shape
        (4, found).
    """
    found = np.empty((4, len(places)), np.int64)
    count, text, start = 0, 0, np.int64(0)
    for i in range(len(places)):
        start += steps[i]
        if steps[i] != FAR and wanted[places[i]]:
            while text + 2 < len(edges) and start >= edges[text + 1]:
                text += 1
            first = start - edges[text]
            found[0, count], found[1, count] = places[i], text
            found[2, count], found[3, count] = first, first + lengths[i]
            count += 1
    return found[:, :count]


@njit(cache=True, nogil=True)
def liken(
    rows: Rows,
    starts: Rows,
    stated: Counted,
    foreign: Flags,
    slots: Slots,
    names: Floats,
    idf: Floats,
    bridge: Flags,
) -> tuple[Rows, Floats]:
    """Say how alike the names of stated and asked figures are.

    Args:
        rows: Numbers of the offers; shape (n,).
        starts: Where the figures of every offer start.
        stated: The name of every figure.
        foreign: Whether every offer is in the need's other language.
        slots: See above.
        names: Weight of a term in each asked name, in the own and in the other language; shape (slots, 2, names).
        idf: Of every term.
        bridge: Whether a term means the same in every language.

    Returns:
        Where the figures of each of the offers start in the second, shape (n + 1,); cosines, shape (figures, names).
    """
    total = 0
    first = np.zeros(len(rows) + 1, np.int64)
    for i in range(len(rows)):
        total += starts[rows[i] + 1] - starts[rows[i]]
        first[i + 1] = total
    cosines = np.zeros((total, names.shape[2]))
    products = np.empty(names.shape[2], np.int64)
    for i in range(len(rows)):
        side = 1 if foreign[rows[i]] else 0
        for figure in range(starts[rows[i]], starts[rows[i] + 1]):
            place = first[i] + figure - starts[rows[i]]
            norm = np.int64(0)
            products[:] = 0
            met = False
            for entry in range(stated.starts[figure], stated.starts[figure + 1]):
                term = stated.terms[entry]
                if side == 0 or bridge[term]:
                    count = stated.counts[entry] / PER_COUNT
                    weight = count * (SATURATION + 1) / (abs(count) + SATURATION) * idf[term]
                    norm += np.int64(weight * weight * _COARSE)
                    if slots[term] >= 0:
                        met = True
                        for j in range(names.shape[2]):
                            products[j] += np.int64(names[slots[term], side, j] * weight * _COARSE)
            if met:
                cosines[place] = products / _COARSE / np.sqrt(norm / _COARSE)
    return first, cosines


@njit(cache=True, nogil=True)
def best_part(rows: Rows, starts: Rows, parts: Numbers, values: Floats) -> Floats:
    """Give the highest value among the parts of each offer, nan if there is none; `values` by part, nan for silent."""
    best = np.full(len(rows), np.nan)
    for i in range(len(rows)):
        for entry in range(starts[rows[i]], starts[rows[i] + 1]):
            value = values[parts[entry]]
            if not (value <= best[i]) and not np.isnan(value):
                best[i] = value
    return best


@njit(cache=True, nogil=True)
def new_parts(rows: Rows, starts: Rows, parts: Numbers, seen: Flags) -> Rows:
    """Give the parts of some offers that were not seen before, each once, and mark them in `seen`, shape (parts,)."""
    found = [np.int64(0) for _ in range(0)]
    for i in range(len(rows)):
        for entry in range(starts[rows[i]], starts[rows[i] + 1]):
            if not seen[parts[entry]]:
                seen[parts[entry]] = True
                found.append(np.int64(parts[entry]))
    return np.array(found, np.int64)


@njit(cache=True, nogil=True)
def count_users(wanted: Flags, texts: Counted, slots: Slots, count: int) -> NDArray[np.int64]:
    """Count the wanted offers that use the term of each of `count` slots; shape (count,)."""
    users = np.zeros(count, np.int64)
    for row in range(len(wanted)):
        if wanted[row]:
            for entry in range(texts.starts[row], texts.starts[row + 1]):
                slot = slots[texts.terms[entry]]
                if slot >= 0 and texts.counts[entry] != 0:
                    users[slot] += 1
    return users
