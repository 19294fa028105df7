"""Requirement coverage: what an offer states about each thing a need asks for.

A requirement with a figure is decided by a stated figure of like name, comparable unit and the same direction: of a
spec or a case, else of a sentence, of which less is believed. One in words is decided by the sentence that repeats
most of its weight. Whatever is not plain is `not_stated`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.documents import Requirement
from app.matching.evidence import Evidence, Figure
from app.matching.figures import Comparison, compare
from app.matching.negation import limits, negates
from app.matching.normalise import normalise
from app.matching.query import ROWS_PER_REQUIREMENT, Query
from app.matching.ranking import FindingStatus, RequirementFinding, Span
from app.matching.vectorizer import Matrix

NICE_WEIGHT = 0.5
# How alike the names of an asked and a stated figure must be to say anything; that it meets; that it misses. One
# written in a sentence must be likely to say anything, and sure to meet.
LEAST_FIGURE_SIMILARITY = 0.3
LIKELY_FIGURE_SIMILARITY = 0.45
SURE_FIGURE_SIMILARITY = 0.6

# The part of a requirement's weight a sentence must repeat, and in how many terms: one word alone shows nothing.
PARTIAL_COVERAGE = 0.3
MET_COVERAGE = 0.5
LEAST_SHARED_TERMS = 2
# Across languages only concepts and Latin words can meet, too few to call a requirement met.
FOREIGN_COVERAGE = 0.45

# For a sentence on the subject of an asked figure that states no figure to hold against it: this times its coverage.
UNMEASURED_CREDIT = 0.9

FIGURE_CREDIT: dict[FindingStatus, float] = {"met": 1.0, "partial": 0.7, "unmet": 0.0, "not_stated": 0.0}


@dataclass(frozen=True, slots=True)
class _Numeric:
    figure: Figure
    similarity: float
    comparison: Comparison

    @property
    def status(self) -> FindingStatus:
        likely = SURE_FIGURE_SIMILARITY if self.figure.source == "text" else LIKELY_FIGURE_SIMILARITY
        unlikely = self.comparison.reached and self.similarity < likely
        return "partial" if unlikely else self.comparison.status

    @property
    def standing(self) -> tuple[bool, float, bool]:
        """What decides: a likely spec or case before a sentence, then the likest name, then the kinder verdict."""
        structured = self.figure.source != "text" and self.similarity >= LIKELY_FIGURE_SIMILARITY
        return structured, self.similarity, self.comparison.reached

    @property
    def credit(self) -> float:
        return FIGURE_CREDIT[self.comparison.status] * min(1.0, self.similarity / SURE_FIGURE_SIMILARITY)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The requirements of one need held against every offer of some evidence.

    Attributes:
        credit: Requirement signal of each offer, in [0, 1]; shape (offers,). None if the need asks for nothing.
    """

    requirements: tuple[Requirement, ...]
    evidence: Evidence
    numeric: tuple[dict[int, _Numeric], ...]
    coverage: tuple[NDArray[np.float64], ...]
    credit: NDArray[np.float64] | None

    def findings(self, row: int) -> tuple[RequirementFinding, ...]:
        """Say for one offer what it states about every requirement."""
        return tuple(self._finding(index, row) for index in range(len(self.requirements)))

    def _finding(self, index: int, row: int) -> RequirementFinding:
        requirement = self.requirements[index]
        numeric = self.numeric[index].get(row)
        if numeric is not None:
            return _numeric_finding(index, requirement, numeric)
        first, end = np.searchsorted(self.evidence.passage_owner, (row, row + 1))
        if first < end:
            return self._textual_finding(index, int(first) + int(np.argmax(self.coverage[index][first:end])))
        return RequirementFinding(index, "not_stated", requirement.kind, None, None, None, 0.0, {})

    def _textual_finding(self, index: int, passage_row: int) -> RequirementFinding:
        requirement = self.requirements[index]
        passage = self.evidence.passages[passage_row]
        coverage = float(self.coverage[index][passage_row])
        status, credit = _textual(requirement, coverage)
        if status == "not_stated":
            return RequirementFinding(index, status, requirement.kind, None, None, None, 0.0, {})
        return RequirementFinding(
            index, status, requirement.kind, passage.text, passage.field,
            Span(passage.field, passage.start, passage.end), credit, {"coverage": coverage},
        )  # fmt: skip


def assess(query: Query, evidence: Evidence) -> Assessment:
    """Hold every requirement of a need against the evidence of all offers at once."""
    requirements = query.requirements
    if not requirements:
        return Assessment((), evidence, (), (), None)
    numeric = _numeric(query, evidence)
    coverage = _coverage(query, evidence)
    total = np.zeros(evidence.offers)
    weights = 0.0
    for i, requirement in enumerate(requirements):
        weight = NICE_WEIGHT if requirement.kind == "nice" else 1.0
        weights += weight
        total += weight * _credit(requirement, numeric[i], coverage[i], evidence)
    return Assessment(requirements, evidence, numeric, coverage, total / weights)


