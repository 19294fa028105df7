"""Units people write, as a dimension and a factor, so that 180 s can be held against 5 分钟."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from app.matching.normalise import normalise


def in_full(figure: float) -> str:
    """A figure as people write it: every digit, no exponent."""
    return f"{Decimal(str(figure)).normalize():f}"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: values times `factor` are comparable within one `dimension`."""

    dimension: str
    factor: float


# Base units: percent, millimetre, second, CNY, kilogram, millimetre per second, megapascal, square millimetre.
_SIMPLE: dict[str, tuple[str, float]] = {
    name: (dimension, factor)
    for dimension, entries in {
        "share": {"%": 1.0, "‰": 0.1, "ppm": 1e-4, "ppb": 1e-7, "percent": 1.0},
        "length": {
            "mm": 1.0, "毫米": 1.0, "μm": 1e-3, "um": 1e-3, "微米": 1e-3, "nm": 1e-6, "cm": 10.0, "m": 1e3, "米": 1e3,
            "km": 1e6,
        },
        "area": {"mm2": 1.0, "cm2": 100.0, "m2": 1e6},
        "time": {
            "ms": 1e-3, "毫秒": 1e-3, "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "秒": 1.0, "min": 60.0,
            "minute": 60.0, "minutes": 60.0, "分钟": 60.0, "分": 60.0, "h": 3600.0, "hour": 3600.0, "hours": 3600.0,
            "小时": 3600.0, "d": 86400.0, "day": 86400.0, "days": 86400.0, "天": 86400.0, "日": 86400.0,
            "week": 604800.0, "weeks": 604800.0, "周": 604800.0, "month": 2592000.0, "months": 2592000.0,
            "月": 2592000.0, "个月": 2592000.0, "year": 31536000.0, "years": 31536000.0, "年": 31536000.0,
        },
        "money": {"元": 1.0, "cny": 1.0, "rmb": 1.0, "万元": 1e4, "亿元": 1e8},
        "mass": {"kg": 1.0, "公斤": 1.0, "千克": 1.0, "g": 1e-3, "克": 1e-3, "t": 1e3, "吨": 1e3},
        "pressure": {"mpa": 1.0, "kpa": 1e-3, "pa": 1e-6, "bar": 0.1},
        "people": {"人": 1.0, "people": 1.0, "person": 1.0, "persons": 1.0, "operators": 1.0, "operator": 1.0},
        "concentration": {"mg/l": 1.0, "μg/l": 1e-3, "ug/l": 1e-3, "ng/l": 1e-6},
        "volume": {"l": 1.0, "升": 1.0, "m3": 1e3, "立方米": 1e3},
    }.items()
    for name, factor in entries.items()
}  # fmt: skip

# Counted things: a rate of any of them per time is a throughput, whatever the thing is called.
_THINGS = frozenset("件只个片袋瓶箱盒张次单包支颗台套根") | {
    "units", "unit", "pcs", "pieces", "parts", "items", "vials", "bottles", "bags", "boxes", "cartons", "pallets",
    "strokes", "sheets",
}  # fmt: skip
_PARTS = re.compile(r"\s*(?:/|每|\bper\b)\s*")

# In a sentence these are more often something else, unless a rate is given: 3D, 5G, 4T, 2024年3月5日, 95分.
_UNSURE = frozenset({"d", "g", "t", "l", "日", "月", "年", "分"})


def _any_of(names: AbstractSet[str]) -> str:
    """Match any of some names, the longest first; one in Latin letters only where no further letter follows."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(
        re.escape(name) + ("(?![a-z])" if name.isascii() and name[-1].isalnum() else "") for name in ordered
    )


_ALL = _any_of(_SIMPLE.keys() | _THINGS)
_WRITTEN = re.compile(
    r"\s*(?P<many>[万亿千](?!元)|(?:thousand|million)\b)?\s*"
    rf"(?P<unit>(?:{_ALL}){_PARTS.pattern}(?:{_ALL})|{_any_of((_SIMPLE.keys() | _THINGS) - _UNSURE)})"
)
_MANY = {"千": 1e3, "thousand": 1e3, "万": 1e4, "million": 1e6, "亿": 1e8}


def parse_unit(text: str) -> Unit:
    """Read a unit.

    Args:
        text: As written, in Chinese or English; an empty text is a bare number.

    Returns:
        The dimension and the factor to its base unit. A unit that is not known is a dimension of its own, so that it
        is comparable only with itself.
    """
    name = normalise(text).text.strip()
    if name in _SIMPLE:
        return Unit(*_SIMPLE[name])
    parts = _PARTS.split(name)
    if len(parts) == 2:  # noqa: PLR2004 - one thing per one other thing
        above, below = _SIMPLE.get(parts[0]), _SIMPLE.get(parts[1])
        if below and below[0] == "time" and parts[0] in _THINGS:
            return Unit("throughput", 1.0 / below[1])
        if above and below:
            return Unit(f"{above[0]}/{below[0]}", above[1] / below[1])
    return Unit(f"unit:{name}", 1.0)


@dataclass(frozen=True, slots=True)
class WrittenUnit:
    """A unit as it follows a number: `times` is what the number counts (1.2 万件), `end` where the unit ends."""

    name: str
    times: float
    end: int


def written_unit(text: str, start: int) -> WrittenUnit | None:
    """Read the unit that follows a number in a sentence.

    Args:
        text: A normalised text.
        start: Where the number ends.

    Returns:
        None if no known unit follows, or one that is more often something else, as in 3D and 5G.
    """
    match = _WRITTEN.match(text, start)
    return match and WrittenUnit(match["unit"], _MANY.get(match["many"], 1.0), match.end())


def is_thing(name: str) -> bool:
    """Say whether a unit only counts things, so that a rate of it needs a time."""
    return name in _THINGS
