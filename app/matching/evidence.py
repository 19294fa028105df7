"""Everything offers state that can be held against a requirement: figures and sentences, as vectors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.matching.documents import Operator
from app.matching.negation import limits, negates
from app.matching.normalise import normalise
from app.matching.passages import Passage, passages
from app.matching.prepared import ReadField, ReadOffer, is_chinese
from app.matching.units import in_full, parse_unit
from app.matching.vectorizer import FieldedTfidf, Matrix


@dataclass(frozen=True, slots=True)
class Figure:
    """A stated figure: a spec, or what a past case reached; only a case has a value `before`."""

    source: Literal["spec", "case"]
    field: str
    metric: str
    operator: Operator
    value: float
    unit: str
    dimension: str
    comparable: float
    before: float | None
    read: ReadField

    @property
    def rising(self) -> bool | None:
        """Which way a case moved it; None for a spec."""
        return None if self.before is None else self.value > self.before

    @property
    def text(self) -> str:
        """The figure as it is quoted: a spec with its operator, a case with what it changed."""
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
    stated = [(row, figure) for row, offer in enumerate(offers) for figure in _figures(offer)]
    quotable = [(row, passage) for row, offer in enumerate(offers) for passage in passages(offer)]
    figure_vectors = vectorizer.transform([(figure.read,) for _, figure in stated])
    presence = vectorizer.presence([(passage.read,) for _, passage in quotable])
    spoken = [normalise(passage.text).text for _, passage in quotable]
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
        passage_limited=np.array([limits(text) for text in spoken], dtype=np.bool_),
        passage_negated=np.array([negates(text) for text in spoken], dtype=np.bool_),
    )


def _figures(offer: ReadOffer) -> Iterator[Figure]:
    by_name = {read.field.name: read for read in offer.fields}
    for i, spec in enumerate(offer.document.specs):
        name = f"specs.{i}.metric"
        if name in by_name:
            unit = parse_unit(spec.unit)
            yield Figure(
                "spec", name, spec.metric, spec.operator, spec.value, spec.unit,
                unit.dimension, spec.value * unit.factor, None, by_name[name],
            )  # fmt: skip
    for i, case in enumerate(offer.document.cases):
        for j, result in enumerate(case.results):
            name = f"cases.{i}.results.{j}.metric"
            if name in by_name:
                unit = parse_unit(result.unit)
                yield Figure(
                    "case", name, result.metric, "=", result.after, result.unit,
                    unit.dimension, result.after * unit.factor, result.before, by_name[name],
                )  # fmt: skip
