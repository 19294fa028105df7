"""How often somebody may ask: the generic cell rate algorithm (GCRA; ITU-T I.371), as numbers only.

One number is kept a caller: the moment at which all that was asked so far will have been paid off. Every request puts
it off by one interval; it may lie at most a window ahead.
"""

from typing import NamedTuple

MICROSECONDS = 1_000_000


class Rate(NamedTuple):
    """So many requests in so many seconds, all at once if one likes.

    Attributes:
        name: of the policy, as callers see it.
        quota: how many.
        window: seconds.
    """

    name: str
    quota: int
    window: int

    @property
    def interval(self) -> int:
        """Microseconds by which a request puts off the moment that is kept."""
        return self.window * MICROSECONDS // self.quota

    @property
    def ahead(self) -> int:
        """Microseconds the moment may lie ahead."""
        return self.interval * self.quota


class Standing(NamedTuple):
    """Where a caller stands after a request.

    Attributes:
        rate: what is held against it.
        is_over: whether the request was too much, and so does not count.
        remaining: how many more may follow at once.
        reset: seconds until all are there again.
        retry_after: seconds until one more may follow; 0 when it may now.
    """

    rate: Rate
    is_over: bool
    remaining: int
    reset: int
    retry_after: int


def standing(rate: Rate, *, paid_off: int, now: int, is_over: bool) -> Standing:
    """Where a caller stands whose requests are paid off at a moment; both moments in microseconds."""
    debt = max(paid_off - now, 0)
    room = rate.ahead - debt
    return Standing(
        rate=rate,
        is_over=is_over,
        remaining=max(room // rate.interval, 0),
        reset=_seconds(debt),
        retry_after=_seconds(rate.interval - room) if room < rate.interval else 0,
    )


def _seconds(microseconds: int) -> int:
    return -(-microseconds // MICROSECONDS)
