"""The texts every engine is given: terms counted for those that rank by BM25, weighed for those that take a product."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from scipy import sparse

from app.matching import MatcherParams
from app.matching.lexicon import Lexicon, Statistics
from app.matching.terms import Terms
from benchmarks.demo_set import Demo
from benchmarks.speed.corpus import Composer, Counts, Vocabulary, count
from benchmarks.speed.lines import of_need, of_offer

Matrix = Any  # scipy ships no types

_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Texts:
    """Generated offers and needs: how often each of `terms` counts in them, whose places are their numbers."""

    terms: tuple[str, ...]
    offers: Counts
    needs: Counts

    def first(self, offers: int) -> "Texts":
        """Give the same needs and only so many offers."""
        return Texts(self.terms, _first(self.offers, offers), self.needs)


def composers(demo: Demo) -> tuple[Composer, Composer]:
    """Give what composes offers and needs."""
    vocabulary = Vocabulary()
    return (
        Composer([of_offer(offer) for offer in demo.offers], demo.thesaurus, vocabulary, seed=1),
        Composer([of_need(need) for need in demo.needs], demo.thesaurus, vocabulary, seed=2),
    )


def compose(demo: Demo, *, offers: int, needs: int) -> Texts:
    """Generate texts; more offers are the same ones and some more."""
    first, second = composers(demo)
    counted = [count(islice(first.compose(), offers)), count(islice(second.compose(), needs))]
    return Texts(first.vocabulary.terms, *counted)


def write(texts: Texts, folder: Path) -> None:
    """Write texts and their vectors, weighed by the matcher's lexicon a few thousand rows at a time."""
    lexicon = Lexicon(MatcherParams(), Terms(texts.terms), statistics_of(texts))
    np.save(folder / "terms.npy", len(texts.terms))
    for name, side, weigh in (
        ("offers", texts.offers, weigh_offers),
        ("needs", texts.needs, weigh_needs),
    ):
        for part in ("indptr", "indices", "counts"):
            np.save(folder / f"{name}.{part}.npy", getattr(side, part))
        weights = open_memmap(folder / f"{name}.weights.npy", "w+", np.float64, side.indices.shape)
        for low in range(0, len(side.indptr) - 1, _CHUNK):
            edges = side.indptr[low : low + _CHUNK + 1]
            place = slice(edges[0], edges[-1])
            weights[place] = weigh(lexicon, Counts(edges - edges[0], side.indices[place], side.counts[place]))


def statistics_of(texts: Texts) -> Statistics:
    """Count the documents of both sides as the matcher does."""
    terms = len(texts.terms)
    return Statistics(
        documents=len(texts.offers.indptr) + len(texts.needs.indptr) - 2,
        frequency=np.bincount(np.concatenate([texts.offers.indices, texts.needs.indices]), minlength=terms),
        offers=len(texts.offers.indptr) - 1,
        length=float(texts.offers.counts.sum(dtype=np.int64)),
    )


def weigh_offers(lexicon: Lexicon, counts: Counts) -> NDArray[np.float64]:
    """Weigh the terms of offers as the matcher does; shape of `counts.indices`."""
    sums = np.add.reduceat(counts.counts.astype(np.float64), counts.indptr[:-1])
    lengths = np.repeat(lexicon.lengths(sums), np.diff(counts.indptr))
    return lexicon.saturated(counts.counts.astype(np.float64), lengths)


def weigh_needs(lexicon: Lexicon, counts: Counts) -> NDArray[np.float64]:
    """Weigh the terms of needs as the matcher does; shape of `counts.indices`."""
    rows = pairwise(counts.indptr.tolist())
    counted = (dict(zip(counts.indices[a:b].tolist(), counts.counts[a:b].tolist(), strict=True)) for a, b in rows)
    return np.concatenate([lexicon.weigh_need(one).weights for one in counted])


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
