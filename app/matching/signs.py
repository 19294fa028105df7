"""What the matcher can tell about a need's own words, before any pair: which of them can decide something."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.matching.documents import Spec
from app.matching.prepared import ReadField
from app.matching.query import ROWS_PER_REQUIREMENT, Query
from app.matching.requirements import LIKELY_FIGURE_SIMILARITY, figure_similarity
from app.matching.scoring import OfferIndex, TextIndex
from app.matching.vectorizer import FieldedTfidf

# A need with fewer different terms than this part of the median need says little.
THIN = 0.5
# A word that more than this part of the offers use hardly sets them apart, unless they are so few that it does.
COMMON = 0.2
LEAST_COMMON = 10

Sign = Literal["unheard", "common"]


@dataclass(frozen=True, slots=True)
class Signs:
    """What a need's words are worth.

    Attributes:
        is_thin: Whether the need has fewer than half the different terms of the median fitted need in its script:
            Chinese characters and pairs make more terms of the same thought than English words.
        keywords: For each keyword `unheard` when no offer uses any of its words or a translation, `common` when every
            word of it that is used is used by more than a fifth of the offers and by more than ten, else None.
        requirements: The same for each requirement, its text and the name of its figure taken together.
    """

    is_thin: bool
    keywords: tuple[Sign | None, ...]
    requirements: tuple[Sign | None, ...]


@dataclass(frozen=True, slots=True)
class LikeFigure:
    """A figure some offer states under a name like a requirement that has none."""

    requirement: int
    spec: Spec
    similarity: float


def read_signs(
    query: Query, index: OfferIndex, vectorizer: FieldedTfidf, *, needs: Sequence[Query], considered: Collection[str]
) -> Signs:
    """Look at the words of a need.

    Args:
        query: The need.
        index: The fitted offers.
        vectorizer: Names the terms.
        needs: The fitted needs; with none in the need's script it is not called thin.
        considered: Ids of the offers whose words count; what others use leaves no trace.
    """
    fields = {read.field.name: read for read in query.read.fields}
    mask = np.array([offer.document.id in considered for offer in index.offers], dtype=np.float64)
    need = query.read.document
    usual = [_terms(other) for other in needs if other.chinese == query.chinese]

    def sign(*names: str) -> Sign | None:
        found = _sign([fields[name] for name in names if name in fields], index.text, vectorizer, mask)
        return None if found == "unheard" and _translated(query, names, index.text, vectorizer, mask) else found

    return Signs(
        is_thin=bool(usual) and _terms(query) < THIN * float(np.median(usual)),
        keywords=tuple(sign(f"keywords.{i}") for i in range(len(need.keywords))),
        requirements=tuple(
            sign(f"requirements.{i}.text", f"requirements.{i}.metric") for i in range(len(need.requirements))
        ),
    )


def like_figures(query: Query, index: OfferIndex, offer_ids: Collection[str]) -> tuple[LikeFigure, ...]:
    """Find figures that could be asked for where a requirement is in words only.

    Args:
        query: The need.
        index: The fitted offers.
        offer_ids: Whose figures are looked at.

    Returns:
        Figures whose name is likely that of the requirement, most alike first; none twice.
    """
    evidence = index.evidence
    if not evidence.figures or not query.read.document.requirements:
        return ()
    similarity = figure_similarity(query, evidence)
    found = [
        LikeFigure(i, Spec(figure.metric, figure.operator, figure.value, figure.unit), min(1.0, float(alike)))
        for i, requirement in enumerate(query.read.document.requirements)
        if requirement.target is None
        for figure, owner, alike in zip(
            evidence.figures, evidence.figure_owner, similarity[ROWS_PER_REQUIREMENT * i], strict=True
        )
        if alike >= LIKELY_FIGURE_SIMILARITY
        and figure.source == "spec"
        and index.offers[owner].document.id in offer_ids
    ]
    found.sort(key=lambda like: (-like.similarity, like.requirement, like.spec.metric, like.spec.value))
    first: dict[tuple[int, Spec], LikeFigure] = {}
    for like in found:
        first.setdefault((like.requirement, like.spec), like)
    return tuple(first.values())


def _terms(query: Query) -> int:
    return int(query.words.nnz)


def _sign(
    texts: Sequence[ReadField], index: TextIndex, vectorizer: FieldedTfidf, mask: NDArray[np.float64]
) -> Sign | None:
    # a single Chinese character stands in most texts whatever they are about
    terms = {token.term for read in texts for token in read.tokens if len(token.term) > 1}
    columns = sorted(vectorizer.vocabulary_[term] for term in terms if term in vectorizer.vocabulary_)
    users = abs(index.by_term[columns].sign()) @ mask
    used = users[users > 0]
    if not used.size:
        return "unheard"
    return "common" if used.min() > max(COMMON * mask.sum(), LEAST_COMMON) else None


def _translated(
    query: Query, names: Collection[str], index: TextIndex, vectorizer: FieldedTfidf, mask: NDArray[np.float64]
) -> bool:
    """Say whether an offer in the other language uses a translation of a word that stands in some fields."""
    columns = {
        column
        for word in query.wanted
        if len(word.groups[0].key) > 1 and any(group.field.name in names for group in word.groups)
        for column in word.terms
        if len(vectorizer.terms_[column]) > 1
    }
    foreign = mask * (index.chinese != query.chinese)
    return bool((abs(index.by_term[sorted(columns)].sign()) @ foreign).any())
