"""The one score of a pair, computed for a need against many offers at once.

Every operation is row by row in a fixed order, so a pair's score is the same bit for bit whatever else is in the index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.matching.documents import Need
from app.matching.evidence import Evidence, collect
from app.matching.lexicon import Lexicon
from app.matching.params import FITTING, SUPPORTING, MatcherParams
from app.matching.prepared import ReadOffer, is_chinese
from app.matching.query import Query
from app.matching.ranking import SignalShare
from app.matching.requirements import Assessment, assess
from app.matching.signals import structured
from app.matching.vectorizer import FieldedTfidf, Matrix


@dataclass(frozen=True, slots=True)
class TextIndex:
    """What offers say, in the order of their ids.

    Attributes:
        offers: The offers.
        chinese: Whether each is written in Chinese, in either script.
        weights: Saturated counts, one row each, for explanations.
        by_term: `weights` turned over, one row per term, for scoring.
    """

    offers: tuple[ReadOffer, ...]
    chinese: NDArray[np.bool_]
    weights: Matrix
    by_term: Matrix


@dataclass(frozen=True, slots=True)
class OfferIndex:
    """Offers in the order of their ids: what they say, and what of it can be held against a requirement."""

    text: TextIndex
    evidence: Evidence

    @property
    def offers(self) -> tuple[ReadOffer, ...]:
        """The offers."""
        return self.text.offers


@dataclass(frozen=True, slots=True)
class Scored:
    """A need scored against every offer of an index.

    Attributes:
        values: By signal, values with nan for absent; shape (offers,) each.
        weights: By signal, effective weights; shape (offers,) each.
        scores: Sum of weight * value over the signals; shape (offers,).
    """

    values: dict[str, NDArray[np.float64]]
    weights: dict[str, NDArray[np.float64]]
    scores: NDArray[np.float64]
    assessment: Assessment

    def shares(self, row: int, params: MatcherParams) -> tuple[SignalShare, ...]:
        """Give what each signal adds to the score of one offer."""
        return tuple(self._share(name, row, weight) for name, weight in params.signal_weights.items())

    def _share(self, name: str, row: int, nominal: float) -> SignalShare:
        value, weight = float(self.values[name][row]), float(self.weights[name][row])
        if np.isnan(value):
            return SignalShare(name, None, nominal, 0.0, 0.0)
        return SignalShare(name, value, nominal, weight, weight * value)


def build_index(offers: Sequence[ReadOffer], vectorizer: FieldedTfidf, lexicon: Lexicon) -> OfferIndex:
    """Index offers, their text and their evidence."""
    text = index_text(offers, vectorizer, lexicon)
    return OfferIndex(text, collect(text.offers, vectorizer))


def index_text(offers: Sequence[ReadOffer], vectorizer: FieldedTfidf, lexicon: Lexicon) -> TextIndex:
    """Index the text of offers; they are sorted by id, so that the order of the corpus leaves no trace."""
    ordered = tuple(sorted(offers, key=lambda read: read.document.id))
    weights = lexicon.weigh_offers(vectorizer.count([read.fields for read in ordered]))
    return TextIndex(
        offers=ordered,
        chinese=np.array([is_chinese(read.document) for read in ordered], dtype=np.bool_),
        weights=weights,
        by_term=weights.T.tocsr(),
    )


def score(query: Query, index: OfferIndex, params: MatcherParams, as_of: date) -> Scored:
    """Score a need against every offer of an index."""
    covered = text_score(query, index.text, params)
    assessment = assess(query, index.evidence)
    values = {"text": text_value(covered, params.half), **_structured(query.read.document, index, as_of)}
    values["requirements"] = np.full(len(covered), np.nan) if assessment.credit is None else assessment.credit
    return Scored(values, *combine(values, params), assessment)


def combine(
    values: Mapping[str, NDArray[np.float64]], params: MatcherParams
) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    """Weigh the signals of some pairs; nan is absent, all shapes are (pairs,).

    Returns:
        The effective weights by signal, and the scores.
    """
    weights = _effective(values, params)
    scores = np.zeros_like(values["text"])
    for name in params.signal_weights:
        scores = scores + weights[name] * np.nan_to_num(values[name])
    return weights, scores


def text_score(query: Query, index: TextIndex, params: MatcherParams) -> NDArray[np.float64]:
    """Give the part of a need, 0 to 1, that each offer covers in its own language or translated; shape (offers,).

    What is ruled out counts against it, down to nothing.
    """
    native = (query.words @ index.by_term).toarray()[0]
    foreign = params.crossing * (query.translated @ index.by_term).toarray()[0]
    covered: NDArray[np.float64] = np.where(index.chinese == query.chinese, native, foreign)
    return np.clip(covered, 0.0, 1.0)


def text_value(covered: NDArray[np.float64], half: float) -> NDArray[np.float64]:
    """Spread text scores over [0, 1]: proportional to c / (c + half), 1 at 1.

    Good pairs cover 0.05 to 0.5, which as it stands would hardly count beside the other signals.
    """
    value: NDArray[np.float64] = (1 + half) * covered / (covered + half)
    return value


def _structured(need: Need, index: OfferIndex, as_of: date) -> dict[str, NDArray[np.float64]]:
    rows = [structured(need, offer.document, as_of) for offer in index.offers]
    # As floats, None becomes nan.
    return {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]} if rows else {}


def _effective(values: Mapping[str, NDArray[np.float64]], params: MatcherParams) -> dict[str, NDArray[np.float64]]:
    """Share out the weight of absent signals, then scale facts by their gates."""
    present = {name: ~np.isnan(value) for name, value in values.items()}
    total = np.zeros_like(values["text"])
    for name, weight in params.signal_weights.items():
        total = total + weight * present[name]
    gates = {name: _gate(values["text"], params.fitting_gate) for name in FITTING}
    gates |= {name: _gate(values["text"], params.gate) for name in SUPPORTING}
    return {
        name: weight * present[name] / total * gates.get(name, 1.0) for name, weight in params.signal_weights.items()
    }


def _gate(text: NDArray[np.float64], full: float) -> NDArray[np.float64]:
    reached: NDArray[np.float64] = np.minimum(1.0, text / full)
    return reached * reached
