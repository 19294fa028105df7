"""What figures were measured on."""

import os
import platform
import re
from pathlib import Path


def machine() -> str:
    """Describe the machine in a few words."""
    described = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in described if line.startswith("model name")), "unknown")
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}"


def peak_bytes(process: int) -> int:
    """The most bytes a process has held; what `getrusage` gives begins with those of the process that started it."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) * 1024 if found else 0
