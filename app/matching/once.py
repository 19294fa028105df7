"""What is loaded once for each process, however many threads ask for it first."""

from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


def once(load: Callable[[], T]) -> Callable[[], T]:
    """Let one thread load and the others wait: `functools.cache` alone would load for each that comes early."""
    lock, kept = Lock(), cache(load)

    @wraps(load)
    def loaded() -> T:
        with lock:
            return kept()

    return loaded
