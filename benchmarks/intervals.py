"""How far a mean can be trusted."""

from collections.abc import Sequence

import numpy as np

RESAMPLES = 2000


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Give the 95 % bootstrap interval of a mean."""
    draws = np.random.default_rng(0).choice(np.asarray(values), size=(RESAMPLES, len(values)))
    low, high = np.quantile(draws.mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
