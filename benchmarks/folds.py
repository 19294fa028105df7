"""Are the weights chosen, or only fitted to these needs? Random weights, held out by folds of needs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.matching import SIGNAL_WEIGHTS, Matcher, MatcherParams
from app.matching.evaluation import ndcg_at
from app.matching.scoring import combine
from benchmarks.demo_set import AS_OF, Demo
from benchmarks.rankers import DEPTH, full_reader

FOLDS = 5
DRAWS = 500
SPREAD = 0.5


def random_weights(seed: int) -> Mapping[str, float]:
    """Draw weights around those in use: each times a log-normal factor of sigma 0.5, summing to 1."""
    factors = np.random.default_rng(seed).lognormal(sigma=SPREAD, size=len(SIGNAL_WEIGHTS))
    drawn = {
        name: weight * float(factor) for (name, weight), factor in zip(SIGNAL_WEIGHTS.items(), factors, strict=True)
    }
    total = sum(drawn.values())
    return {name: weight / total for name, weight in drawn.items()}


def gains(demo: Demo, weights: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    """Give nDCG@10 of every met need under every set of weights; shape (sets, needs)."""
    params = MatcherParams()
    matcher = Matcher(params, full_reader(demo)).fit(demo.offers, demo.needs)
    ids = [offer_id.decode() for offer_id in matcher.offer_ids.tolist()]
    sets = [replace(params, signal_weights=chosen) for chosen in weights]
    by_need: dict[str, list[float]] = {}
    for query in matcher.queries_:
        need = query.read.document.id
        values = matcher.signal_values(query.read.document, as_of=AS_OF)
        by_need[need] = [
            ndcg_at(
                [ids[i] for i in np.argsort(-combine(values, one)[1], kind="stable")[:DEPTH]], demo.grades[need], DEPTH
            )
            for one in sets
        ]
    return np.array([by_need[need.id] for need in demo.met]).T


def report(demo: Demo) -> str:
    """Describe how the weights in use stand among random ones, and what choosing on other needs gives."""
    found = gains(demo, [SIGNAL_WEIGHTS, *(random_weights(seed) for seed in range(DRAWS))])
    fold = np.random.default_rng(0).permutation(found.shape[1]) % FOLDS
    held_out = [float(found[np.argmax(found[:, fold != one].mean(axis=1))][fold == one].mean()) for one in range(FOLDS)]
    sizes = [int((fold == one).sum()) for one in range(FOLDS)]
    means = found[1:].mean(axis=1)
    return (
        f"weights in use {found[0].mean():.3f}; of {DRAWS} random sets around them the best {means.max():.3f}, "
        f"the median {np.median(means):.3f}, the worst {means.min():.3f}\n"
        f"the best set of {FOLDS - 1} folds on the fold left out: {np.average(held_out, weights=sizes):.3f} "
        f"({min(held_out):.3f}-{max(held_out):.3f} by fold); weights in use on the same folds "
        f"{min(found[0][fold == one].mean() for one in range(FOLDS)):.3f}-"
        f"{max(found[0][fold == one].mean() for one in range(FOLDS)):.3f}"
    )
