"""How near the need's industry is to those an offer serves, in the tree of GB/T 4754-2017."""

from datetime import date

from app.matching.documents import Need
from app.matching.signals.signal import Signal

# By the number of levels two paths share: nothing or the section only, the division, the group, the class.
_BY_SHARED_LEVELS = (0.0, 0.0, 0.4, 0.7, 1.0)


def affinity(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Give the nearness of two paths from the root: 1 same class, 0.7 same group, 0.4 same division, else 0.

    A path that stops early is as near as the levels it shares: who serves all of division 39 is at 0.4 from 3922.
    """
    shared = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        shared += 1
    return _BY_SHARED_LEVELS[min(shared, len(_BY_SHARED_LEVELS) - 1)]


def industry(need: Need, path: tuple[str, ...], _as_of: date) -> float | None:
    """Give the nearness of the need's industry to one an offer declares; None if the need names none."""
    return affinity(need.industry_path, path) if need.industry_path else None


INDUSTRY = Signal(lambda offer: offer.industry_paths, industry)
