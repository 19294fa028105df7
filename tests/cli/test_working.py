"""The worker beside a server: started before the server forks, and again when it dies."""

import os
import signal
import sys
import time
from threading import current_thread, main_thread

import pytest

from app.cli import working
from app.settings import JobSettings, Settings


@pytest.fixture
def started(monkeypatch):
    """The processes that stand for workers, each with the thread that started it."""
    begun, start = [], working._start

    def noted():
        begun.append((start(), current_thread()))
        return begun[-1][0]

    monkeypatch.setattr(working, "_COMMAND", (sys.executable, "-S", "-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(working, "_PAUSES", (0.0,))
    monkeypatch.setattr(working, "_start", noted)
    return begun


def test_it_is_started_before_the_server_forks_and_again_when_it_dies(started):
    with working.worker_beside(Settings(_env_file=None)):
        assert [thread for _, thread in started] == [main_thread()], "a fork meanwhile would keep its start from ending"
        (first, _) = started[0]
        os.kill(first.pid, signal.SIGKILL)
        end = time.monotonic() + 30
        while len(started) < 2:
            assert time.monotonic() < end, "it was not started again"
            time.sleep(0.01)
    assert first.returncode == -signal.SIGKILL
    (second, _) = started[1]
    assert second.returncode == -signal.SIGTERM, "it ended with the server"
    assert len(started) == 2


def test_there_is_none_where_the_settings_say_so(started):
    with working.worker_beside(Settings(_env_file=None, jobs=JobSettings(embedded=False))):
        pass
    assert started == []
