"""Are the weights chosen, or only fitted to these needs? Random weights, held out by folds of needs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.matching import SIGNAL_WEIGHTS, WITH_MEANING, Matcher, MatcherParams, Reader
from app.matching.evaluation import ndcg_at
from app.matching.scoring import combine
from benchmarks.demo_set import AS_OF, Demo
from benchmarks.intervals import interval
from benchmarks.rankers import DEPTH, full_reader, meaning_reader

FOLDS = 5
DRAWS = 500
SPREAD = 0.5
MEANING = (0.0, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3)
REPEATS = 20


def random_weights(seed: int) -> Mapping[str, float]:
    """Draw weights around those in use: each times a log-normal factor of sigma 0.5, summing to 1."""
    factors = np.random.default_rng(seed).lognormal(sigma=SPREAD, size=len(SIGNAL_WEIGHTS))
    drawn = {
        name: weight * float(factor) for (name, weight), factor in zip(SIGNAL_WEIGHTS.items(), factors, strict=True)
    }
    total = sum(drawn.values())
    return {name: weight / total for name, weight in drawn.items()}


def gains(demo: Demo, sets: Sequence[MatcherParams], reader: Reader) -> NDArray[np.float64]:
    """Give nDCG@10 of every met need under every set of numbers that differ in how signals add; shape (sets, needs)."""
    matcher = Matcher(sets[-1], reader).fit(demo.offers, demo.needs)
    ids = [offer_id.decode() for offer_id in matcher.offer_ids.tolist()]
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
    weights = [SIGNAL_WEIGHTS, *(random_weights(seed) for seed in range(DRAWS))]
    found = gains(demo, [replace(MatcherParams(), signal_weights=one) for one in weights], full_reader(demo))
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


def held_out(demo: Demo) -> str:
    """Describe what a weight of meaning (0 among them) chosen on four folds gives on the fifth, over many foldings."""
    sets = [replace(WITH_MEANING, signal_weights=SIGNAL_WEIGHTS), *(
        replace(WITH_MEANING, signal_weights={
            **{name: weight * (1 - share) for name, weight in SIGNAL_WEIGHTS.items()}, "meaning": share
        })
        for share in MEANING[1:]
    )]  # fmt: skip
    found = gains(demo, sets, meaning_reader(demo))
    chosen = []
    for seed in range(REPEATS):
        fold = np.random.default_rng(seed).permutation(found.shape[1]) % FOLDS
        row = np.zeros(found.shape[1])
        for one in range(FOLDS):
            row[fold == one] = found[np.argmax(found[:, fold != one].mean(axis=1))][fold == one]
        chosen.append(row)
    gained = np.mean(chosen, axis=0) - found[0]
    low, high = interval(gained.tolist())
    each = ", ".join(f"{share:g} {mean:.3f}" for share, mean in zip(MEANING, found.mean(axis=1), strict=True))
    return (
        f"weight of meaning: {each}\nchosen on {FOLDS - 1} folds, it gains on the fold left out "
        f"{gained.mean():+.3f} ({low:+.3f} to {high:+.3f})"
    )
