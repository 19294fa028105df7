"""Measures one engine in a process of its own: `python -m benchmarks.speed.measure ENGINE FOLDER`."""

import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.machine import peak_bytes
from benchmarks.speed.engines import Engine, K, engine

CHECKED = 100
"""Needs whose offers are written down, to be compared."""

_PATIENCE = 15.0  # seconds after which no other single need is ranked; the batch is made as large as that allows
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """What an engine takes: milliseconds for single needs, needs a second in a batch, and bytes."""

    engine: str
    ranks_by: str
    build_seconds: float
    index_bytes: int
    peak_bytes: int
    singles: int
    p50: float
    p99: float
    batch: int
    a_second: float


def measure(name: str, folder: Path) -> Measured:
    """Build, rank needs one by one, then many; what was found for the first `CHECKED` is left in the folder."""
    ranker = engine(name, folder)
    needs = len(np.load(folder / "needs.indptr.npy", mmap_mode="r")) - 1
    began = time.perf_counter()
    ranker.build()
    built = time.perf_counter() - began
    ranker.one(0)  # what is compiled, opened or filled by the first is no part of what one takes
    ranker.many(2)
    times = _singly(ranker, needs)
    batch = min(needs, max(_LEAST, int(_PATIENCE / float(np.median(times)))))
    began = time.perf_counter()
    found = ranker.many(batch)
    took = time.perf_counter() - began
    rows = np.full((min(batch, CHECKED), K), -1)
    for number in range(len(rows)):
        rows[number, : len(found[number])] = found[number]
    np.save(folder / f"{name}.npy", rows)
    return Measured(
        engine=name,
        ranks_by=ranker.ranks_by,
        build_seconds=built,
        index_bytes=ranker.nbytes,
        peak_bytes=peak_bytes(os.getpid()) + ranker.own_memory(),
        singles=len(times),
        p50=float(np.median(times)) * 1e3,
        p99=float(np.quantile(times, 0.99)) * 1e3,
        batch=batch,
        a_second=batch / took,
    )


def _singly(ranker: Engine, needs: int) -> list[float]:
    times: list[float] = []
    end = time.perf_counter() + _PATIENCE
    while len(times) < needs and (len(times) < _LEAST or time.perf_counter() < end):
        began = time.perf_counter()
        ranker.one(len(times))
        times.append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    print(json.dumps(asdict(measure(sys.argv[1], Path(sys.argv[2])))))
