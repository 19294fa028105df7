"""The present moment and identifiers."""

from datetime import UTC, date, datetime, timedelta

import time_machine

from app.core.clock import now, today
from app.core.ids import new_id


@time_machine.travel(datetime(2027, 3, 31, 16, 30, tzinfo=UTC), tick=False)
def test_today_is_read_in_china_and_now_in_utc():
    assert now() == datetime(2027, 3, 31, 16, 30, tzinfo=UTC)
    assert now().utcoffset() == timedelta(0)
    assert today() == date(2027, 4, 1)


def test_identifiers_sort_by_creation():
    made = [new_id() for _ in range(2000)]
    assert len(set(made)) == len(made)
    assert made == sorted(made)
    assert {one.version for one in made} == {7}
