"""What a structured signal is: the parts of an offer it looks at, and what each is worth to a need."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.matching.documents import Need, Offer


@dataclass(frozen=True, slots=True)
class Signal:
    """A fact of an offer, held against a need.

    Many offers state the same few parts, so an index keeps each part once and a need is held against parts, not offers:
    an offer is worth what its best part is.

    Attributes:
        parts: Gives what an offer states; made of tuples, strings, whole numbers and None.
        value: Gives the worth of a part to a need on a day, in [0, 1]; None if the need is silent.
    """

    parts: Callable[[Offer], Collection[Hashable]]
    value: Callable[[Need, Any, date], float | None]
