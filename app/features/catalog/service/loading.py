"""Writing the vocabulary from reference files.

Each function takes whole lists, changes nothing when any entry is at fault, and then raises `Invalid` with pointers
such as `/12/parent_code`: the place of the entry in the list, then its field. It says of each entry what was done.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import FieldError, Invalid
from app.core.outcome import Put
from app.core.text import Bilingual
from app.db import changes
from app.db.base import Base
from app.db.search import folded
from app.features.catalog.models import (
    Industry,
    Region,
    RegionAlias,
    RegionMember,
    Scenario,
    ScenarioAlias,
    TechnologyCategory,
    TechnologyTerm,
)
from app.features.catalog.repository import LoadingRepository, LookupRepository
from app.features.catalog.schemas import (
    IndustryEntry,
    RegionAliasEntry,
    RegionEntry,
    RegionMemberEntry,
    ScenarioAliasEntry,
    ScenarioEntry,
    TechnologyCategoryEntry,
    TechnologyTermEntry,
)
from app.features.catalog.types import RegionLevel

CHINA = "100000"
CHANGE_KIND = "catalog"
"""In the change log: the vocabulary changed, somewhere."""

_ANYWHERE = UUID(int=0)
_REPEATED = Bilingual("不得重复", "Each may be given once")
_UNKNOWN = Bilingual("没有这个代码", "There is no such code")
_ONE_CATEGORY = Bilingual("同一概念只能属于一个类别", "All words of a concept belong to one category")


def put_industries(session: Session, entries: Sequence[IndustryEntry]) -> list[Put]:
    """Write industries; a parent stands above its children in the list or is stored already."""
    stored = LookupRepository(session).industry_paths({entry.parent_code for entry in entries if entry.parent_code})
    paths, faults = _paths([(entry.code, entry.parent_code) for entry in entries], stored)
    _refuse([*_repeated("code", (entry.code for entry in entries)), *faults])
    rows = [
        {
            **entry.model_dump(),
            "path": path,
            "search_text": _folded(entry.code, entry.name_zh, entry.name_en),
        }
        for entry, path in zip(entries, paths, strict=True)
    ]
    return _put(session, Industry, rows)


def put_regions(session: Session, entries: Sequence[RegionEntry]) -> list[Put]:
    """Write places; a province without a parent lies in China."""
    parents = [CHINA if entry.level == RegionLevel.PROVINCE else entry.parent_code for entry in entries]
    codes = [entry.own_code for entry in entries]
    lookups = LookupRepository(session)
    stored = lookups.region_paths({parent for parent in parents if parent})
    paths, faults = _paths(list(zip(codes, parents, strict=True)), stored)
    others = [place for place in lookups.place_names() if place.code not in frozenset(codes)]
    _refuse(
        [
            *_repeated("code", codes),
            *_repeated("nbs_code", (entry.nbs_code for entry in entries), {place.nbs_code for place in others}),
            *_repeated("mca_code", (entry.mca_code for entry in entries), {place.mca_code for place in others}),
            *faults,
        ]
    )
    rows = [
        {
            "code": path.rpartition("/")[2],
            "level": entry.level,
            "parent_code": parent,
            "path": path,
            "nbs_code": entry.nbs_code,
            "mca_code": entry.mca_code,
            "name_zh": entry.name_zh,
            "name_en": entry.name_en,
            "is_selectable": entry.may_be_chosen,
            "search_text": _folded(entry.own_code, entry.nbs_code, entry.mca_code, entry.name_zh, entry.name_en),
        }
        for entry, parent, path in zip(entries, parents, paths, strict=True)
    ]
    return _put(session, Region, rows)


def put_region_members(session: Session, entries: Sequence[RegionMemberEntry]) -> list[Put]:
    """Write what areas are made of."""
    both = [(entry.area_code, entry.member_code) for entry in entries]
    known = LookupRepository(session).selectable({code for pair in both for code in pair})
    _refuse(
        [
            *_repeated("member_code", both),
            *_outside("area_code", (area for area, _ in both), known),
            *_outside("member_code", (member for _, member in both), known),
        ]
    )
    return _put(session, RegionMember, [entry.model_dump() for entry in entries])


def put_region_aliases(session: Session, entries: Sequence[RegionAliasEntry]) -> list[Put]:
    """Write other names of places."""
    known = LookupRepository(session).selectable({entry.region_code for entry in entries})
    _refuse(
        [
            *_repeated("alias", (folded(entry.alias) for entry in entries)),
            *_outside("region_code", (entry.region_code for entry in entries), known),
        ]
    )
    rows = [{**entry.model_dump(), "search_text": folded(entry.alias)} for entry in entries]
    return _put(session, RegionAlias, rows)


def put_scenarios(session: Session, entries: Sequence[ScenarioEntry]) -> list[Put]:
    """Write scenarios."""
    _refuse(
        [
            *_repeated("code", (entry.code for entry in entries)),
            *_repeated("number", (entry.number for entry in entries)),
        ]
    )
    rows = [
        {
            **entry.model_dump(),
            "search_text": _folded(
                entry.code, entry.name_zh, entry.name_en, entry.description_zh, entry.description_en
            ),
        }
        for entry in entries
    ]
    return _put(session, Scenario, rows)


def put_scenario_aliases(session: Session, entries: Sequence[ScenarioAliasEntry]) -> list[Put]:
    """Write other names of scenarios."""
    known = LookupRepository(session).stages({entry.scenario_code for entry in entries})
    _refuse(
        [
            *_repeated("alias_zh", (entry.alias_zh for entry in entries)),
            *_outside("scenario_code", (entry.scenario_code for entry in entries), known),
        ]
    )
    rows = [{**entry.model_dump(), "search_text": folded(entry.alias_zh)} for entry in entries]
    return _put(session, ScenarioAlias, rows)


def put_technology_categories(session: Session, entries: Sequence[TechnologyCategoryEntry]) -> list[Put]:
    """Write families of concepts."""
    _refuse(_repeated("code", (entry.code for entry in entries)))
    return _put(session, TechnologyCategory, [entry.model_dump() for entry in entries])


def put_technology_terms(session: Session, entries: Sequence[TechnologyTermEntry]) -> list[Put]:
    """Write words for concepts; all words of a concept belong to one category."""
    known = LoadingRepository(session).known_categories({entry.category_code for entry in entries})
    first = {entry.concept_id: entry.category_code for entry in reversed(entries)}
    _refuse(
        [
            *_repeated("term", ((entry.concept_id, entry.lang, entry.term) for entry in entries)),
            *_outside("category_code", (entry.category_code for entry in entries), known),
            *(
                FieldError(f"/{place}/category_code", _ONE_CATEGORY, "one_category")
                for place, entry in enumerate(entries)
                if entry.category_code != first[entry.concept_id]
            ),
        ]
    )
    rows = [{**entry.model_dump(), "search_text": folded(entry.term)} for entry in entries]
    return _put(session, TechnologyTerm, rows)


def _put(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[Put]:
    outcomes = LoadingRepository(session).put(model, rows)
    if any(outcome != "unchanged" for outcome in outcomes):
        changes.record(session, kind=CHANGE_KIND, record_id=_ANYWHERE)
    return outcomes


def _paths(entries: Iterable[tuple[str, str | None]], stored: Mapping[str, str]) -> tuple[list[str], list[FieldError]]:
    known = dict(stored)
    paths: list[str] = []
    faults: list[FieldError] = []
    for place, (code, parent) in enumerate(entries):
        if parent is not None and parent not in known:
            faults.append(FieldError(f"/{place}/parent_code", _UNKNOWN, "unknown_code"))
        known[code] = code if parent is None else f"{known.get(parent)}/{code}"
        paths.append(known[code])
    return paths, faults


def _repeated(field: str, values: Iterable[object], taken: Collection[object] = ()) -> list[FieldError]:
    seen = set(taken)
    faults: list[FieldError] = []
    for place, value in enumerate(values):
        if value is not None and value in seen:
            faults.append(FieldError(f"/{place}/{field}", _REPEATED, "repeated_item"))
        seen.add(value)
    return faults


def _outside(field: str, codes: Iterable[str], known: Collection[str]) -> list[FieldError]:
    return [
        FieldError(f"/{place}/{field}", _UNKNOWN, "unknown_code")
        for place, code in enumerate(codes)
        if code not in known
    ]


def _refuse(faults: Sequence[FieldError]) -> None:
    if faults:
        raise Invalid(faults)


def _folded(*words: str | None) -> str:
    return folded(" ".join(word for word in words if word))
