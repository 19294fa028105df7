"""Which place a name stands for."""

import re
from collections.abc import Iterable, Mapping, Sequence

from app.db.search import folded
from app.features.catalog.types import PlaceNames, ResolvedRegions

_ZH_SUFFIX = re.compile(r"(?<=..)[省市区县]$")
_EN_SUFFIX = re.compile(r" (city|district|province|town|county|municipality)$")

_Index = Mapping[str, frozenset[str]]


def resolve(
    names: Iterable[str], *, places: Sequence[PlaceNames], aliases: Iterable[tuple[str, str]]
) -> ResolvedRegions:
    """Find the place of each name.

    The first reading that fits counts: our own code; an alias; the code of an official system; the full name; the
    name without its suffix. NBS and MCA give the same number to different towns, so a number may be ambiguous.

    Args:
        names: as people write them.
        places: all that all places are called.
        aliases: other names, each with the code of its place.
    """
    readings: tuple[_Index, ...] = (
        _index((place.code, place.code) for place in places),
        _index(aliases),
        _index((code, place.code) for place in places for code in (place.nbs_code, place.mca_code)),
        _index((name, place.code) for place in places for name in (place.name_zh, place.name_en)),
        _index((short, place.code) for place in places for short in _short_names(place)),
    )
    codes: dict[str, str] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    unknown: set[str] = set()
    for name in names:
        found = next((index[folded(name)] for index in readings if folded(name) in index), frozenset())
        match sorted(found):
            case []:
                unknown.add(name)
            case [code]:
                codes[name] = code
            case several:
                ambiguous[name] = tuple(several)
    return ResolvedRegions(codes, ambiguous, frozenset(unknown))


def _short_names(place: PlaceNames) -> tuple[str, ...]:
    return (
        _ZH_SUFFIX.sub("", place.name_zh),
        _EN_SUFFIX.sub("", folded(place.name_en or "")),
    )


def _index(pairs: Iterable[tuple[str | None, str]]) -> _Index:
    index: dict[str, frozenset[str]] = {}
    for name, code in pairs:
        if name:
            index[folded(name)] = index.get(folded(name), frozenset()) | {code}
    return index
