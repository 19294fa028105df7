"""Reads matrix.txt: who gets which answer for what."""

from collections.abc import Mapping
from pathlib import Path

FILE = Path(__file__).with_name("matrix.txt")
CANNOT_BE = "-"

Line = Mapping[str, str]
"""The expected status by role; `CANNOT_BE` where the role can have no such object."""


def read(text: str) -> tuple[tuple[str, ...], dict[str, dict[str, Line]]]:
    """The roles, and the lines by operation and kind of object.

    Raises:
        ValueError: a line has other columns than the first, or stands twice.
    """
    header, *lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    roles = tuple(header[2:])
    found: dict[str, dict[str, Line]] = {}
    for operation, kind, *cells in lines:
        kinds = found.setdefault(operation, {})
        if len(cells) != len(roles) or kind in kinds:
            raise ValueError(f"{operation} {kind}: {len(cells)} cells, or twice")
        kinds[kind] = dict(zip(roles, cells, strict=True))
    return roles, found


ROLES, MATRIX = read(FILE.read_text("utf-8"))
