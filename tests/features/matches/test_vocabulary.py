"""The API's words for what the matcher answers: neither side may have one that the other lacks."""

from typing import get_args, get_type_hints

from app.features.matches.types import Constraint, MatchOutcome, MatchSignal, RequirementStatus
from app.matching import SIGNAL_WEIGHTS, FindingStatus, Outcome, Violation


def test_every_signal_has_a_word():
    assert {signal.value for signal in MatchSignal} == set(SIGNAL_WEIGHTS)


def test_every_constraint_has_a_word():
    assert {constraint.value for constraint in Constraint} == set(get_args(get_type_hints(Violation)["kind"]))


def test_every_status_of_a_requirement_has_a_word():
    assert {status.value for status in RequirementStatus} == set(get_args(FindingStatus))


def test_every_outcome_has_a_word():
    assert {outcome.value for outcome in MatchOutcome} == set(get_args(Outcome))
