"""Hard constraints that facts decide: what rules a pair out, however well the texts agree."""

from collections.abc import Iterable, Mapping
from typing import Literal

from app.matching.documents import Need, Offer
from app.matching.ranking import RequirementFinding, Violation

ConstraintMode = Literal["exclude", "mark"]


def violations(need: Need, offer: Offer, findings: Iterable[RequirementFinding]) -> tuple[Violation, ...]:
    """Find the constraints an offer breaks by its own statement.

    Args:
        need: Whose musts are held against the offer.
        offer: What is silent about a fact never breaks it.
        findings: The requirement findings of this pair.

    Returns:
        Violations of kind `region` (place not served), `trl` (below the asked level), `budget` (the lowest price is
        above the highest budget) and `requirement` (a must with a figure that a spec of the offer does not reach; one
        read out of a sentence rules nobody out).
    """
    return (*_facts(need, offer), *_figures(findings))


def _facts(need: Need, offer: Offer) -> list[Violation]:
    found: list[Violation] = []
    if need.region_codes and offer.region_codes and need.region_codes.isdisjoint(offer.region_codes):
        found.append(Violation("region", {"needed": sorted(need.region_codes), "served": sorted(offer.region_codes)}))
    if need.min_trl is not None and offer.trl is not None and offer.trl < need.min_trl:
        found.append(Violation("trl", {"needed": need.min_trl, "stated": offer.trl}))
    if need.budget_max is not None and offer.price_min is not None and offer.price_min > need.budget_max:
        found.append(Violation("budget", {"budget_max": need.budget_max, "price_min": offer.price_min}))
    return found


def _figures(findings: Iterable[RequirementFinding]) -> list[Violation]:
    return [
        Violation("requirement", {"index": finding.index, **_plain(finding.detail)})
        for finding in findings
        if finding.kind == "must" and finding.detail.get("reached") is False and finding.detail["source"] != "text"
    ]


def _plain(detail: Mapping[str, object]) -> dict[str, object]:
    return {name: detail[name] for name in ("metric", "operator", "target", "unit", "stated", "stated_unit")}
