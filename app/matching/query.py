"""A need as vectors: the whole of it, and each requirement on its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from app.matching.lexicon import Lexicon, Wanted
from app.matching.prepared import ReadField, ReadNeed, is_chinese
from app.matching.vectorizer import FieldedTfidf, Matrix

# Rows of a requirement: the name of its figure (or its text if it has none), and that name with its text.
ROWS_PER_REQUIREMENT = 2


@dataclass(frozen=True, slots=True)
class Query:
    """A need as rows over the index's terms.

    Attributes:
        read: The need.
        chinese: Whether it is written in Chinese, in either script.
        words: One row: what an offer in its own language earns by each term.
        translated: One row: the same for an offer in the other language.
        wanted: The words `translated` is the sum of.
        vectors: Unit vectors of requirement i in the rows 2 i (name) and 2 i + 1 (name and text).
        bridge: The same rows, with only the terms that mean the same in every language.
    """

    read: ReadNeed
    chinese: bool
    words: Matrix
    translated: Matrix
    wanted: tuple[Wanted, ...]
    vectors: Matrix
    bridge: Matrix


def queries(needs: Sequence[ReadNeed], vectorizer: FieldedTfidf, lexicon: Lexicon) -> tuple[Query, ...]:
    """Turn needs into queries, all in one go."""
    words = lexicon.weigh_needs(vectorizer.count([need.fields for need in needs]))
    rows = [list(_rows(need)) for need in needs]
    vectors = vectorizer.transform([document for documents in rows for document in documents])
    bridge = vectorizer.bridge(vectors)
    found: list[Query] = []
    start = 0
    for i, (need, documents) in enumerate(zip(needs, rows, strict=True)):
        end = start + len(documents)
        wanted = lexicon.weigh_groups(need.groups)
        found.append(
            Query(
                read=need,
                chinese=is_chinese(need.document),
                words=words[i],
                translated=_row(wanted, words.shape[1]),
                wanted=wanted,
                vectors=vectors[start:end],
                bridge=bridge[start:end],
            )
        )
        start = end
    return tuple(found)


def _row(wanted: Sequence[Wanted], terms: int) -> Matrix:
    total: dict[int, float] = {}
    for word in wanted:
        for column, weight in word.terms.items():
            total[column] = total.get(column, 0.0) + weight
    columns = sorted(total)
    data = np.array([total[column] for column in columns], dtype=np.float64)
    return sparse.csr_matrix((data, np.array(columns, dtype=np.int32), [0, len(columns)]), shape=(1, terms))


def _rows(need: ReadNeed) -> Iterator[Sequence[ReadField]]:
    fields = {read.field.name: read for read in need.fields}
    for index in range(len(need.document.requirements)):
        text = [fields[name] for name in (f"requirements.{index}.text",) if name in fields]
        metric = [fields[name] for name in (f"requirements.{index}.metric",) if name in fields]
        yield metric or text
        yield metric + text
