import math

import pytest

from app.matching import SIGNAL_WEIGHTS, SUPPORTING, MatcherParams


def test_default_weights_sum_to_one():
    assert math.fsum(SIGNAL_WEIGHTS.values()) == pytest.approx(1.0, abs=1e-12)
    assert set(SIGNAL_WEIGHTS) >= SUPPORTING


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"text": 0.9}, "sum to 1"),
        ({"other": 0.0}, "name exactly"),
        ({"budget": -0.01, "text": SIGNAL_WEIGHTS["text"] + SIGNAL_WEIGHTS["budget"] + 0.01}, "negative"),
        ({"text": 0.0, "cases": SIGNAL_WEIGHTS["text"] + SIGNAL_WEIGHTS["cases"]}, "always present"),
    ],
)
def test_bad_weights_are_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        MatcherParams(signal_weights={**SIGNAL_WEIGHTS, **changed})


def test_half_and_gate_must_be_positive():
    with pytest.raises(ValueError, match="positive"):
        MatcherParams(half=0)
    with pytest.raises(ValueError, match="positive"):
        MatcherParams(gate=0)


@pytest.mark.parametrize("unnamed", [-0.1, 1.1])
def test_what_a_figure_of_another_name_is_worth_is_a_part_of_one(unnamed):
    with pytest.raises(ValueError, match="from 0 to 1"):
        MatcherParams(unnamed=unnamed)


def test_what_fits_asks_no_more_than_what_supports():
    with pytest.raises(ValueError, match="must not ask more"):
        MatcherParams(fitting_gate=0.5, gate=0.4)
