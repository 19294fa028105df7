"""Kinds of needs that matchers find hard, told from the judged set itself."""

from collections.abc import Callable, Mapping

import numpy as np

from app.matching import Need
from benchmarks.demo_set import Demo, Rankings
from benchmarks.rankers import bigrams, need_text, offer_text

GOOD = 2


def traits(demo: Demo, baseline: Rankings) -> Mapping[str, frozenset[str]]:
    """Give the ids of the met needs of each kind.

    Args:
        demo: The judged set.
        baseline: Rankings by character pairs, which look-alikes deceive.

    Returns:
        `language`: some good answer (grade 2 or 3) is in another language or script; `script`: all the best are.
        `words`: the third of the needs that shares least with its best answers, by the part of its character pairs.
        `short`: the third with the fewest character pairs. `number`: a must has a target.
        `alike`: the baseline puts an offer judged 0 above every good one.
    """
    offers = {offer.id: offer for offer in demo.offers}
    pairs = {offer.id: frozenset(bigrams(offer_text(offer))) for offer in demo.offers}

    def good(need: Need, grade: int) -> list[str]:
        return [offer for offer, given in demo.grades[need.id].items() if given >= grade]

    def best(need: Need) -> list[str]:
        return good(need, max(demo.grades[need.id].values()))

    def shared(need: Need) -> float:
        own = frozenset(bigrams(need_text(need)))
        return max(len(own & pairs[offer]) / len(own) for offer in best(need))

    def deceived(need: Need) -> bool:
        place = min(baseline[need.id].index(offer) for offer in good(need, GOOD))
        return any(demo.grades[need.id].get(offer) == 0 for offer in baseline[need.id][:place])

    length = {need.id: len(bigrams(need_text(need))) for need in demo.met}
    overlap = {need.id: shared(need) for need in demo.met}
    return {
        "language": _those(demo, lambda need: any(offers[offer].lang != need.lang for offer in good(need, GOOD))),
        "script": _those(demo, lambda need: all(offers[offer].lang != need.lang for offer in best(need))),
        "words": _lowest_third(overlap),
        "short": _lowest_third(length),
        "number": _those(demo, lambda need: any(r.kind == "must" and r.target is not None for r in need.requirements)),
        "alike": _those(demo, deceived),
    }


def _those(demo: Demo, holds: Callable[[Need], bool]) -> frozenset[str]:
    return frozenset(need.id for need in demo.met if holds(need))


def _lowest_third(values: Mapping[str, float]) -> frozenset[str]:
    cut = np.quantile(list(values.values()), 1 / 3)
    return frozenset(need for need, value in values.items() if value <= cut)
