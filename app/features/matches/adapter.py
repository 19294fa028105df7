"""Postings as the matcher reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from app.features.capabilities.schemas import CapabilityContent
from app.features.capabilities.schemas import Case as CaseContent
from app.features.needs.schemas import NeedContent
from app.features.postings import policy
from app.matching import (
    Case,
    CaseResult,
    Language,
    Need,
    Offer,
    Operator,
    Requirement,
    RequirementKind,
    Scenario,
    Spec,
)


@dataclass(frozen=True)
class Atlas:
    """The catalogue as the matcher needs it.

    Attributes:
        industries: the path from the section down to each code.
        stages: the stage of each scenario.
        regions: each region's own code and those of all regions that contain it.
    """

    industries: Mapping[str, tuple[str, ...]]
    stages: Mapping[str, str]
    regions: Mapping[str, frozenset[str]]


def need_document(content: NeedContent, *, document_id: str, atlas: Atlas) -> Need:
    """A need's content for the matcher."""
    return Need(
        id=document_id,
        lang=cast("Language", content.lang.value),
        title=content.title,
        problem=content.problem,
        current_state=content.current_state,
        goal=content.goal,
        requirements=tuple(
            Requirement(
                text=requirement.text,
                kind=cast("RequirementKind", requirement.kind.value),
                metric=requirement.metric,
                operator=cast("Operator", requirement.operator.value) if requirement.operator else None,
                target=requirement.target,
                unit=requirement.unit,
            )
            for requirement in content.requirements
        ),
        keywords=tuple(content.keywords),
        data_readiness=content.data_readiness,
        partner_requirements=content.partner_requirements,
        scenario=next(iter(_scenarios([content.scenario_code], atlas)), None),
        industry_path=atlas.industries[content.industry_code] if content.industry_code else (),
        deployment=content.deployment,
        cooperation_modes=frozenset(content.cooperation_modes),
        budget_min=content.budget_min_cny,
        budget_max=content.budget_max_cny,
        complete_by=content.complete_by,
        min_trl=content.min_trl,
        region_codes=atlas.regions[content.region_code] if content.region_code else frozenset(),
        secret=policy.is_secret(content.visibility.details),
    )


def offer_document(content: CapabilityContent, *, document_id: str, atlas: Atlas) -> Offer:
    """A capability's content for the matcher."""
    return Offer(
        id=document_id,
        lang=cast("Language", content.lang.value),
        title=content.title,
        summary=content.summary,
        description=content.description,
        advantages=content.advantages,
        keywords=tuple(content.keywords),
        specs=tuple(
            Spec(spec.metric, cast("Operator", spec.operator.value), spec.value, spec.unit, spec.evidence)
            for spec in content.specs
        ),
        cases=tuple(_case(case, atlas) for case in content.cases),
        scenarios=tuple(_scenarios(content.scenario_codes, atlas)),
        industry_paths=tuple(atlas.industries[code] for code in content.industry_codes),
        trl=content.trl,
        price_min=content.price_min_cny,
        price_max=content.price_max_cny,
        delivery_weeks=content.delivery_weeks,
        region_codes=frozenset(content.region_codes),
        cooperation_modes=frozenset(content.cooperation_modes),
        deployment_modes=frozenset(content.deployment_modes),
        secret=policy.is_secret(content.visibility.details),
    )


def _case(case: CaseContent, atlas: Atlas) -> Case:
    return Case(
        background=case.background,
        solution=case.solution,
        industry_path=atlas.industries[case.industry_code] if case.industry_code else (),
        scenario=case.scenario_code,
        results=tuple(CaseResult(result.metric, result.before, result.after, result.unit) for result in case.results),
        year=case.year,
    )


def _scenarios(codes: Iterable[str | None], atlas: Atlas) -> Iterable[Scenario]:
    return (Scenario(code, atlas.stages[code]) for code in codes if code is not None)
