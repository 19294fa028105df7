"""A need as vectors: the whole of it, and each requirement on its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.asked import asked
from app.matching.documents import Requirement
from app.matching.lexicon import Lexicon, Row, Wanted
from app.matching.negation import limits, negates
from app.matching.normalise import normalise
from app.matching.prepared import ReadNeed, is_chinese
from app.matching.terms import Counter
from app.matching.vectorizer import Matrix, ShortTexts

# Rows of a requirement: the name of its figure (or its text if it has none), and that name with its text.
ROWS_PER_REQUIREMENT = 2


@dataclass(frozen=True, slots=True)
class Query:
    """A need as rows over the index's terms.

    Attributes:
        read: The need.
        requirements: What it asks for, a figure that is only written in the text read out of it.
        chinese: Whether it is written in Chinese, in either script.
        words: What an offer in its own language earns by each term.
        translated: The same for an offer in the other language.
        wanted: The words `translated` is the sum of.
        vectors: Unit vectors of requirement i in the rows 2 i (name) and 2 i + 1 (name and text).
        bridge: The same rows, with only the terms that mean the same in every language.
        allows: Whether each requirement takes notice of sentences that state a limit, and of such as deny nothing;
            shape (requirements, 2).
    """

    read: ReadNeed
    requirements: tuple[Requirement, ...]
    chinese: bool
    words: Row
    translated: Row
    wanted: tuple[Wanted, ...]
    vectors: Matrix
    bridge: Matrix
    allows: NDArray[np.bool_]


def make_query(need: ReadNeed, counter: Counter, lexicon: Lexicon, short_texts: ShortTexts) -> Query:
    """Turn a need into a query."""
    asks = asked(need)
    texts = [text for one in asks for text in (one.name, one.whole)]
    vectors = short_texts.transform([counter.known(text, lexicon.frequency_) for text in texts])
    wanted = lexicon.weigh_groups(need.groups)
    requirements = tuple(one.requirement for one in asks)
    return Query(
        read=need,
        requirements=requirements,
        chinese=is_chinese(need.document),
        words=lexicon.weigh_need(counter.known(need.fields, lexicon.frequency_)),
        translated=_row(wanted),
        wanted=wanted,
        vectors=vectors,
        bridge=short_texts.bridge(vectors),
        allows=_allows(requirements),
    )


def _allows(requirements: Sequence[Requirement]) -> NDArray[np.bool_]:
    """A limit where none was asked may say the opposite; so may a sentence that denies nothing where the need does."""
    found = np.ones((len(requirements), 2), dtype=np.bool_)
    for i, requirement in enumerate(requirements):
        text = normalise(requirement.text).text
        found[i] = limits(text), not negates(text)
    return found


def _row(wanted: Sequence[Wanted]) -> Row:
    total: dict[int, float] = {}
    for word in wanted:
        for term, weight in word.terms.items():
            total[term] = total.get(term, 0.0) + weight
    terms = sorted(total)
    return Row(np.array(terms, dtype=np.int32), np.array([total[term] for term in terms], dtype=np.float64))
