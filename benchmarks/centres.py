"""`python -m benchmarks.centres` writes what is common to all needs and to all offers; see `app.matching.meaning`."""

import numpy as np
from numpy.typing import NDArray

from app.matching import Need, Offer
from app.matching.fields import Field, need_fields, offer_fields
from app.matching.meaning import CENTRES, Meaning, sentence_encoder
from benchmarks.demo_set import load_demo


def centre(meaning: Meaning, documents: list[list[Field]]) -> NDArray[np.float32]:
    """Give the mean vector of some documents by their fields; shape (DIMENSIONS,)."""
    vectors = np.array([meaning.mean([field.text for field in fields]) for fields in documents])
    found: NDArray[np.float32] = vectors.mean(axis=0)
    return found


def of_sides(meaning: Meaning, needs: tuple[Need, ...], offers: tuple[Offer, ...]) -> NDArray[np.float32]:
    """Give the centres of needs and of offers; shape (2, DIMENSIONS)."""
    return np.stack(
        [
            centre(meaning, [list(need_fields(need)) for need in needs]),
            centre(meaning, [list(offer_fields(offer)) for offer in offers]),
        ]
    )


def main() -> None:
    """Write the centres of the demonstration set."""
    demo = load_demo()
    np.save(CENTRES, of_sides(sentence_encoder(), demo.needs, demo.offers))


if __name__ == "__main__":
    main()
