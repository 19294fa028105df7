"""Everything offers state that can be held against a requirement: figures and sentences, as vectors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.matching.documents import Operator
from app.matching.fields import Field
from app.matching.negation import limits, negates
from app.matching.normalise import Normalised, normalise
from app.matching.passages import Passage, passages
from app.matching.prepared import ReadField, ReadOffer, is_chinese
from app.matching.statements import statements
from app.matching.units import in_full, parse_unit
from app.matching.vectorizer import FieldedTfidf, Matrix


@dataclass(frozen=True, slots=True)
class Figure:
    """A stated figure: a spec, what a past case reached, or one written in a sentence.

    Attributes:
        source: Which of them.
        field: The field it stands in, `start` to `end`; of a spec and a case the name alone.
        metric: Its name, which `read` holds the tokens of.
        comparable: Its value in the base unit of its dimension.
        before: What it was before, of a case or a sentence that tells a change.
        firm: Whether a figure on the wrong side is a miss: a case or a value that was reached shows no limit.
        relative: Whether it is the size of a change, not a level.
    """

    source: Literal["spec", "case", "text"]
    field: str
    start: int
    end: int
    metric: str
    operator: Operator
    value: float
    unit: str
    dimension: str
    comparable: float
    before: float | None
    read: ReadField
    firm: bool
    relative: bool = False

    @property
    def rising(self) -> bool | None:
        """Which way it moved; None if that is not told."""
        return None if self.before is None else self.value > self.before

    @property
    def text(self) -> str:
        """The figure as it is quoted: a spec with its operator, a case with what it changed, a sentence as written."""
        if self.source == "text":
            return self.read.field.text[self.start : self.end]
        start = self.operator if self.before is None else f"{in_full(self.before)} →"
        return f"{self.metric} {start} {in_full(self.value)} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Figures and passages of a list of offers; `*_owner[i]` is the row of the offer that states entry `i`, rising."""

    offers: int
    chinese: NDArray[np.bool_]
    figures: tuple[Figure, ...]
    figure_owner: NDArray[np.int64]
    figure_vectors: Matrix
    figure_bridge: Matrix
    passages: tuple[Passage, ...]
    passage_owner: NDArray[np.int64]
    passage_presence: Matrix
    passage_limited: NDArray[np.bool_]
    passage_negated: NDArray[np.bool_]


def collect(offers: Sequence[ReadOffer], vectorizer: FieldedTfidf) -> Evidence:
    """Gather the evidence of offers, in their order."""
    quotable = [(row, passage) for row, offer in enumerate(offers) for passage in passages(offer)]
    spoken = [normalise(passage.text) for _, passage in quotable]
    stated = [(row, figure) for row, offer in enumerate(offers) for figure in _figures(offer)]
    stated += [
        (row, figure)
        for (row, passage), normal in zip(quotable, spoken, strict=True)
        for figure in _written(passage, normal)
    ]
    figure_vectors = vectorizer.transform([(figure.read,) for _, figure in stated])
    presence = vectorizer.presence([(passage.read,) for _, passage in quotable])
    return Evidence(
        offers=len(offers),
        chinese=np.array([is_chinese(offer.document) for offer in offers], dtype=np.bool_),
        figures=tuple(figure for _, figure in stated),
        figure_owner=np.array([row for row, _ in stated], dtype=np.int64),
        figure_vectors=figure_vectors.T.tocsr(),
        figure_bridge=vectorizer.bridge(figure_vectors).T.tocsr(),
        passages=tuple(passage for _, passage in quotable),
        passage_owner=np.array([row for row, _ in quotable], dtype=np.int64),
        passage_presence=presence.T.tocsr(),
        passage_limited=np.array([limits(normal.text) for normal in spoken], dtype=np.bool_),
        passage_negated=np.array([negates(normal.text) for normal in spoken], dtype=np.bool_),
    )


def _figures(offer: ReadOffer) -> Iterator[Figure]:
    by_name = {read.field.name: read for read in offer.fields}
    for i, spec in enumerate(offer.document.specs):
        name = f"specs.{i}.metric"
        if name in by_name:
            unit = parse_unit(spec.unit)
            yield Figure(
                "spec", name, 0, len(spec.metric), spec.metric, spec.operator, spec.value, spec.unit,
                unit.dimension, spec.value * unit.factor, None, by_name[name], firm=True,
            )  # fmt: skip
    for i, case in enumerate(offer.document.cases):
        for j, result in enumerate(case.results):
            name = f"cases.{i}.results.{j}.metric"
            if name in by_name:
                unit = parse_unit(result.unit)
                yield Figure(
                    "case", name, 0, len(result.metric), result.metric, "=", result.after, result.unit,
                    unit.dimension, result.after * unit.factor, result.before, by_name[name], firm=False,
                )  # fmt: skip


def _written(passage: Passage, normal: Normalised) -> Iterator[Figure]:
    """Give the figures a sentence states, each with the tokens of its name."""
    # The text of a passage is stripped of blanks, its place is not.
    text = passage.read.field.text
    begin = passage.start + text[passage.start : passage.end].index(passage.text)
    for statement in statements(normal.text):
        name = [begin + offset for offset in normal.span(*statement.name)]
        start, end = normal.span(statement.start, statement.end)
        tokens = tuple(token for token in passage.read.tokens if name[0] <= token.start and token.end <= name[1])
        if tokens:
            unit = parse_unit(statement.unit)
            yield Figure(
                "text", passage.field, begin + start, begin + end, text[slice(*name)],
                statement.operator, statement.value, statement.unit, unit.dimension, statement.value * unit.factor,
                statement.before, ReadField(Field(passage.field, "spec_metric", text), tokens),
                firm=statement.firm, relative=statement.relative,
            )  # fmt: skip
