from dataclasses import replace
from uuid import UUID

import pytest

from app.features.matches.presenting import present
from app.features.matches.types import RequirementStatus
from app.features.postings.schemas import OrganizationBrief, PostingCard
from app.matching import Match, Need, Requirement, RequirementFinding, SignalShare, Span, TermShare, Violation

DOCUMENT = Need(
    id="n", lang="zh", title="t", problem="p", requirements=(Requirement("甲", "must"), Requirement("乙", "nice"))
)
BUDGET = Violation("budget", {"budget_max": 111_222, "price_min": 333_444})
MATCH = Match(
    need_id="n",
    offer_id="o",
    score=0.5,
    signals=(SignalShare("text", 1.0, 0.32, 0.5, 0.5), SignalShare("region", None, 0.02, 0.0, 0.0)),
    terms=(TermShare("漏检 ~ missed", (Span("title", 0, 2),), (Span("summary", 3, 9),), 0.5),),
    requirements=(
        RequirementFinding(1, "met", "nice", "the words", "summary", Span("summary", 0, 9), 1.0, {}),
        RequirementFinding(0, "not_stated", "must", None, None, None, 0.0, {}),
    ),
    violations=(BUDGET,),
    suitable=False,
)


def _card():
    organization = OrganizationBrief(
        id=None, name=None, name_en=None, org_type="manufacturer", industry_code=None, is_fictitious=True
    )
    return PostingCard(id=UUID(int=1), reference="XQ-2026-000001", title="t", lang="zh", organization=organization)


def _shown(match=MATCH, **changes):
    given = {"rank": 1, "document": DOCUMENT, "need": _card(), "capability": _card(), "language": "zh"}
    return present(match, **(given | changes))


def test_everything_the_matcher_found_is_shown():
    shown = _shown()
    assert (shown.rank, shown.score, shown.suitable) == (1, 0.5, False)
    text, region = shown.signals
    assert (text.name, text.value, text.weight, text.effective_weight, text.share) == ("text", 1.0, 0.32, 0.5, 0.5)
    assert region.value is None, "an absent signal is not a zero"
    (term,) = shown.terms
    assert (term.term, term.share) == ("漏检 ~ missed", 0.5)
    assert (term.need_spans[0].field, term.need_spans[0].end) == ("title", 2)
    assert (term.offer_spans[0].field, term.offer_spans[0].start) == ("summary", 3)


def test_a_finding_is_told_with_the_words_of_its_own_requirement():
    first, second = _shown().requirements
    assert (first.index, first.text, first.kind, first.status) == (1, "乙", "nice", "met")
    assert (first.passage, first.span.field) == ("the words", "summary")
    assert (second.index, second.text, second.kind, second.passage, second.span) == (0, "甲", "must", None, None)


@pytest.mark.parametrize("status", RequirementStatus)
def test_coverage_counts_each_status(status):
    finding = replace(MATCH.requirements[0], status=status.value)
    coverage = _shown(replace(MATCH, requirements=(finding, finding))).coverage.model_dump()
    assert {name: count for name, count in coverage.items() if count and name != "text"} == {status.value: 2}


@pytest.mark.parametrize(("language", "said"), [("zh", "满足 1/2 项，未说明 1 项"), ("en", "1 of 2 met, 1 not stated")])
def test_coverage_is_said_in_the_language_asked_for(language, said):
    assert _shown(language=language).coverage.text == said


def test_open_budgets_are_told():
    (violation,) = _shown().violations
    assert violation.detail == {"budget_max": 111_222, "price_min": 333_444}
    assert "333,444" in violation.text


def test_what_is_not_saved_has_no_card():
    shown = _shown(need=None)
    assert shown.need is None
    assert shown.violations[0].detail["budget_max"] == 111_222
