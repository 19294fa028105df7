"""A file's own names for fields: a file format maps its names to ours, faults are told in the file's."""

from collections.abc import Mapping
from typing import Any

Names = Mapping[str, str | None]
"""The file's name of a field to ours; None where we keep nothing of it. Names left out are the same."""


def ours(content: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The record under our names; what is empty or null is left out, so that defaults apply."""
    fields = ((names.get(name, name), value) for name, value in content.items())
    return {name: value for name, value in fields if name is not None and value not in ("", None)}


def theirs(pointer: str, names: Names) -> str:
    """A pointer into our record as a pointer into the file's."""
    _, _, path = pointer.partition("/")
    first, slash, rest = path.partition("/")
    found = next((name for name, our_name in names.items() if our_name == first), first)
    return f"/{found}{slash}{rest}" if path else pointer
