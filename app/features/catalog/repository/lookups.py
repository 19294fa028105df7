"""SQL of what other features ask about codes: whether they exist, what lies above and below them."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.features.catalog.models import (
    Industry,
    Region,
    RegionAlias,
    RegionMember,
    Scenario,
    TechnologyTerm,
)
from app.features.catalog.repository import trees
from app.features.catalog.types import PlaceNames, ThesaurusConcept

_Value = TypeVar("_Value")
_Statement = TypeVar("_Statement", bound=Select[*tuple[Any, ...]])


class LookupRepository:
    """Codes looked up in bulk, one statement a question; unknown ones are left out, None means all."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def stages(self, codes: Collection[str] | None) -> Mapping[str, int]:
        """The number of each scenario's stage."""
        return self._mapping(Scenario.code, Scenario.stage_number, codes)

    def industry_paths(self, codes: Collection[str] | None) -> Mapping[str, str]:
        """The path of each industry."""
        return self._mapping(Industry.code, Industry.path, codes)

    def region_paths(self, codes: Collection[str] | None) -> Mapping[str, str]:
        """The path of each region."""
        return self._mapping(Region.code, Region.path, codes)

    def selectable(self, codes: Collection[str] | None) -> Mapping[str, bool]:
        """Whether each region may be chosen."""
        return self._mapping(Region.code, Region.is_selectable, codes)

    def containing(self, codes: Collection[str] | None) -> Mapping[str, frozenset[str]]:
        """For each region: itself, the places above it, and the areas any of these belongs to."""
        is_member = ("/" + Region.path + "/").like("%/" + RegionMember.member_code + "/%")
        statement = select(Region.code, Region.path, RegionMember.area_code).outerjoin(RegionMember, is_member)
        rows = self.session.execute(_among(statement, Region.code, codes))
        found: dict[str, set[str]] = {}
        for code, path, area in rows:
            found.setdefault(code, set(path.split("/"))).update([] if area is None else [area])
        return {code: frozenset(places) for code, places in found.items()}

    def industries_within(self, code: str) -> Sequence[str]:
        """An industry and all below it."""
        return self.session.scalars(trees.industries_within(code)).all()

    def regions_within(self, code: str) -> Sequence[str]:
        """A region and all below it; for an area also its members and all below them."""
        return self.session.scalars(trees.regions_within(code)).all()

    def place_names(self) -> Sequence[PlaceNames]:
        """All that all places are called, aliases aside."""
        rows = self.session.execute(
            select(Region.code, Region.nbs_code, Region.mca_code, Region.name_zh, Region.name_en)
        )
        return [PlaceNames(*row) for row in rows]

    def region_aliases(self) -> Sequence[tuple[str, str]]:
        """Each alias and the code of its place."""
        return self.session.execute(select(RegionAlias.alias, RegionAlias.region_code)).all()

    def thesaurus(self) -> Sequence[ThesaurusConcept]:
        """All concepts with their terms, in order of their ids."""
        order = (TechnologyTerm.concept_id, TechnologyTerm.lang, TechnologyTerm.term)
        rows = self.session.execute(
            select(
                TechnologyTerm.concept_id,
                TechnologyTerm.category_code,
                TechnologyTerm.lang,
                TechnologyTerm.term,
                TechnologyTerm.kind,
            ).order_by(*order)
        )
        return [
            ThesaurusConcept(concept_id, category, tuple((lang, term, kind) for _, _, lang, term, kind in terms))
            for (concept_id, category), terms in groupby(rows, key=itemgetter(0, 1))
        ]

    def _mapping(
        self,
        code: InstrumentedAttribute[str],
        value: InstrumentedAttribute[_Value],
        codes: Collection[str] | None,
    ) -> Mapping[str, _Value]:
        return dict(self.session.execute(_among(select(code, value), code, codes)).all())


def _among(statement: _Statement, code: InstrumentedAttribute[str], codes: Collection[str] | None) -> _Statement:
    return statement if codes is None else statement.where(code.in_(codes))
