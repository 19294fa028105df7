"""Everything an offer states that can be held against a requirement: figures and sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.matching.documents import Operator
from app.matching.fields import Field
from app.matching.negation import limits, negates
from app.matching.normalise import Normalised, normalise
from app.matching.passages import Passage, passages
from app.matching.prepared import ReadField, ReadOffer
from app.matching.statements import statements
from app.matching.units import parse_unit


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one offer states.

    Attributes:
        figures: Its figures.
        passages: Its sentences.
        limited: Of each sentence, whether it states a limit.
        negated: Of each sentence, whether it denies something.
    """

    figures: tuple[Figure, ...]
    passages: tuple[Passage, ...]
    limited: tuple[bool, ...]
    negated: tuple[bool, ...]


def evidence_of(offer: ReadOffer) -> Evidence:
    """Gather the evidence of an offer."""
    quotable = passages(offer)
    spoken = [normalise(passage.text) for passage in quotable]
    written = [figure for passage, normal in zip(quotable, spoken, strict=True) for figure in _written(passage, normal)]
    return Evidence(
        figures=(*_figures(offer), *written),
        passages=quotable,
        limited=tuple(limits(normal.text) for normal in spoken),
        negated=tuple(negates(normal.text) for normal in spoken),
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
