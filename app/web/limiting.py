"""How often a caller may ask: a rate for each key or person, and one for each address, or /64, that shows none.

Every request takes one, once, whatever becomes of it.

The headers are those of draft-ietf-httpapi-ratelimit-headers.
"""

from typing import NamedTuple

from fastapi import Request
from sqlalchemy.orm import Session

from app.core.addresses import block_of
from app.core.errors import TooManyRequests
from app.core.rates import Rate, Standing
from app.db.engine import Database
from app.web import headers

_COUNTED = "duijie.counted"


class Rates(NamedTuple):
    """The rates of an installation."""

    caller: Rate
    address: Rate


class RateExceeded(TooManyRequests):
    """More was asked than the rate allows."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(
            f"请求过于频繁，请在 {standing.retry_after} 秒后重试。",
            f"Too many requests. Try again in {standing.retry_after} s.",
            retry_after=standing.retry_after,
        )


def limit(request: Request, reader: Session, *, caller: str | None, address: str | None) -> None:
    """Count a request.

    Args:
        request: whose answer tells where the caller stands.
        reader: of the request.
        caller: who asks; None for somebody unknown.
        address: from where.

    Raises:
        RateExceeded: it was too much.
    """
    request.scope[_COUNTED] = True
    store: Database = request.app.state.database
    rates: Rates = request.app.state.rates
    rate = rates.address if caller is None else rates.caller
    standing = store.limiter.take(reader, f"address:{block_of(address)}" if caller is None else caller, rate)
    headers.add(
        request.scope,
        {
            "RateLimit-Policy": f'"{rate.name}";q={rate.quota};w={rate.window}',
            "RateLimit": f'"{rate.name}";r={standing.remaining};t={standing.reset}',
        },
    )
    if standing.is_over:
        raise RateExceeded(standing)


def is_counted(request: Request) -> bool:
    """Whether a request was counted already."""
    return _COUNTED in request.scope
