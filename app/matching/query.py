"""A need as vectors: the whole of it, and each requirement on its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.matching.prepared import ReadField, ReadNeed
from app.matching.vectorizer import FieldedTfidf, Matrix

# Rows of a requirement: the name of its figure (or its text if it has none), and that name with its text.
ROWS_PER_REQUIREMENT = 2


@dataclass(frozen=True, slots=True)
class Query:
    """A need and its unit vectors.

    Attributes:
        read: The need.
        chinese: Whether it is written in Chinese, in either script.
        vectors: Row 0 the need; then for requirement i the rows 1 + 2 i (name) and 2 + 2 i (name and text).
        bridge: The same rows, with only the terms that mean the same in every language.
    """

    read: ReadNeed
    chinese: bool
    vectors: Matrix
    bridge: Matrix


def queries(needs: Sequence[ReadNeed], vectorizer: FieldedTfidf) -> tuple[Query, ...]:
    """Turn needs into queries, all in one go."""
    rows = [list(_rows(need)) for need in needs]
    vectors = vectorizer.transform([document for documents in rows for document in documents])
    bridge = vectorizer.bridge(vectors)
    found: list[Query] = []
    start = 0
    for need, documents in zip(needs, rows, strict=True):
        end = start + len(documents)
        found.append(Query(need, need.document.lang != "en", vectors[start:end], bridge[start:end]))
        start = end
    return tuple(found)


def _rows(need: ReadNeed) -> Iterator[Sequence[ReadField]]:
    yield need.fields
    fields = {read.field.name: read for read in need.fields}
    for index in range(len(need.document.requirements)):
        text = [fields[name] for name in (f"requirements.{index}.text",) if name in fields]
        metric = [fields[name] for name in (f"requirements.{index}.metric",) if name in fields]
        yield metric or text
        yield metric + text
