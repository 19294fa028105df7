"""SQL of browsing regions."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.paging import words
from app.db.keyset import Rows, SortColumn, fetch_page
from app.db.search import contains_words
from app.features.catalog.models import Region, RegionAlias, RegionMember
from app.features.catalog.repository import trees
from app.features.catalog.schemas import RegionListQuery

_READ: tuple[InstrumentedAttribute[Any], ...] = (
    Region.code,
    Region.level,
    Region.parent_code,
    Region.path,
    Region.nbs_code,
    Region.mca_code,
    Region.name_zh,
    Region.name_en,
    Region.is_selectable,
)
_SORTS = {"path": SortColumn(Region.path, words), "code": SortColumn(Region.code, words)}
_WIDEST_FIRST = (func.length(Region.path), Region.code)


class RegionRepository:
    """Places and the areas they belong to."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def list_page(self, query: RegionListQuery) -> Rows:
        """One page of regions."""
        return fetch_page(self.session, _chosen(query), query.wanted, sorts=_SORTS, key=Region.code, read_key=words)

    def find(self, codes: Collection[str]) -> Sequence[RowMapping]:
        """The regions among `codes` that exist, the widest first."""
        return self._rows(select(*_READ).where(Region.code.in_(codes)).order_by(*_WIDEST_FIRST))

    def children(self, code: str) -> Sequence[RowMapping]:
        """What lies right below a region."""
        return self._rows(select(*_READ).where(Region.parent_code == code).order_by(Region.code))

    def areas(self, codes: Collection[str]) -> Sequence[RowMapping]:
        """The areas that have any of these regions as a member."""
        areas = select(RegionMember.area_code).where(RegionMember.member_code.in_(codes))
        return self._rows(select(*_READ).where(Region.code.in_(areas)).order_by(*_WIDEST_FIRST))

    def members(self, code: str) -> Sequence[RowMapping]:
        """What an area is made of."""
        members = select(RegionMember.member_code).where(RegionMember.area_code == code)
        return self._rows(select(*_READ).where(Region.code.in_(members)).order_by(*_WIDEST_FIRST))

    def aliases(self, code: str) -> Sequence[str]:
        """Other names of a region."""
        statement = select(RegionAlias.alias).where(RegionAlias.region_code == code).order_by(RegionAlias.alias)
        return self.session.scalars(statement).all()

    def all(self) -> Sequence[RowMapping]:
        """All regions, the widest first."""
        return self._rows(select(*_READ).order_by(*_WIDEST_FIRST))

    def _rows(self, statement: Select[Any]) -> Sequence[RowMapping]:
        return self.session.execute(statement).mappings().all()


def _chosen(query: RegionListQuery) -> Select[Any]:
    statement = select(*_READ)
    for column, wanted in (
        (Region.level, query.level),
        (Region.parent_code, query.parent),
        (Region.nbs_code, query.nbs),
        (Region.mca_code, query.mca),
        (Region.is_selectable, query.selectable),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if query.within is not None:
        statement = statement.where(Region.code.in_(trees.regions_within(query.within)))
    if query.q is not None:
        aliases = select(RegionAlias.region_code).where(contains_words(RegionAlias.search_text, query.q))
        statement = statement.where(or_(contains_words(Region.search_text, query.q), Region.code.in_(aliases)))
    return statement
