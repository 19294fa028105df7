"""Places that grow, written in bytes."""

from itertools import pairwise

import numpy as np

from app.matching.scan import FAR
from app.matching.steps import stepped


def test_steps_lead_to_the_places_they_were_made_of_however_far():
    rows: list[list[int]] = [[0, 254, 255, 256], [], [FAR, 2 * FAR, 2 * FAR, 70_000], [3]]
    starts = np.cumsum([0, *map(len, rows)])

    steps, edges = stepped(np.array([place for row in rows for place in row]), starts)

    parts = [steps[a:b] for a, b in pairwise(edges)]
    assert [np.cumsum(part, dtype=np.int64)[part != FAR].tolist() for part in parts] == rows


def test_nothing_takes_no_steps():
    steps, edges = stepped(np.zeros(0, dtype=np.int64), np.zeros(3, dtype=np.int64))

    assert not len(steps)
    assert edges.tolist() == [0, 0, 0]
