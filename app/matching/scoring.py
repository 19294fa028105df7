"""The one score of a pair, computed for a need against many offers at once.

Every operation is offer by offer in a fixed order: a pair's score is the same bit for bit whatever is scored beside it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.facts import Facts
from app.matching.lexicon import Lexicon
from app.matching.meaning import likeness
from app.matching.offer_table import Numberings
from app.matching.params import FITTING, SUPPORTING, MatcherParams
from app.matching.probe import Probe
from app.matching.query import Query
from app.matching.ranking import SignalShare
from app.matching.requirements import Assessment
from app.matching.scan import Counted, Sought, cover
from app.matching.signals import STRUCTURED
from app.matching.table import Table
from app.matching.vectorizer import ShortTexts


@dataclass(frozen=True, slots=True)
class Model:
    """What scoring needs beside a need and offers: the numbers of the score, and what was learned from the texts."""

    params: MatcherParams
    numbers: Numberings
    lexicon: Lexicon
    short_texts: ShortTexts


@dataclass(frozen=True, slots=True)
class Scored:
    """A need scored against some offers of a table.

    Attributes:
        rows: Their rows; shape (offers,).
        values: By signal, values with nan for absent; shape (offers,) each.
        weights: By signal, effective weights; shape (offers,) each.
        scores: Sum of weight * value over the signals; shape (offers,).
    """

    rows: NDArray[np.int64]
    values: dict[str, NDArray[np.float64]]
    weights: dict[str, NDArray[np.float64]]
    scores: NDArray[np.float64]
    assessment: Assessment

    def shares(self, place: int, params: MatcherParams) -> tuple[SignalShare, ...]:
        """Give what each signal adds to the score of one offer."""
        return tuple(
            [
                SignalShare(name, None, nominal, 0.0, 0.0)
                if math.isnan(value := self.values[name].item(place))
                else SignalShare(name, value, nominal, weight := self.weights[name].item(place), weight * value)
                for name, nominal in params.signal_weights.items()
            ]
        )


def score(
    query: Query,
    probe: Probe,
    table: Table,
    rows: NDArray[np.int64],
    model: Model,
    facts: Facts,
    assessment: Assessment,
) -> Scored:
    """Score a need against some offers (row numbers) of a table; `facts` and `assessment` are of the same need."""
    covered = text_score(query, probe, table, rows, model)
    values = {"text": text_value(covered, model.params.half), "requirements": assessment.credit}
    values |= {name: facts.values(name, table, rows) for name in STRUCTURED}
    if model.params.reads_meaning:
        values["meaning"] = meaning_value(query, table, rows, model.params)
    return Scored(rows, values, *combine(values, model.params), assessment)


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
        scores = scores + np.where(weights[name], weights[name] * values[name], 0.0)
    # The weights sum to 1 but for rounding.
    return weights, np.minimum(scores, 1.0)


def text_score(query: Query, probe: Probe, table: Table, rows: NDArray[np.int64], model: Model) -> NDArray[np.float64]:
    """Give the part of a need, 0 to 1, that some offers cover in its own language or translated; shape (rows,).

    What is ruled out counts against it, down to nothing; few shared words are worth less than their sum.
    """
    terms, foreign = table.children["terms"], table["chinese"] != query.chinese
    texts, lengths = Counted(terms.starts, terms["term"], terms["count"]), model.lexicon.lengths(table["length"][rows])
    sought = Sought(probe.slots, probe.weights, probe.kinds, probe.enough)
    covered = cover(rows, texts, lengths, foreign, sought, model.params.saturation)
    return np.clip(np.where(foreign[rows], model.params.crossing * covered, covered), 0.0, 1.0)


def text_value(covered: NDArray[np.float64], half: float) -> NDArray[np.float64]:
    """Spread text scores over [0, 1]: proportional to c / (c + half), 1 at 1.

    Good pairs cover 0.05 to 0.5, which as it stands would hardly count beside the other signals.
    """
    value: NDArray[np.float64] = (1 + half) * covered / (covered + half)
    return value


def meaning_value(query: Query, table: Table, rows: NDArray[np.int64], params: MatcherParams) -> NDArray[np.float64]:
    """Say how alike what some offers mean is to what a need does, nan where that was not read; shape (rows,)."""
    alike: NDArray[np.float64] = np.clip(
        likeness(query.read.meaning, table.children["meaning"], rows) / params.alike, 0.0, 1.0
    )
    return alike


def _effective(values: Mapping[str, NDArray[np.float64]], params: MatcherParams) -> dict[str, NDArray[np.float64]]:
    """Share out the weight of absent signals, then scale facts by their gates."""
    present = {name: ~np.isnan(value) for name, value in values.items()}
    total = np.zeros_like(values["text"])
    for name, weight in params.signal_weights.items():
        total = total + weight * present[name]
    agreed = values["text"]
    if params.reads_meaning:
        agreed = np.where(present["meaning"], (agreed + values["meaning"]) / 2, agreed)
    gates = {name: _gate(agreed, params.fitting_gate) for name in FITTING}
    gates |= {name: _gate(agreed, params.gate) for name in SUPPORTING}
    return {
        name: weight * present[name] / total * gates.get(name, 1.0) for name, weight in params.signal_weights.items()
    }


def _gate(agreed: NDArray[np.float64], full: float) -> NDArray[np.float64]:
    reached: NDArray[np.float64] = np.minimum(1.0, agreed / full)
    return reached * reached
