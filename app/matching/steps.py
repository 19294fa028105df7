"""Places that only grow, as steps of a byte each: what an index holds most of takes a quarter of the bytes."""

import numpy as np
from numpy.typing import NDArray

from app.matching.scan import FAR


def stepped(places: NDArray[np.int64], starts: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Write rows of places, none below 0, each row in its order, as steps; the first is from 0.

    Args:
        places: Row after row; shape (places,).
        starts: Row i is from `starts[i]` to `starts[i + 1]`; shape (rows + 1,).

    Returns:
        Steps, and where each row of them starts, shape (rows + 1,).
    """
    steps = np.diff(places, prepend=0)
    first = starts[:-1][np.diff(starts) > 0]
    steps[first] = places[first]
    far = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(steps // FAR)])
    written = np.full(len(steps) + far[-1], FAR, dtype=np.uint8)
    written[np.arange(len(steps)) + far[1:]] = steps % FAR
    return written, starts + far[starts]
