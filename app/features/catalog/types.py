"""What the vocabulary is made of."""

from collections.abc import Mapping
from typing import NamedTuple

from app.core.labels import LabelBook, Labelled
from app.core.text import Bilingual


@LabelBook.publish
class IndustryLevel(Labelled):
    """The four levels of GB/T 4754-2017."""

    SECTION = "section", "门类", "Section"
    DIVISION = "division", "大类", "Division"
    GROUP = "group", "中类", "Group"
    CLASS = "class", "小类", "Class"


@LabelBook.publish
class RegionLevel(Labelled):
    """What kind of place a region is, from the widest down."""

    WORLD = "world", "全球", "World"
    AREA = "area", "区域", "Area of several places"
    COUNTRY = "country", "国家", "Country"
    PROVINCE = "province", "省级", "Province"
    PREFECTURE = "prefecture", "地级", "Prefecture"
    COUNTY = "county", "县级", "County or district"
    TOWNSHIP = "township", "乡级", "Township or subdistrict"


@LabelBook.publish
class RegionKind(Labelled):
    """Whether a place is governed, or only counted."""

    ADMIN = "admin", "行政区划", "Administrative division"
    STATISTICAL = "statistical", "统计单位", "Statistical unit"


@LabelBook.publish
class TermKind(Labelled):
    """What a word is to its concept."""

    PREFERRED = "preferred", "首选词", "Preferred term"
    SYNONYM = "synonym", "同义词", "Synonym"
    ABBR = "abbr", "缩写", "Abbreviation"


class MissingCodes(NamedTuple):
    """Codes that do not exist."""

    industries: frozenset[str]
    scenarios: frozenset[str]
    regions: frozenset[str]


class Names(NamedTuple):
    """What codes are called, by code."""

    industries: Mapping[str, Bilingual]
    scenarios: Mapping[str, Bilingual]
    regions: Mapping[str, Bilingual]


class ThesaurusConcept(NamedTuple):
    """One concept; `terms` are (language, term, kind)."""

    id: str
    category: str
    terms: tuple[tuple[str, str, str], ...]


class ResolvedRegions(NamedTuple):
    """Which places names stand for, and the names that stand for several or none."""

    codes: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, ...]]
    unknown: frozenset[str]


class PlaceNames(NamedTuple):
    """All that one place is called."""

    code: str
    nbs_code: str | None
    mca_code: str | None
    name_zh: str
    name_en: str | None
