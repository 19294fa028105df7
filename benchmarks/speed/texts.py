"""The texts every engine is given: terms counted for those that rank by BM25, weighed for those that take a product."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from scipy import sparse

from app.matching import MatcherParams
from benchmarks.demo_set import Demo
from benchmarks.speed.corpus import Composer, Counts, Lexicon, count
from benchmarks.speed.lines import of_need, of_offer

Matrix = Any  # scipy ships no types

_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Texts:
    """Generated offers and needs: how often each of `terms` terms counts in them."""

    terms: int
    offers: Counts
    needs: Counts

    def first(self, offers: int) -> "Texts":
        """Give the same needs and only so many offers."""
        return Texts(self.terms, _first(self.offers, offers), self.needs)


def composers(demo: Demo) -> tuple[Composer, Composer]:
    """Give what composes offers and needs."""
    lexicon = Lexicon()
    return (
        Composer([of_offer(offer) for offer in demo.offers], demo.thesaurus, lexicon, seed=1),
        Composer([of_need(need) for need in demo.needs], demo.thesaurus, lexicon, seed=2),
    )


def compose(demo: Demo, *, offers: int, needs: int) -> Texts:
    """Generate texts; more offers are the same ones and some more."""
    first, second = composers(demo)
    counted = [count(islice(first.compose(), offers)), count(islice(second.compose(), needs))]
    return Texts(len(first.lexicon), *counted)


def write(texts: Texts, folder: Path) -> None:
    """Write texts and their vectors, a few thousand rows in memory at a time."""
    params = MatcherParams()
    seen = sum(np.bincount(side.indices, minlength=texts.terms) for side in (texts.offers, texts.needs))
    rows = len(texts.offers.indptr) + len(texts.needs.indptr) - 2
    idf = np.log((1 + rows) / (1 + seen)) + 1
    np.save(folder / "terms.npy", texts.terms)
    for name, side in (("offers", texts.offers), ("needs", texts.needs)):
        for part in ("indptr", "indices", "counts"):
            np.save(folder / f"{name}.{part}.npy", getattr(side, part))
        weights = open_memmap(folder / f"{name}.weights.npy", "w+", np.float64, side.indices.shape)
        for low in range(0, len(side.indptr) - 1, _CHUNK):
            chunk = side.indptr[low : low + _CHUNK + 1]
            place = slice(chunk[0], chunk[-1])
            weights[place] = weigh(chunk - chunk[0], side.indices[place], side.counts[place], idf, params.saturation)
            if name == "offers":
                terms = np.diff(chunk)
                weights[place] *= np.repeat(np.sqrt(terms / (terms + params.ballast)), terms)


def weigh(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    counts: NDArray[np.uint8],
    idf: NDArray[np.float64],
    saturation: float,
) -> NDArray[np.float64]:
    """Weigh counted terms as `FieldedTfidf` does: damped, times idf, each row of length one."""
    weights: NDArray[np.float64] = counts * (saturation + 1) / (counts + saturation) * idf[indices]
    lengths = np.sqrt(np.add.reduceat(weights * weights, indptr[:-1]))
    weights /= np.repeat(lengths, np.diff(indptr))
    return weights


def read_counts(folder: Path, name: str) -> Counts:
    """Read how often terms count in offers or needs."""
    return Counts(*(np.load(folder / f"{name}.{part}.npy") for part in ("indptr", "indices", "counts")))


def read_vectors(folder: Path, name: str) -> Matrix:
    """Read the vectors of offers or needs."""
    indptr, indices, weights = (np.load(folder / f"{name}.{part}.npy") for part in ("indptr", "indices", "weights"))
    return sparse.csr_matrix((weights, indices, indptr), shape=(len(indptr) - 1, int(np.load(folder / "terms.npy"))))


def repeated(counts: Counts) -> Iterator[list[int]]:
    """Give the terms of each row as often as they count."""
    for low, high in zip(counts.indptr, counts.indptr[1:], strict=False):
        yield np.repeat(counts.indices[low:high], counts.counts[low:high]).tolist()


def _first(counts: Counts, rows: int) -> Counts:
    end = counts.indptr[rows]
    return Counts(counts.indptr[: rows + 1], counts.indices[:end], counts.counts[:end])
