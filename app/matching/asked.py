"""What a need asks for, one requirement after the other, and the words that name it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.matching.documents import Operator, Requirement
from app.matching.normalise import normalise
from app.matching.prepared import ReadField, ReadNeed
from app.matching.statements import Statement, only_statement
from app.matching.units import parse_unit

# To reach a share is to ask for at least that much; of a speed one asks for more whatever the words.
_REACHES = re.compile(r"达|\breach|\bachiev|\battain")


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement as it is held against offers.

    Attributes:
        requirement: As written, with the figure its text asks for if it has none of its own.
        name: What names the figure, or the text if there is no figure.
        whole: That and the text.
    """

    requirement: Requirement
    name: Sequence[ReadField]
    whole: Sequence[ReadField]


def asked(need: ReadNeed) -> tuple[Asked, ...]:
    """Give every requirement of a need, in its order."""
    fields = {read.field.name: read for read in need.fields}
    return tuple(
        _asked(requirement, fields.get(f"requirements.{i}.text"), fields.get(f"requirements.{i}.metric"))
        for i, requirement in enumerate(need.document.requirements)
    )


def _asked(requirement: Requirement, text: ReadField | None, metric: ReadField | None) -> Asked:
    texts = () if text is None else (text,)
    if metric is not None:
        return Asked(requirement, (metric,), (metric, *texts))
    if text is not None and requirement.target is None:
        normal = normalise(requirement.text)
        statement = only_statement(normal.text)
        operator = statement and _operator(statement, normal.text)
        if statement and operator:
            start, end = normal.span(*statement.name)
            named = tuple(token for token in text.tokens if start <= token.start and token.end <= end)
            read = replace(
                requirement, metric=requirement.text[start:end], operator=operator,
                target=statement.value, unit=statement.unit,
            )  # fmt: skip
            return Asked(read, (ReadField(text.field, named),), texts)
    return Asked(requirement, texts, texts)


def _operator(statement: Statement, text: str) -> Operator | None:
    """Say which way a figure is asked for; None if the words leave it open."""
    if statement.operator != "=":
        return statement.operator
    dimension = parse_unit(statement.unit).dimension
    more = statement.relative or dimension == "throughput" or (dimension == "share" and _REACHES.search(text))
    return ">=" if more else None
