"""Threads of their own for handlers that take long, so that they hold up one another and nobody else.

What takes long for one reason has one lane: where an issuer outside is slow, passwords are checked as ever.
"""

from collections.abc import Callable
from enum import Enum
from typing import TypeVar, TypeVarTuple

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from app.core.errors import Busy

ResultT = TypeVar("ResultT")
ArgumentTs = TypeVarTuple("ArgumentTs")


class Lane(Enum):
    """What takes long."""

    PASSWORDS = "passwords"
    ISSUER = "issuer"


class SlowLane:
    """A few threads and a queue before them that has an end.

    Lanes are the one bound on passwords that are hashed at a time in a process: each takes 64 MiB. A request that takes
    long for both reasons, linking an identity, is in the issuer's.

    Args:
        at_once: how many run at the same time.
        waiting: how many more may wait for their turn.
    """

    def __init__(self, *, at_once: int = 2, waiting: int = 64) -> None:
        self._limiter = CapacityLimiter(at_once)
        self._places = at_once + waiting
        self._taken = 0

    async def run(self, work: Callable[[*ArgumentTs], ResultT], *arguments: *ArgumentTs) -> ResultT:
        """Do it in a thread, when its turn comes.

        Raises:
            Busy: too many wait already; nothing was done.
        """
        if self._taken >= self._places:
            raise Busy
        self._taken += 1
        try:
            return await run_sync(work, *arguments, limiter=self._limiter)
        finally:
            self._taken -= 1
