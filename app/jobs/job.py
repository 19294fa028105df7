"""What a job is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.engine import Database


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of a job.

    Attributes:
        key: what to do it for.
        database: opens sessions.
        hold: makes sure, last in a transaction, that the work is still this worker's; raises `LeaseLost`.
        is_ending: whether the worker is about to end, so that a long run stops at the next good place.
    """

    key: str
    database: Database
    hold: Callable[[Session], None]
    is_ending: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Job:
    """Work under a name.

    Args:
        name: its name in the queue.
        run: does it, and tells when to do it again; None when it is done. It may be run twice for the same thing, and
            whatever it writes it writes in transactions that end with `hold`.
        wanted: looks for keys it is wanted for, where nobody can ask for it in a transaction of their own; asked for
            every second, so it reads little.
    """

    name: str
    run: Callable[[Turn], datetime | None]
    wanted: Callable[[Session], Iterable[str]] | None = None
