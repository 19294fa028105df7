"""Two loops at once: they do not hold the interpreter's lock, so that one ranking can use two cores."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


class _Pool:
    """The threads of this process."""

    threads: ThreadPoolExecutor

    def begin(self) -> None:
        self.threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="duijie-loops")


_POOL = _Pool()
_POOL.begin()
# A forked process inherits the pool but none of its threads, and would wait for them forever.
os.register_at_fork(after_in_child=_POOL.begin)


def both(here: Callable[[], A], elsewhere: Callable[[], B]) -> tuple[A, B]:
    """Do one thing in this thread and another beside it; give what they give, or raise when both have ended."""
    beside = _POOL.threads.submit(elsewhere)
    try:
        found = here()
    finally:
        beside.exception()  # waits for its end
    return found, beside.result()
