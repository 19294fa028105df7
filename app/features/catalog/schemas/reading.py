"""The vocabulary as it goes out, and how its lists are asked for."""

from typing import Annotated, Literal

from pydantic import Field

from app.core.schema import Plain, Schema
from app.features.catalog.schemas.entries import CategoryCode, IndustryCode, RegionCode
from app.features.catalog.types import IndustryLevel, RegionLevel, TermKind
from app.web.listing import ListQuery

Words = Annotated[str, Field(min_length=1, max_length=100), Plain]
OfficialCode = Annotated[str, Field(max_length=12, pattern=r"^[0-9]+$")]


class IndustryRead(Schema):
    """One code of GB/T 4754-2017; `path` holds the codes from the section down."""

    code: str
    level: IndustryLevel
    parent_code: str | None
    path: str
    name_zh: str
    name_en: str | None
    is_industrial: Annotated[bool, Field(description="Of sections B, C or D: mining, manufacturing, utilities.")]


class IndustryDetail(IndustryRead):
    """One code with what lies above it, from the section down, and right below it."""

    ancestors: list[IndustryRead]
    children: list[IndustryRead]


class IndustryNode(Schema):
    """One code in the tree."""

    code: str
    level: IndustryLevel
    name_zh: str
    name_en: str | None
    is_industrial: bool
    children: list["IndustryNode"]


class IndustryTree(Schema):
    """The sections and what lies below them."""

    items: list[IndustryNode]


class IndustryListQuery(ListQuery):
    """How industries are listed and filtered."""

    sort: Literal["path", "-path", "code", "-code"] = "path"
    level: IndustryLevel | None = None
    parent: Annotated[IndustryCode | None, Field(description="Only those right below this code.")] = None
    within: Annotated[IndustryCode | None, Field(description="This code and all below it.")] = None
    q: Annotated[Words | None, Field(description="Words in the name, or a code.")] = None


class RegionRead(Schema):
    """A place under our own code, beside its codes in the two official systems, which disagree on towns."""

    code: str
    level: RegionLevel
    parent_code: str | None
    path: str
    nbs_code: Annotated[str | None, Field(description="National Bureau of Statistics, 2023.")]
    mca_code: Annotated[str | None, Field(description="Ministry of Civil Affairs, 2026.")]
    name_zh: str
    name_en: str | None
    is_selectable: Annotated[bool, Field(description="Whether a posting or organisation may name it.")]


class RegionDetail(RegionRead):
    """A place with its surroundings: what lies above and right below it, and the areas beside the tree."""

    ancestors: list[RegionRead]
    children: list[RegionRead]
    areas: Annotated[list[RegionRead], Field(description="Areas such as 长三角 that it, or a place above it, is in.")]
    members: Annotated[list[RegionRead], Field(description="For an area: what it is made of.")]
    aliases: list[str]


class RegionNode(Schema):
    """One place in the tree."""

    code: str
    level: RegionLevel
    name_zh: str
    name_en: str | None
    is_selectable: bool
    children: list["RegionNode"]


class RegionTree(Schema):
    """The widest places and what lies below them."""

    items: list[RegionNode]


class RegionListQuery(ListQuery):
    """How regions are listed and filtered."""

    sort: Literal["path", "-path", "code", "-code"] = "path"
    level: RegionLevel | None = None
    parent: Annotated[RegionCode | None, Field(description="Only those right below this code.")] = None
    within: Annotated[RegionCode | None, Field(description="This place and all in it.")] = None
    nbs: Annotated[OfficialCode | None, Field(description="The code of the National Bureau of Statistics.")] = None
    mca: Annotated[OfficialCode | None, Field(description="The code of the Ministry of Civil Affairs.")] = None
    selectable: Annotated[bool | None, Field(description="Only those that may, or may not, be chosen.")] = None
    q: Annotated[Words | None, Field(description="Words in the name or an alias, or a code.")] = None


class ScenarioRead(Schema):
    """One scenario of the 2025 guide; `aliases` are older names, for searching only."""

    code: str
    number: int
    stage_number: int
    stage_zh: str
    stage_en: str
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    aliases: list[str]


class ScenarioListQuery(ListQuery):
    """How scenarios are listed and filtered."""

    sort: Literal["number", "-number"] = "number"
    stage: Annotated[int | None, Field(ge=1, le=99, description="The number of the stage.")] = None
    q: Annotated[Words | None, Field(description="Words in the name, description or an alias, or a code.")] = None


class TermRead(Schema):
    """One word for a concept."""

    lang: str
    term: str
    kind: TermKind


class TechnologyRead(Schema):
    """A concept with its preferred names and all its words."""

    concept_id: str
    category_code: str
    name_zh: str | None
    name_en: str | None
    terms: list[TermRead]


class TechnologyListQuery(ListQuery):
    """How technology concepts are listed and filtered."""

    sort: Literal["concept_id", "-concept_id"] = "concept_id"
    category: CategoryCode | None = None
    q: Annotated[Words | None, Field(description="Words of one of the concept's terms, in either language.")] = None


class TechnologyCategoryRead(Schema):
    """A family of technology concepts, and how many it has."""

    code: str
    name_zh: str
    name_en: str
    concepts: int


class TechnologyCategoryListQuery(ListQuery):
    """How categories are listed."""

    sort: Literal["code", "-code"] = "code"


class Label(Schema):
    """A code and what it is called."""

    code: str
    zh: str
    en: str


class Labels(Schema):
    """Every enumeration of the API by its name, each in its own order."""

    labels: dict[str, list[Label]]
