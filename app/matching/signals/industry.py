"""How near the need's industry is to those an offer serves, in the tree of GB/T 4754-2017."""

from app.matching.documents import Need, Offer

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


def industry(need: Need, offer: Offer) -> float | None:
    """Give the nearness of the need's industry to the nearest one the offer declares; None if a side names none."""
    if not need.industry_path or not offer.industry_paths:
        return None
    return max(affinity(need.industry_path, path) for path in offer.industry_paths)
