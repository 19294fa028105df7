"""Entries of the vocabulary as they come in from reference files."""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.schema import Plain, Schema
from app.features.catalog.types import IndustryLevel, RegionKind, RegionLevel, TermKind

IndustryCode = Annotated[str, Field(pattern=r"^([A-Z]|[0-9]{2,4})$")]
RegionCode = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z0-9-]+$")]
ScenarioCode = Annotated[str, Field(pattern=r"^S[0-9]{2,6}$")]
ConceptId = Annotated[str, Field(pattern=r"^[A-Z][0-9]{1,15}$")]
CategoryCode = Annotated[str, Field(min_length=1, max_length=16, pattern=r"^[A-Z0-9_]+$")]

_OfficialCode = Annotated[str, Field(pattern=r"^[0-9]{2,12}$")]
_Name64 = Annotated[str, Field(min_length=1, max_length=64), Plain]
_Name128 = Annotated[str, Field(min_length=1, max_length=128), Plain]
_Name256 = Annotated[str, Field(min_length=1, max_length=256), Plain]
_Description = Annotated[str, Field(min_length=1, max_length=1000), Plain]

_SHORT_CODE = 6


class IndustryEntry(Schema):
    """One code of GB/T 4754-2017."""

    code: IndustryCode
    level: IndustryLevel
    parent_code: IndustryCode | None = None
    name_zh: _Name256
    name_en: _Name256 | None = None
    is_industrial: bool


class RegionEntry(Schema):
    """A place. Without a code of our own it is given one from its official codes."""

    code: RegionCode | None = None
    level: RegionLevel
    parent_code: RegionCode | None = None
    nbs_code: _OfficialCode | None = None
    mca_code: _OfficialCode | None = None
    name_zh: _Name64
    name_en: _Name128 | None = None
    kind: RegionKind = RegionKind.ADMIN
    is_selectable: bool | None = None

    @model_validator(mode="after")
    def _has_a_code(self) -> "RegionEntry":
        if not (self.code or self.nbs_code or self.mca_code):
            raise PydanticCustomError("missing", "Field required", {"field": "code"})
        return self

    @property
    def own_code(self) -> str:
        """Our code: towns carry the system they are named by, since the two give the same number to different towns."""
        if self.code is not None:
            return self.code
        if self.level == RegionLevel.TOWNSHIP:
            return f"nbs-{self.nbs_code}" if self.nbs_code else f"mca-{self.mca_code}"
        return (self.mca_code or self.nbs_code or "").ljust(_SHORT_CODE, "0")

    @property
    def may_be_chosen(self) -> bool:
        """Whether a posting may name it: not so a town that exists in statistics only."""
        if self.is_selectable is not None:
            return self.is_selectable
        return self.kind == RegionKind.ADMIN or self.level != RegionLevel.TOWNSHIP


class RegionMemberEntry(Schema):
    """One place of a wider area."""

    area_code: RegionCode
    member_code: RegionCode


class RegionAliasEntry(Schema):
    """Another name of a place."""

    alias: _Name64
    region_code: RegionCode


class ScenarioEntry(Schema):
    """One scenario within its stage."""

    code: ScenarioCode
    number: Annotated[int, Field(ge=1, le=9999)]
    stage_number: Annotated[int, Field(ge=1, le=99)]
    stage_zh: _Name64
    stage_en: _Name64
    name_zh: _Name128
    name_en: _Name128
    description_zh: _Description
    description_en: _Description


class ScenarioAliasEntry(Schema):
    """Another name of a scenario."""

    alias_zh: _Name128
    scenario_code: ScenarioCode


class TechnologyCategoryEntry(Schema):
    """A family of technology concepts."""

    code: CategoryCode
    name_zh: _Name64
    name_en: _Name64


class TechnologyTermEntry(Schema):
    """One word for a concept."""

    concept_id: ConceptId
    lang: Annotated[str, Field(pattern=r"^(zh|en)$")]
    term: _Name128
    category_code: CategoryCode
    kind: TermKind
