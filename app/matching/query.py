"""A need as vectors: the whole of it, and each requirement on its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from app.matching.asked import asked
from app.matching.documents import Requirement
from app.matching.lexicon import Lexicon, Wanted
from app.matching.prepared import ReadNeed, is_chinese
from app.matching.vectorizer import FieldedTfidf, Matrix

# Rows of a requirement: the name of its figure (or its text if it has none), and that name with its text.
ROWS_PER_REQUIREMENT = 2


@dataclass(frozen=True, slots=True)
class Query:
    """A need as rows over the index's terms.

    Attributes:
        read: The need.
        requirements: What it asks for, a figure that is only written in the text read out of it.
        chinese: Whether it is written in Chinese, in either script.
        words: One row: what an offer in its own language earns by each term.
        translated: One row: the same for an offer in the other language.
        wanted: The words `translated` is the sum of.
        vectors: Unit vectors of requirement i in the rows 2 i (name) and 2 i + 1 (name and text).
        bridge: The same rows, with only the terms that mean the same in every language.
    """

    read: ReadNeed
    requirements: tuple[Requirement, ...]
    chinese: bool
    words: Matrix
    translated: Matrix
    wanted: tuple[Wanted, ...]
    vectors: Matrix
    bridge: Matrix


def queries(needs: Sequence[ReadNeed], vectorizer: FieldedTfidf, lexicon: Lexicon) -> tuple[Query, ...]:
    """Turn needs into queries, all in one go."""
    words = lexicon.weigh_needs(vectorizer.count([need.fields for need in needs]))
    asks = [asked(need) for need in needs]
    rows = [[row for one in ask for row in (one.name, one.whole)] for ask in asks]
    vectors = vectorizer.transform([document for documents in rows for document in documents])
    bridge = vectorizer.bridge(vectors)
    found: list[Query] = []
    start = 0
    for i, (need, ask, documents) in enumerate(zip(needs, asks, rows, strict=True)):
        end = start + len(documents)
        wanted = lexicon.weigh_groups(need.groups)
        found.append(
            Query(
                read=need,
                requirements=tuple(one.requirement for one in ask),
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
