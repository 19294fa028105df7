"""The project's source files, parsed, and what each imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Imported(NamedTuple):
    """One imported name: `from sqlalchemy.orm import Session` is ("sqlalchemy.orm", "Session")."""

    module: str
    name: str | None
    line: int

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]


class Source(NamedTuple):
    """One Python file."""

    path: Path
    text: str

    @property
    def place(self) -> str:
        """Its path in the checkout, as it is shown to people."""
        return self.path.relative_to(ROOT).as_posix()

    def imports(self) -> Iterator[Imported]:
        """All imports wherever they stand, also inside functions."""
        for node in ast.walk(ast.parse(self.text)):
            if isinstance(node, ast.Import):
                yield from (Imported(alias.name, None, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (Imported(node.module or "", alias.name, node.lineno) for alias in node.names)


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """All files below some folders of the checkout."""
    found = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(Source(path, path.read_text("utf-8")) for path in found)
