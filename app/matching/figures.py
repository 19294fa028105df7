"""Is a stated figure what a requirement asks for? Decided by unit, direction and value, or not at all.

Compiled by numba, as every figure of every offer is asked; see `scan`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from app.matching.documents import Requirement
from app.matching.normalise import normalise
from app.matching.numbering import Numbering
from app.matching.statements import names_a_change
from app.matching.table import Owned
from app.matching.units import parse_unit

# Constants of compiled loops stand in their own file: when it changes, they are compiled anew.
SOURCES = ("spec", "case", "text")
OPERATORS = (">=", "<=", "=")

# A figure short of the target by no more than this part of it is a near miss, worth a talk.
NEAR = 0.1
# How alike the names of an asked and a stated figure must be to say anything; that it meets; that it misses. One
# written in a sentence must be likely to say anything, and sure to meet.
LEAST_SIMILARITY = 0.3
LIKELY_SIMILARITY = 0.45
SURE_SIMILARITY = 0.6

NONE, MET, PARTIAL, UNMET = range(4)

_TEXT = SOURCES.index("text")
_AT_LEAST, _AT_MOST, _EQUAL = map(OPERATORS.index, (">=", "<=", "="))


class Asked(NamedTuple):
    """Asked figures; a requirement without one has the dimension -1. Shape (requirements,) each.

    Attributes:
        dimension: Number of the dimension of its unit; -2 for one no offer uses.
        operator: Place in `OPERATORS`.
        target: In the base unit of the dimension.
        change: Whether it is the size of a change.
    """

    dimension: NDArray[np.int64]
    operator: NDArray[np.int64]
    target: NDArray[np.float64]
    change: NDArray[np.bool_]


class Stated(NamedTuple):
    """Figures as the table of offers has them; shape (figures,) each."""

    source: NDArray[np.uint8]
    operator: NDArray[np.uint8]
    dimension: NDArray[np.int32]
    comparable: NDArray[np.float64]
    value: NDArray[np.float64]
    before: NDArray[np.float64]
    firm: NDArray[np.bool_]
    relative: NDArray[np.bool_]


class Nearest(NamedTuple):
    """The figure that decides each requirement, shape (offers, requirements) each.

    Attributes:
        figure: Its number in the table, -1 if none decides.
        similarity: Of the names, at most 1.
        verdict: NONE, MET, PARTIAL (a near miss) or UNMET, by the figure alone.
        reached: Whether the target is.
        unnamed: The first figure of a spec or a case that reaches the target under whatever name, -1 if none does.
    """

    figure: NDArray[np.int64]
    similarity: NDArray[np.float64]
    verdict: NDArray[np.uint8]
    reached: NDArray[np.bool_]
    unnamed: NDArray[np.int64]


def asked_figures(requirements: Sequence[Requirement], dimensions: Numbering[str]) -> Asked:
    """Read the figures some requirements ask for."""
    count = len(requirements)
    found = Asked(np.full(count, -1), np.zeros(count, np.int64), np.zeros(count), np.zeros(count, np.bool_))
    for i, requirement in enumerate(requirements):
        if requirement.target is not None and requirement.operator is not None:
            unit = parse_unit(requirement.unit or "")
            number = dimensions.get(unit.dimension)
            found.dimension[i] = -2 if number is None else number
            found.operator[i] = OPERATORS.index(requirement.operator)
            found.target[i] = requirement.target * unit.factor
            found.change[i] = names_a_change(normalise(requirement.metric or "").text)
    return found


def stated_figures(figures: Owned) -> Stated:
    """Give the figures of a table of offers."""
    return Stated(*(figures[name] for name in Stated._fields))


def asked_kinds(asked: Asked) -> NDArray[np.uint64]:
    """Give the kinds of figures, as bits, of which one can answer each requirement; shape (requirements,)."""
    at_least, at_most = _bits(asked.dimension)
    kinds = np.where(asked.operator != _AT_MOST, at_least, 0) | np.where(asked.operator != _AT_LEAST, at_most, 0)
    return np.where(asked.dimension >= 0, kinds, 0).astype(np.uint64)


def stated_kinds(figures: Owned) -> NDArray[np.uint64]:
    """Give the kinds of figures, as bits, that each offer of a table states; shape (offers,)."""
    stated = stated_figures(figures)
    at_least, at_most = _bits(stated.dimension)
    rises, falls = _directions(stated)
    kinds = (np.where(rises, at_least, 0) | np.where(falls, at_most, 0)).astype(np.uint64)
    found = np.zeros(len(figures.starts) - 1, dtype=np.uint64)
    np.bitwise_or.at(found, np.repeat(np.arange(len(found)), np.diff(figures.starts)), kinds)
    return found


def count_kinds(figures: Owned, told: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count the offers of a table that state a figure of each dimension and direction in a spec or a case.

    Args:
        figures: Those of all offers.
        told: Which offers count; shape (offers,).

    Returns:
        Those that reach at least something at twice the number of the dimension, those that keep to at most something
        after it; shape (2 * dimensions,), dimensions of higher numbers left out.
    """
    stated = stated_figures(figures)
    owners = np.repeat(np.arange(len(figures.starts) - 1), np.diff(figures.starts))
    firm = (stated.source != _TEXT) & told[owners]
    size = 2 * (int(stated.dimension.max(initial=-1)) + 1)
    found = np.zeros(size, dtype=np.int64)
    for place, towards in enumerate(_directions(stated)):
        pairs = np.unique(owners[firm & towards] * size + 2 * stated.dimension[firm & towards] + place)
        found += np.bincount(pairs % size, minlength=size) if size else 0
    return found


