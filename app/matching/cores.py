"""Two loops at once: they do not hold the interpreter's lock, so that one ranking can use two cores."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

_THREADS = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="duijie-loops")


def both(here: Callable[[], A], elsewhere: Callable[[], B]) -> tuple[A, B]:
    """Do one thing in this thread and another beside it; give what they give."""
    waited = _THREADS.submit(elsewhere)
    return here(), waited.result()
