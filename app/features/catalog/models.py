"""Tables of the shared vocabulary. Rows come from seeds/reference and are public.

`search_text` is a row's own words, folded, so that searching means the same on both databases.
"""

from sqlalchemy import Boolean, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Industry(Base):
    """One code of GB/T 4754-2017; `path` holds the codes from the section down, as `C/39/392/3922`."""

    __tablename__ = "industries"

    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    level: Mapped[str] = mapped_column(String(16))
    parent_code: Mapped[str | None] = mapped_column(String(4), ForeignKey("industries.code"), index=True)
    path: Mapped[str] = mapped_column(String(32), unique=True)
    name_zh: Mapped[str] = mapped_column(String(256))
    name_en: Mapped[str | None] = mapped_column(String(256))
    is_industrial: Mapped[bool] = mapped_column(Boolean)
    search_text: Mapped[str] = mapped_column(Text)


class Region(Base):
    """A place under our own stable code, beside what two official systems call it.

    The nine-digit codes of NBS and MCA disagree on towns (the same number names two places), so neither can be the
    key. `path` holds the codes from the country down.
    """

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    level: Mapped[str] = mapped_column(String(16))
    parent_code: Mapped[str | None] = mapped_column(String(32), ForeignKey("regions.code"), index=True)
    path: Mapped[str] = mapped_column(String(160), unique=True)
    nbs_code: Mapped[str | None] = mapped_column(String(12), unique=True)
    mca_code: Mapped[str | None] = mapped_column(String(12), unique=True)
    name_zh: Mapped[str] = mapped_column(String(64), index=True)
    name_en: Mapped[str | None] = mapped_column(String(128))
    is_selectable: Mapped[bool] = mapped_column(Boolean)
    search_text: Mapped[str] = mapped_column(Text)


class RegionAlias(Base):
    """Another name of a place, such as 全国 for China; it wins over a name that several places share."""

    __tablename__ = "region_aliases"

    alias: Mapped[str] = mapped_column(String(64), primary_key=True)
    region_code: Mapped[str] = mapped_column(String(32), ForeignKey("regions.code"), index=True)
    search_text: Mapped[str] = mapped_column(Text)


class RegionMember(Base):
    """Which places a wider area such as 长三角 is made of, beside the tree; areas within areas are listed too."""

    __tablename__ = "region_members"

    area_code: Mapped[str] = mapped_column(String(32), ForeignKey("regions.code"), primary_key=True)
    member_code: Mapped[str] = mapped_column(String(32), ForeignKey("regions.code"), primary_key=True)


class Scenario(Base):
    """One of the 40 scenarios of the 2025 guide, within one of its eight stages."""

    __tablename__ = "scenarios"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, unique=True)
    stage_number: Mapped[int] = mapped_column(Integer, index=True)
    stage_zh: Mapped[str] = mapped_column(String(64))
    stage_en: Mapped[str] = mapped_column(String(64))
    name_zh: Mapped[str] = mapped_column(String(128))
    name_en: Mapped[str] = mapped_column(String(128))
    description_zh: Mapped[str] = mapped_column(String(1000))
    description_en: Mapped[str] = mapped_column(String(1000))
    search_text: Mapped[str] = mapped_column(Text)


class ScenarioAlias(Base):
    """An older or other name of a scenario, for searching only."""

    __tablename__ = "scenario_aliases"

    alias_zh: Mapped[str] = mapped_column(String(128), primary_key=True)
    scenario_code: Mapped[str] = mapped_column(String(8), ForeignKey("scenarios.code"), index=True)
    search_text: Mapped[str] = mapped_column(Text)


class TechnologyCategory(Base):
    """A family of technology concepts."""

    __tablename__ = "technology_categories"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(64))
    name_en: Mapped[str] = mapped_column(String(64))


class TechnologyTerm(Base):
    """One word for a concept; rows with the same `concept_id` are words for the same thing."""

    __tablename__ = "technology_terms"

    concept_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    lang: Mapped[str] = mapped_column(String(8), primary_key=True)
    term: Mapped[str] = mapped_column(String(128), primary_key=True, index=True)
    category_code: Mapped[str] = mapped_column(String(16), ForeignKey("technology_categories.code"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    search_text: Mapped[str] = mapped_column(Text)
