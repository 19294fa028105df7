"""Reference tables: CSV files of the shared vocabulary."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import FieldError, Invalid
from app.core.outcome import Put
from app.core.rules import validated
from app.core.schema import Schema
from app.features.catalog import service as catalog
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
from app.features.seeding.errors import FileFaulty, at_row
from app.features.seeding.lines import read_table
from app.features.seeding.renaming import Names, ours, theirs
from app.features.seeding.types import Row, RowError, Tell


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """One CSV file.

    Args:
        name: its place in the folder.
        entry: the schema of a row.
        put: writes all rows.
        columns: all its columns, by the names of the entry's fields.
        constants: fields that the file leaves unsaid.
    """

    name: str
    entry: type[Schema]
    put: Callable[[Session, Sequence[Any]], list[Put]]
    columns: Names
    constants: Mapping[str, Any] = field(default_factory=dict)

    def load(self, session: Session, folder: Path, tell: Tell) -> list[Put]:
        """Write all rows, or none.

        Raises:
            FileFaulty: with every fault of every row.
        """
        rows = read_table((folder / self.name).read_bytes(), self.columns)
        tell(0, len(rows))
        entries: list[Schema] = []
        faults: list[RowError] = []
        for row in rows:
            try:
                entries.append(validated(self.entry, {**self.constants, **ours(row.content, self.columns)}))
            except Invalid as error:
                faults += [at_row(row.number, fault, theirs(fault.pointer, self.columns)) for fault in error.errors]
        if faults:
            raise FileFaulty(faults)
        try:
            outcomes = self.put(session, entries)
        except Invalid as error:
            raise FileFaulty([self._placed(rows, fault) for fault in error.errors]) from error
        tell(len(rows), len(rows))
        return outcomes

    def _placed(self, rows: Sequence[Row], fault: FieldError) -> RowError:
        # the pointer begins with the entry's place in the list
        _, place, rest = fault.pointer.split("/", 2)
        return at_row(rows[int(place)].number, fault, theirs(f"/{rest}", self.columns))


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_OFFICIAL = {"nbs2023_code": "nbs_code", "mca2026_code": "mca_code"}

# In the order of what they refer to.
REFERENCE: tuple[ReferenceFile, ...] = (
    ReferenceFile(
        "reference/wider_regions.csv",
        RegionEntry,
        catalog.put_regions,
        {**_same("code", "level", "name_zh", "name_en", "parent_code"), **_OFFICIAL},
    ),
    ReferenceFile(
        "reference/admin_codes_suzhou.csv",
        RegionEntry,
        catalog.put_regions,
        {**_same("level", "name_zh", "name_en", "parent_code", "kind"), **_OFFICIAL, "note": None},
    ),
    ReferenceFile(
        "reference/admin_codes_wuzhong.csv",
        RegionEntry,
        catalog.put_regions,
        {
            **_same("name_zh", "name_en", "kind"),
            "code9_nbs": "nbs_code",
            "code9_mca": "mca_code",
            "selectable": "is_selectable",
        },
        {"level": "township", "parent_code": "320506"},
    ),
    ReferenceFile(
        "reference/region_members.csv",
        RegionMemberEntry,
        catalog.put_region_members,
        _same("area_code", "member_code"),
    ),
    ReferenceFile(
        "reference/region_aliases.csv", RegionAliasEntry, catalog.put_region_aliases, _same("alias", "region_code")
    ),
    ReferenceFile(
        "reference/gbt4754_2017.csv",
        IndustryEntry,
        catalog.put_industries,
        {
            **_same("code", "level", "parent_code", "name_zh", "name_en"),
            "is_industry": "is_industrial",
            "full_code": None,
            "section": None,
        },
    ),
    ReferenceFile(
        "reference/scenario_taxonomy_2025.csv",
        ScenarioEntry,
        catalog.put_scenarios,
        {
            **_same("stage_zh", "stage_en"),
            "scenario_id": "code",
            "no": "number",
            "stage_no": "stage_number",
            "scenario_zh": "name_zh",
            "scenario_en": "name_en",
            "desc_zh": "description_zh",
            "desc_en": "description_en",
            "edition": None,
            "verification": None,
        },
    ),
    ReferenceFile(
        "reference/scenario_aliases.csv",
        ScenarioAliasEntry,
        catalog.put_scenario_aliases,
        {"alias_zh": "alias_zh", "scenario_id": "scenario_code", "scenario_zh_2025": None, "verification": None},
    ),
    ReferenceFile(
        "reference/thesaurus_categories.csv",
        TechnologyCategoryEntry,
        catalog.put_technology_categories,
        {**_same("name_zh", "name_en"), "category": "code", "concepts": None},
    ),
    ReferenceFile(
        "reference/thesaurus.csv",
        TechnologyTermEntry,
        catalog.put_technology_terms,
        {**_same("concept_id", "lang", "term", "kind"), "category": "category_code"},
    ),
)