def asked_counts(asked: Asked, counted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give how many offers state a figure of the kind each requirement asks for; `counted` by `count_kinds`."""
    kinds = np.array([2 * asked.dimension, 2 * asked.dimension + 1])
    known = (kinds >= 0) & (kinds < len(counted))
    found = np.where(known, np.append(counted, 0)[np.where(known, kinds, -1)], 0)
    # Who asks for a value asks for neither direction.
    by_operator = np.array([found[0], found[1], found.max(axis=0)])
    taken: NDArray[np.int64] = by_operator[asked.operator, np.arange(len(asked.operator))]
    return taken


def _directions(stated: Stated) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of figures whether they can show that at least, and that at most, something is reached."""
    rises = np.where(np.isnan(stated.before), stated.operator != _AT_MOST, stated.value > stated.before)
    falls = np.where(np.isnan(stated.before), stated.operator != _AT_LEAST, stated.value <= stated.before)
    return rises, falls


def _bits(dimension: NDArray[np.integer]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Give a bit for what reaches at least, and one for at most, of each dimension; some dimensions share theirs."""
    place = (2 * dimension.astype(np.int64) % 64).astype(np.uint64)
    return np.uint64(1) << place, np.uint64(2) << place


@njit(cache=True, nogil=True)
def nearest(
    rows: NDArray[np.int64],
    starts: NDArray[np.int64],
    first: NDArray[np.int64],
    cosines: NDArray[np.float64],
    stated: Stated,
    asked: Asked,
) -> Nearest:
    """Find, for each offer and requirement, the figure that decides.

    A likely spec or case comes before a sentence, then the likest name, then the kinder verdict, then the first.

    Args:
        rows: Numbers of the offers; shape (n,).
        starts: Where the figures of every offer start.
        first: Where the figures of each of the n offers start in `cosines`; shape (n + 1,).
        cosines: Of each figure's name with two names of each requirement; shape (figures of these offers,
            2 * requirements).
        stated: All figures.
        asked: The requirements.
    """
    shape = (len(rows), len(asked.target))
    found = Nearest(
        np.full(shape, -1), np.zeros(shape), np.zeros(shape, np.uint8), np.zeros(shape, np.bool_), np.full(shape, -1)
    )
    for i in range(len(rows)):
        for place in range(first[i], first[i + 1]):
            figure = starts[rows[i]] + place - first[i]
            for j in range(len(asked.target)):
                if stated.dimension[figure] != asked.dimension[j]:
                    continue
                similarity = max(cosines[place, 2 * j], cosines[place, 2 * j + 1])
                verdict = _compare(stated, figure, asked, j)
                if verdict == MET and stated.source[figure] != _TEXT and found.unnamed[i, j] < 0:
                    found.unnamed[i, j] = figure
                if verdict == NONE or similarity < _least(stated.source[figure], verdict):
                    continue
                similarity = min(1.0, similarity)
                standing = _standing(stated.source[figure], similarity, verdict)
                other = found.figure[i, j]
                if other >= 0 and standing <= _standing(
                    stated.source[other], found.similarity[i, j], found.verdict[i, j]
                ):
                    continue
                found.figure[i, j], found.similarity[i, j] = figure, similarity
                found.verdict[i, j], found.reached[i, j] = verdict, verdict == MET
    return found


@njit(cache=True, nogil=True)
def _compare(stated: Stated, figure: int, asked: Asked, j: int) -> int:
    """Give the verdict on one figure of the same dimension.

    NONE when the two cannot be compared: other direction, the size of a change against a level, or a
    figure without a firm bound that fell short, which shows no limit of the offer.
    """
    value, target, operator = stated.comparable[figure], asked.target[j], asked.operator[j]
    if np.isnan(stated.before[figure]):
        likewise = stated.operator[figure] == operator or stated.operator[figure] == _EQUAL
    else:
        likewise = operator == (_AT_LEAST if stated.value[figure] > stated.before[figure] else _AT_MOST)
    other_kind = stated.source[figure] == _TEXT and stated.relative[figure] != asked.change[j]
    if not likewise or other_kind:
        return NONE
    same = abs(value - target) <= 1e-9 * max(abs(value), abs(target))
    if same or (operator == _AT_LEAST and value > target) or (operator == _AT_MOST and value < target):
        return MET
    if not stated.firm[figure]:
        return NONE
    return PARTIAL if abs(value - target) <= NEAR * abs(target) else UNMET


@njit(cache=True, nogil=True)
def _least(source: int, verdict: int) -> float:
    """How alike the names must be for a verdict to count."""
    if verdict != MET:
        return SURE_SIMILARITY
    return LIKELY_SIMILARITY if source == _TEXT else LEAST_SIMILARITY


@njit(cache=True, nogil=True)
def _standing(source: int, similarity: float, verdict: int) -> tuple[bool, float, bool]:
    """What decides; the higher does."""
    return source != _TEXT and similarity >= LIKELY_SIMILARITY, similarity, verdict == MET
