"""What figures were measured on."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """Describe the machine in a few words."""
    described = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in described if line.startswith("model name")), "unknown")
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}"
