"""An encoder that needs no model: texts of the same characters mean the same to it."""

import numpy as np

from app.matching import Meaning
from app.matching.meaning import DIMENSIONS


def by_characters() -> Meaning:
    def encode(texts):
        found = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for character in text:
                # As in a real vector, no number stands out.
                found[row, [(ord(character) + 61 * step) % DIMENSIONS for step in range(16)]] += 1
        return found

    centres = np.zeros((2, DIMENSIONS), dtype=np.float32)
    centres[:, ::7] = 0.01
    return Meaning(encode, centres, "by characters")