def _credit(
    requirement: Requirement, numeric: dict[int, _Numeric], coverage: NDArray[np.float64], evidence: Evidence
) -> NDArray[np.float64]:
    best = np.zeros(evidence.offers)
    np.maximum.at(best, evidence.passage_owner, coverage)
    if requirement.target is None:
        credit = np.where(best >= PARTIAL_COVERAGE, np.minimum(1.0, best / MET_COVERAGE), 0.0)
    else:
        credit = np.where(best >= MET_COVERAGE, UNMEASURED_CREDIT * np.minimum(1.0, best), 0.0)
    for row, found in numeric.items():
        credit[row] = found.credit
    return credit


def _numeric(query: Query, evidence: Evidence) -> tuple[dict[int, _Numeric], ...]:
    """Find, for each requirement and offer, the stated figure that is most like the asked one."""
    requirements = query.requirements
    if not evidence.figures:
        return tuple({} for _ in requirements)
    similarity = figure_similarity(query, evidence)
    return tuple(
        _nearest(
            requirement,
            np.maximum(similarity[ROWS_PER_REQUIREMENT * i], similarity[ROWS_PER_REQUIREMENT * i + 1]),
            evidence,
        )
        for i, requirement in enumerate(requirements)
    )


def figure_similarity(query: Query, evidence: Evidence) -> NDArray[np.float64]:
    """Say how alike each row of a query and the name of each stated figure are; shape (rows, figures)."""
    native = evidence.chinese[evidence.figure_owner] == query.chinese
    similarity: NDArray[np.float64] = np.where(
        native, (query.vectors @ evidence.figure_vectors).toarray(), (query.bridge @ evidence.figure_bridge).toarray()
    )
    return similarity


def _nearest(requirement: Requirement, similarity: NDArray[np.float64], evidence: Evidence) -> dict[int, _Numeric]:
    found: dict[int, _Numeric] = {}
    for entry in np.flatnonzero(similarity >= LEAST_FIGURE_SIMILARITY):
        figure = evidence.figures[entry]
        comparison = compare(requirement, figure)
        if comparison is None or similarity[entry] < _least(figure, comparison):
            continue
        row = int(evidence.figure_owner[entry])
        candidate = _Numeric(figure, min(1.0, float(similarity[entry])), comparison)
        if row not in found or candidate.standing > found[row].standing:
            found[row] = candidate
    return found


def _least(figure: Figure, comparison: Comparison) -> float:
    if not comparison.reached:
        return SURE_FIGURE_SIMILARITY
    return LIKELY_FIGURE_SIMILARITY if figure.source == "text" else LEAST_FIGURE_SIMILARITY


def _coverage(query: Query, evidence: Evidence) -> tuple[NDArray[np.float64], ...]:
    """Give, per requirement and passage, the part of the requirement's squared weight that the passage repeats."""
    native = evidence.chinese[evidence.passage_owner] == query.chinese
    covered = np.where(
        native,
        _covered(query.vectors[1::ROWS_PER_REQUIREMENT], evidence),
        FOREIGN_COVERAGE * _covered(query.bridge[1::ROWS_PER_REQUIREMENT], evidence),
    )
    return tuple(
        np.where(_contrary(requirement, evidence), 0.0, covered[i]) for i, requirement in enumerate(query.requirements)
    )


def _covered(texts: Matrix, evidence: Evidence) -> NDArray[np.float64]:
    covered = (texts.multiply(texts).tocsr() @ evidence.passage_presence).toarray()
    shared = (abs(texts.sign()) @ evidence.passage_presence).toarray()
    found: NDArray[np.float64] = np.where(shared >= LEAST_SHARED_TERMS, covered, 0.0)
    return found


def _contrary(requirement: Requirement, evidence: Evidence) -> NDArray[np.bool_]:
    """Find the sentences that may say the opposite: a limit where none was asked, or nothing denied where it was."""
    contrary = np.zeros(len(evidence.passages), dtype=np.bool_)
    text = normalise(requirement.text).text
    if not limits(text):
        contrary |= evidence.passage_limited
    if negates(text):
        contrary |= ~evidence.passage_negated
    return contrary


def _textual(requirement: Requirement, coverage: float) -> tuple[FindingStatus, float]:
    if requirement.target is not None:
        covered = coverage >= MET_COVERAGE
        return ("partial", UNMEASURED_CREDIT * min(1.0, coverage)) if covered else ("not_stated", 0.0)
    if coverage >= PARTIAL_COVERAGE:
        return "met" if coverage >= MET_COVERAGE else "partial", min(1.0, coverage / MET_COVERAGE)
    return "not_stated", 0.0


def _numeric_finding(index: int, requirement: Requirement, numeric: _Numeric) -> RequirementFinding:
    figure = numeric.figure
    return RequirementFinding(
        index=index,
        status=numeric.status,
        kind=requirement.kind,
        passage=figure.text,
        field=figure.field,
        span=Span(figure.field, figure.start, figure.end),
        credit=numeric.credit,
        detail={
            "metric": requirement.metric,
            "operator": requirement.operator,
            "target": requirement.target,
            "unit": requirement.unit,
            "stated": figure.value,
            "stated_unit": figure.unit,
            "stated_operator": figure.operator,
            "source": figure.source,
            "reached": numeric.comparison.reached,
            "similarity": numeric.similarity,
        },
    )
