"""Which texts of a need or an offer are read, under which names and in which role."""

from collections.abc import Iterator
from typing import NamedTuple

from app.matching.documents import Need, Offer


class Field(NamedTuple):
    """A text with its full name (`cases.1.background`) and its role, which has a weight (`case_background`)."""

    name: str
    role: str
    text: str


def need_fields(need: Need) -> Iterator[Field]:
    """Give every non-empty text of a need, in a fixed order."""
    yield from _present(
        Field("title", "title", need.title),
        Field("problem", "problem", need.problem),
        Field("current_state", "current_state", need.current_state),
        Field("goal", "goal", need.goal),
        Field("data_readiness", "data_readiness", need.data_readiness),
        Field("partner_requirements", "partner_requirements", need.partner_requirements),
        *(Field(f"keywords.{i}", "keyword", keyword) for i, keyword in enumerate(need.keywords)),
    )
    for i, requirement in enumerate(need.requirements):
        yield from _present(
            Field(f"requirements.{i}.text", "requirement", requirement.text),
            Field(f"requirements.{i}.metric", "requirement_metric", requirement.metric or ""),
        )


def offer_fields(offer: Offer) -> Iterator[Field]:
    """Give every non-empty text of an offer, in a fixed order."""
    yield from _present(
        Field("title", "title", offer.title),
        Field("summary", "summary", offer.summary),
        Field("description", "description", offer.description),
        Field("advantages", "advantages", offer.advantages),
        *(Field(f"keywords.{i}", "keyword", keyword) for i, keyword in enumerate(offer.keywords)),
    )
    for i, spec in enumerate(offer.specs):
        yield from _present(
            Field(f"specs.{i}.metric", "spec_metric", spec.metric),
            Field(f"specs.{i}.evidence", "spec_evidence", spec.evidence or ""),
        )
    for i, case in enumerate(offer.cases):
        yield from _present(
            Field(f"cases.{i}.background", "case_background", case.background),
            Field(f"cases.{i}.solution", "case_solution", case.solution),
            *(
                Field(f"cases.{i}.results.{j}.metric", "case_metric", result.metric)
                for j, result in enumerate(case.results)
            ),
        )


def _present(*fields: Field) -> Iterator[Field]:
    return (field for field in fields if field.text.strip())
