"""Requirement coverage: what an offer states about each thing a need asks for.

A requirement with a figure is decided by a stated figure of like name, comparable unit and the same direction: of a
spec or a case, else of a sentence, of which less is believed. One in words is decided by the sentence that repeats
most of its weight. Whatever is not plain is `not_stated`; a spec or a case that reaches the target under another name
is then quoted, and earns by how rare figures of its kind are.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching import figures
from app.matching.documents import Requirement
from app.matching.fields import Field
from app.matching.figures import OPERATORS, SOURCES, Nearest, nearest, stated_figures
from app.matching.offer_table import Numberings
from app.matching.probe import Probe
from app.matching.query import ROWS_PER_REQUIREMENT, Query
from app.matching.ranking import FindingStatus, RequirementFinding, Span
from app.matching.scan import Counted, Sentences, liken, quote
from app.matching.table import Table
from app.matching.units import in_full
from app.matching.vectorizer import ShortTexts

NICE_WEIGHT = 0.5

# The part of a requirement's weight a sentence must repeat, and in how many terms: one word alone shows nothing.
PARTIAL_COVERAGE = 0.3
MET_COVERAGE = 0.5
LEAST_SHARED_TERMS = 2
# Across languages only concepts and Latin words can meet, too few to call a requirement met.
FOREIGN_COVERAGE = 0.45

# For a sentence on the subject of an asked figure that states no figure to hold against it: this times its coverage.
UNMEASURED_CREDIT = 0.9

FIGURE_CREDIT = np.array([0.0, 1.0, 0.7, 0.0])  # by verdict


@dataclass(frozen=True, slots=True)
class Assessment:
    """The requirements of one need held against some offers of a table.

    Attributes:
        nearest: The figures that decide.
        coverage: The most any sentence repeats of each requirement; shape (offers, requirements).
        passage: The number of that sentence in the table, -1 if the offer has none; shape (offers, requirements).
        credits: What each requirement adds before weighting, in [0, 1]; shape (offers, requirements).
        credit: Requirement signal of each offer, in [0, 1]; shape (offers,). nan if the need asks for nothing.
    """

    requirements: tuple[Requirement, ...]
    nearest: Nearest
    coverage: NDArray[np.float64]
    passage: NDArray[np.int64]
    credits: NDArray[np.float64]
    credit: NDArray[np.float64]

    def at(self, places: NDArray[np.int64]) -> "Assessment":
        """Give that of some of the offers."""
        return Assessment(
            self.requirements,
            Nearest._make(array[places] for array in self.nearest),
            self.coverage[places],
            self.passage[places],
            self.credits[places],
            self.credit[places],
        )

    def followed_by(self, other: "Assessment") -> "Assessment":
        """Give that of these offers and of others after them."""
        return Assessment(
            self.requirements,
            Nearest._make(np.concatenate(one) for one in zip(self.nearest, other.nearest, strict=True)),
            np.concatenate([self.coverage, other.coverage]),
            np.concatenate([self.passage, other.passage]),
            np.concatenate([self.credits, other.credits]),
            np.concatenate([self.credit, other.credit]),
        )

    def findings(
        self, place: int, table: Table, fields: Sequence[Field], numbers: Numberings
    ) -> tuple[RequirementFinding, ...]:
        """Say for one offer what it states about every requirement.

        Args:
            place: Its place among the assessed offers.
            table: The table they are of.
            fields: Its fields.
            numbers: What numbers of the table stand for.
        """
        return tuple(self._finding(index, place, table, fields, numbers) for index in range(len(self.requirements)))

    def _finding(
        self, index: int, place: int, table: Table, fields: Sequence[Field], numbers: Numberings
    ) -> RequirementFinding:
        decides, unnamed = self.nearest.figure.item(place, index), self.nearest.unnamed.item(place, index)
        if decides >= 0:
            stated = _stated(table, decides, numbers)
            similarity, status = self.nearest.similarity.item(place, index), _STATUS[self.nearest.verdict[place, index]]
            likely = figures.SURE_SIMILARITY if stated["source"] == "text" else figures.LIKELY_SIMILARITY
            if status == "met" and similarity < likely:
                status = "partial"
            return _numeric_finding(self, index, place, stated, fields, status, similarity)
        if unnamed >= 0 and self.credits[place, index] > _unmeasured(self.coverage[place, index]):
            return _numeric_finding(self, index, place, _stated(table, unnamed, numbers), fields, "not_stated", None)
        return _textual_finding(self, index, place, table, fields)


def assess(query: Query, probe: Probe, table: Table, rows: NDArray[np.int64], texts: ShortTexts) -> Assessment:
    """Hold every requirement of a need against some offers (row numbers) of a table."""
    requirements = query.requirements
    foreign = table["chinese"] != query.chinese
    passages, stated = table.children["passages"], table.children["figures"]
    said, steps = table.children["terms"], passages.table.children["terms"]
    sentences = Sentences(
        said.starts,
        said["term"],
        passages.starts,
        steps.starts,
        steps["step"],
        passages["limited"],
        passages["negated"],
    )
    coverage, passage = quote(
        rows, sentences, foreign, probe.asked, probe.slots, probe.squares, query.allows, LEAST_SHARED_TERMS
    )
    coverage *= np.where(foreign[rows], FOREIGN_COVERAGE, 1.0)[:, np.newaxis]
    first, cosines = _cosines(probe, table, rows, foreign, texts)
    decided = nearest(rows, stated.starts, first, cosines, stated_figures(stated), probe.figures)
    worth = _credits(requirements, decided, coverage, probe.unnamed)
    weights = requirement_weights(requirements)
    total = np.zeros(len(rows))
    for i, weight in enumerate(weights):
        total += weight * worth[:, i]
    credit = total / weights.sum() if requirements else np.full(len(rows), np.nan)
    return Assessment(requirements, decided, coverage, passage, worth, credit)


def requirement_weights(requirements: Sequence[Requirement]) -> NDArray[np.float64]:
    """Say how much each requirement counts; shape (requirements,)."""
    return np.array([NICE_WEIGHT if requirement.kind == "nice" else 1.0 for requirement in requirements])


def name_cosines(
    query: Query, probe: Probe, table: Table, rows: NDArray[np.int64], texts: ShortTexts
) -> NDArray[np.float64]:
    """Say how alike the names of requirements and of the figures of some offers are; shape (figures, requirements)."""
    _, cosines = _cosines(probe, table, rows, table["chinese"] != query.chinese, texts)
    return cosines[:, ::ROWS_PER_REQUIREMENT]


def _cosines(
    probe: Probe, table: Table, rows: NDArray[np.int64], foreign: NDArray[np.bool_], texts: ShortTexts
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    stated = table.children["figures"]
    names = stated.table.children["terms"]
    return liken(
        rows, stated.starts, Counted(names.starts, names["term"], names["count"]), foreign,
        probe.slots, probe.names, texts.idf, texts.bridge_mask,
    )  # fmt: skip


def _credits(
    requirements: Sequence[Requirement],
    decided: Nearest,
    coverage: NDArray[np.float64],
    unnamed: NDArray[np.float64],
) -> NDArray[np.float64]:
    measured = np.array([requirement.target is not None for requirement in requirements], dtype=np.bool_)
    spoken = np.where(coverage >= PARTIAL_COVERAGE, np.minimum(1.0, coverage / MET_COVERAGE), 0.0)
    unmeasured = np.maximum(_unmeasured(coverage), np.where(decided.unnamed >= 0, unnamed, 0.0))
    likeness = np.minimum(1.0, decided.similarity / figures.SURE_SIMILARITY)
    by_figure = FIGURE_CREDIT[decided.verdict] * likeness
    return np.where(decided.figure >= 0, by_figure, np.where(measured, unmeasured, spoken))


def _unmeasured(coverage: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(coverage >= MET_COVERAGE, UNMEASURED_CREDIT * np.minimum(1.0, coverage), 0.0)


def _textual_finding(
    assessment: Assessment, index: int, place: int, table: Table, fields: Sequence[Field]
) -> RequirementFinding:
    requirement = assessment.requirements[index]
    number, coverage = int(assessment.passage[place, index]), float(assessment.coverage[place, index])
    credit = float(assessment.credits[place, index])
    if not credit:
        return RequirementFinding(index, "not_stated", requirement.kind, None, None, None, 0.0, {})
    passages = table.children["passages"]
    field, start, end = fields[passages["field"][number]], int(passages["start"][number]), int(passages["end"][number])
    status: FindingStatus = "met" if requirement.target is None and coverage >= MET_COVERAGE else "partial"
    return RequirementFinding(
        index, status, requirement.kind, field.text[start:end].strip(), field.name,
        Span(field.name, start, end), credit, {"coverage": coverage},
    )  # fmt: skip


def _stated(table: Table, figure: int, numbers: Numberings) -> dict[str, Any]:
    """Give a figure of a table by its number, what its own numbers stand for filled in."""
    stated = {name: column.item(figure) for name, column in table.children["figures"].table.columns.items()}
    return stated | {
        "source": SOURCES[stated["source"]],
        "operator": OPERATORS[stated["operator"]],
        "unit": numbers.units.values[stated["unit"]],
    }


def _numeric_finding(
    assessment: Assessment,
    index: int,
    place: int,
    stated: Mapping[str, Any],
    fields: Sequence[Field],
    status: FindingStatus,
    similarity: float | None,
) -> RequirementFinding:
    requirement = assessment.requirements[index]
    field, start, end = fields[stated["field"]], stated["start"], stated["end"]
    source, operator, unit = stated["source"], stated["operator"], stated["unit"]
    value, before = stated["value"], stated["before"]
    passage = field.text[start:end]
    if source != "text":
        lead = operator if math.isnan(before) else f"{in_full(before)} →"
        passage = f"{passage} {lead} {in_full(value)} {unit}".rstrip()
    return RequirementFinding(
        index=index,
        status=status,
        kind=requirement.kind,
        passage=passage,
        field=field.name,
        span=Span(field.name, start, end),
        credit=float(assessment.credits[place, index]),
        detail={
            "metric": requirement.metric,
            "operator": requirement.operator,
            "target": requirement.target,
            "unit": requirement.unit,
            "stated": value,
            "stated_unit": unit,
            "stated_operator": operator,
            "source": source,
            "reached": similarity is None or bool(assessment.nearest.reached[place, index]),
            "similarity": similarity,
        },
    )


_STATUS: tuple[FindingStatus, ...] = ("not_stated", "met", "partial", "unmet")
