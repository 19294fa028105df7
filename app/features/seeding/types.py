"""What loading seeds works with and tells."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from app.core.text import Bilingual


class Progress(NamedTuple):
    """How far a file has come: `done` of `total` records."""

    file: str
    done: int
    total: int


class RowError(NamedTuple):
    """One fault in a file: the line, counted from 1, and the JSON pointer of the column or field."""

    row: int
    pointer: str
    detail: Bilingual
    code: str


class FileReport(NamedTuple):
    """What became of one file's records. With any error nothing of the file was written."""

    file: str
    created: int
    updated: int
    unchanged: int
    errors: tuple[RowError, ...]


class Row(NamedTuple):
    """One record and the line it begins on."""

    number: int
    content: Mapping[str, Any]


Tell = Callable[[int, int], None]
"""Takes the records done and their total."""
