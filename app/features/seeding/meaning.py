"""What a judged matching set says in words and the API in codes: places and visibility. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.errors import FieldError
from app.core.text import Bilingual
from app.features.catalog.types import ResolvedRegions
from app.features.postings.types import Visibility

_PLACES = ("region_code", "region_codes")
_LEVELS: Mapping[str, Visibility] = {**{str(level): level for level in Visibility}, "recommended": Visibility.MATCHED}
_GROUPS = ("identity", "details", "budget")
_LONGEST_SHARED_CODE = 6

_NO_REGION = Bilingual("没有这个地区", "There is no such region")
_SEVERAL = Bilingual("有多个地区如此称呼，请改用代码", "Several regions are called so; give a code")
_NO_LEVEL = Bilingual("没有这个可见范围", "There is no such visibility")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the records of a file refer to: places by their names, organisations by the set's keys."""

    regions: ResolvedRegions
    owners: Mapping[str, UUID]


def places_in(content: Mapping[str, Any]) -> list[str]:
    """The places a record names, as they are looked up."""
    return [_spelt(name) for field in _PLACES for name in _names(content.get(field)) or []]


def with_regions(content: Mapping[str, Any], setting: Setting) -> tuple[dict[str, Any], list[FieldError]]:
    """A record with codes for places, and a fault for each place that is unknown or ambiguous.

    What is not text at all is left for the schema to refuse.
    """
    placed = dict(content)
    faults: list[FieldError] = []
    for field in _PLACES:
        names = _names(content.get(field))
        if names is None:
            continue
        many = isinstance(content[field], list)
        codes: dict[str, None] = {}
        for place, name in enumerate(names):
            code = setting.regions.codes.get(_spelt(name))
            if code is None:
                said = _SEVERAL if _spelt(name) in setting.regions.ambiguous else _NO_REGION
                faults.append(FieldError(f"/{field}/{place}" if many else f"/{field}", said, "unknown_region"))
            else:
                codes[code] = None
        placed[field] = list(codes) if many else next(iter(codes), None)
    return placed, faults


def with_levels(content: Mapping[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
    """A record with its one visibility given to each group of fields."""
    levelled = dict(content)
    said = levelled.pop("visibility", None)
    if said is None:
        return levelled, []
    level = _LEVELS.get(str(said))
    if level is None:
        return levelled, [FieldError("/visibility", _NO_LEVEL, "enum")]
    levelled["visibility"] = dict.fromkeys(_GROUPS, level)
    return levelled, []


def _names(value: object) -> list[str] | None:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return value
    return None


def _spelt(name: str) -> str:
    # long numbers are codes of NBS by the format of the set; up to six digits the two systems agree
    return f"nbs-{name}" if name.isdecimal() and len(name) > _LONGEST_SHARED_CODE else name
