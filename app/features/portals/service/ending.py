"""Postings whose validity ends: nobody does anything then, and yet whoever follows must learn that they have gone."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.core import clock
from app.db import counters
from app.features.capabilities.service import CAPABILITIES
from app.features.needs.service import NEEDS

_COUNTER = "postings-ended"
"""The last day, as its ordinal, of which it was noted what ended on it."""


def wanted(*, session: Session) -> Sequence[str]:
    """The last day that is over, unless it has been noted what ended by then."""
    until = clock.today() - timedelta(days=1)
    return [until.isoformat()] if counters.last(session, _COUNTER) < until.toordinal() else []


def note(*, session: Session, until: date) -> int:
    """Note as changed whatever ceased to be valid since the last time; gives how much that is."""
    noted = counters.last(session, _COUNTER)
    after = date.fromordinal(max(noted, 1))
    if until <= after:
        return 0
    counters.raise_to(session, _COUNTER, until.toordinal())
    return sum(kind.note_ended(session=session, after=after, until=until) for kind in (NEEDS, CAPABILITIES))
