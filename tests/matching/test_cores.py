"""Two things at once."""

import os
import signal
import threading
import time
from contextlib import suppress

import pytest

from app.matching.cores import both

FORKED_SECONDS = 10


class Failed(Exception):
    pass


def fail():
    raise Failed


def test_they_run_beside_each_other_and_the_first_comes_first():
    met = threading.Barrier(2, timeout=5)

    def meeting(name):
        met.wait()
        return name, threading.get_ident()

    (here, thread), (elsewhere, other) = both(lambda: meeting("here"), lambda: meeting("elsewhere"))
    assert (here, elsewhere) == ("here", "elsewhere")
    assert thread == threading.get_ident() != other


def test_what_fails_on_either_side_is_raised():
    for here, elsewhere in ((fail, int), (int, fail)):
        with pytest.raises(Failed):
            both(here, elsewhere)


def test_nothing_goes_on_behind_the_back_of_who_was_told_of_a_failure():
    ended = []

    def slow():
        time.sleep(0.2)
        ended.append(True)

    with pytest.raises(Failed):
        both(fail, slow)
    assert ended


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_process_forked_after_its_first_use_can_use_it():
    both(int, int)
    child = os.fork()
    if not child:
        failed = True
        try:
            failed = both(lambda: 1, lambda: 2) != (1, 2)
        finally:
            # Whatever happens, or the child would go on with all other tests.
            os._exit(failed)
    give_up = time.monotonic() + FORKED_SECONDS
    ended, status = os.waitpid(child, os.WNOHANG)
    while not ended and time.monotonic() < give_up:
        time.sleep(0.01)
        ended, status = os.waitpid(child, os.WNOHANG)
    if not ended:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert (ended, status) == (child, 0)
