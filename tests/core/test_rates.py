"""The rate's arithmetic, against a count of what was let through."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.rates import MICROSECONDS, Rate, standing

RATE = Rate("test", 5, 10)


def _ask(rate, kept, now):
    """What the database does: the moment kept after a request, None when it was too much."""
    later = max(kept, now) + rate.interval
    return later if later <= now + rate.ahead else None


def test_all_of_the_quota_may_come_at_once_and_then_one_an_interval():
    kept, now = 0, 1_000 * MICROSECONDS
    for left in (4, 3, 2, 1, 0):
        kept = _ask(RATE, kept, now)
        found = standing(RATE, paid_off=kept, now=now, is_over=False)
        assert (found.remaining, found.is_over) == (left, False)
    assert found.reset == 10
    assert found.retry_after == 2
    assert _ask(RATE, kept, now) is None
    assert _ask(RATE, kept, now + 2 * MICROSECONDS - 1) is None
    assert _ask(RATE, kept, now + 2 * MICROSECONDS) is not None


def test_who_owes_nothing_has_everything():
    found = standing(RATE, paid_off=5, now=100 * MICROSECONDS, is_over=False)
    assert (found.remaining, found.reset, found.retry_after) == (5, 0, 0)


@given(
    st.integers(1, 20),
    st.integers(1, 60),
    st.lists(st.integers(0, 3 * MICROSECONDS), min_size=1, max_size=200),
)
def test_never_more_than_twice_the_quota_in_a_window_and_a_refusal_tells_when_to_come_back(quota, window, gaps):
    rate, kept, now, let_through = Rate("any", quota, window), 0, 10**12, []
    for gap in gaps:
        now += gap
        after = _ask(rate, kept, now)
        if after is None:
            found = standing(rate, paid_off=kept, now=now, is_over=True)
            assert found.remaining == 0
            assert found.retry_after >= 1
            assert _ask(rate, kept, now + found.retry_after * MICROSECONDS) is not None
            continue
        kept = after
        let_through.append(now)
        assert standing(rate, paid_off=kept, now=now, is_over=False).remaining >= 0
    for first in let_through:
        within = [one for one in let_through if first <= one < first + window * MICROSECONDS]
        assert len(within) <= 2 * quota
