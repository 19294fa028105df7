"""`make bench-speed`: the nearest offers for a need, by several engines over the same generated texts.

Each engine runs in a process of its own, one after the other, so that its peak memory is its own. `GROWTH=1` repeats it
for several numbers of offers and draws docs/pictures/speed.svg. See `corpus` for what the texts are.
"""

import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

import numpy as np

from app.settings import ROOT
from benchmarks.demo_set import load_demo
from benchmarks.machine import machine
from benchmarks.speed.check import agreeing, describe
from benchmarks.speed.engines import ENGINES, OUR_BM25
from benchmarks.speed.growth import draw
from benchmarks.speed.measure import Measured
from benchmarks.speed.texts import Texts, compose, composers, read_vectors, write

OFFERS = 160_000
NEEDS = 2_000
GROWTH = (10_000, 40_000, 160_000, 640_000)
PICTURE = ROOT / "docs" / "pictures" / "speed.svg"


def main() -> None:
    """Print the tables."""
    parser = ArgumentParser()
    parser.add_argument("--growth", action="store_true", help="measure several numbers of offers and draw them")
    parser.add_argument("--offers", type=int, default=OFFERS, help="how many, if growth is not measured")
    arguments = parser.parse_args()
    sizes = GROWTH if arguments.growth else (arguments.offers,)
    demo = load_demo()
    print(machine())
    print(describe(composers(demo)[0]), flush=True)
    texts = compose(demo, offers=max(sizes), needs=NEEDS)
    tables = {offers: compare(texts.first(offers)) for offers in sizes}
    if arguments.growth:
        draw(tables, PICTURE)


def compare(texts: Texts) -> list[Measured]:
    """Print the table of the engines over some texts, and give it."""
    offers = len(texts.offers.indptr) - 1
    print(
        f"\n{offers} offers of {np.diff(texts.offers.indptr).mean():.0f} distinct terms, "
        f"needs of {np.diff(texts.needs.indptr).mean():.0f}; milliseconds for one need on one core, needs a second "
        f"in a batch on two"
    )
    print(
        f"{'engine':<17}{'ranks by':<9}{'p50 ms':>9}{'p99 ms':>9}{'of':>6}{'in a batch':>12}{'of':>6}"
        f"{'build s':>9}{'index MB':>10}{'peak MB':>9}  same as brute force"
    )
    measured: list[Measured] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write(texts, folder)
        for name in ENGINES:
            answer = subprocess.run(
                [sys.executable, "-m", "benchmarks.speed.measure", name, str(folder)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                check=True,
            )
            one = Measured(**json.loads(answer.stdout.splitlines()[-1]))
            measured.append(one)
            print(f"{_row(one)}  {_checked(one, folder)}", flush=True)
    return measured


def _row(one: Measured) -> str:
    return (
        f"{one.engine:<17}{one.ranks_by:<9}{one.p50:>9.2f}{one.p99:>9.2f}{one.singles:>6}{one.a_second:>12.1f}"
        f"{one.batch:>6}{one.build_seconds:>9.1f}{one.index_bytes / 1e6:>10.0f}{one.peak_bytes / 1e6:>9.0f}"
    )


def _checked(one: Measured, folder: Path) -> str:
    if one.ranks_by != OUR_BM25:
        return "-"
    found = np.load(folder / f"{one.engine}.npy")
    needs = read_vectors(folder, "needs")
    return f"{agreeing(read_vectors(folder, 'offers'), needs[: len(found)], found)} of {len(found)}"


if __name__ == "__main__":
    main()
