"""The API's words for what the matcher answers: neither side may have one that the other lacks."""

from typing import get_args, get_type_hints

from app.features.matches.types import AdviceReason, Constraint, MatchOutcome, MatchSignal, RequirementStatus
from app.features.needs.schemas import NeedContent
from app.features.needs.types import NeedField
from app.matching import WITH_MEANING, FindingStatus, Outcome, Sign, Violation


def test_every_signal_has_a_word():
    assert {signal.value for signal in MatchSignal} == set(WITH_MEANING.signal_weights)


def test_every_constraint_has_a_word():
    assert {constraint.value for constraint in Constraint} == set(get_args(get_type_hints(Violation)["kind"]))


def test_every_status_of_a_requirement_has_a_word():
    assert {status.value for status in RequirementStatus} == set(get_args(FindingStatus))


def test_every_outcome_has_a_word():
    assert {outcome.value for outcome in MatchOutcome} == set(get_args(Outcome))


def test_every_sign_has_a_word():
    assert set(get_args(Sign)) <= {reason.value for reason in AdviceReason}


def test_every_field_of_a_need_has_a_word():
    assert {field.value for field in NeedField} == set(NeedContent.model_fields)
