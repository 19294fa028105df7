"""The project's pages: what they show to be typed, and where they point."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support.databases import ROOT

_FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?(?P<target>[^)\s>]+)>?[^)]*\)")
_REFERENCE = re.compile(r"^\[[^\]]+\]:\s*<?(?P<target>\S+?)>?\s*$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+?)\s*#*\s*$", re.MULTILINE)
_TEST = re.compile(r"(?<![\w./-])tests/[\w./-]*\w")
TO_RUN = "sh run"


class Block(NamedTuple):
    """A fenced block that is marked for running."""

    page: Path
    line: int
    text: str

    @property
    def place(self) -> str:
        """Where it stands, for test reports."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def pages() -> list[Path]:
    """All pages for readers."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks() -> list[Block]:
    """All blocks to run, in order."""
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found["text"])
        for page in pages()
        for text in [page.read_text("utf-8")]
        for found in _FENCE.finditer(text)
        if found["info"].strip() == TO_RUN
    ]


def links(page: Path) -> Iterator[str]:
    """The targets of a page's links and pictures; what stands in code is not a link."""
    prose = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", page.read_text("utf-8")))
    for pattern in (_LINK, _REFERENCE):
        yield from (found["target"] for found in pattern.finditer(prose))


def anchors(page: Path) -> set[str]:
    """The fragments a page's headings can be reached by, as code hosts make them."""
    prose = _FENCE.sub("", page.read_text("utf-8"))
    headings = [re.sub(r"[^\w\- ]", "", found["text"].lower()) for found in _HEADING.finditer(prose)]
    return {heading.strip().replace(" ", "-") for heading in headings}


def named_tests(page: Path) -> Iterator[str]:
    """The tests a page says show something: files and folders, from the top of the project."""
    yield from _TEST.findall(page.read_text("utf-8"))
