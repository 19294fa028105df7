"""Runs a command, and ends it with all its workers as soon as whoever started it is gone: `leash.py COMMAND …`.

A test run that is killed cannot tidy up, and a server that outlives it would hold its port and its folder. The pipe
on standard input closes however that run ends.
"""

import os
import signal
import subprocess
import sys
import threading


def _end_with_the_other_side() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    threading.Thread(target=_end_with_the_other_side, daemon=True).start()
    sys.exit(child.wait())
