"""SQL of browsing industries; the vocabulary is public, so there is no scope."""

from collections.abc import Collection, Sequence

from sqlalchemy import RowMapping, func, select
from sqlalchemy.orm import Session

from app.core.paging import words
from app.db.keyset import Rows, SortColumn, fetch_page
from app.db.search import contains_words
from app.features.catalog.models import Industry
from app.features.catalog.repository import trees
from app.features.catalog.schemas import IndustryListQuery

_READ = (
    Industry.code,
    Industry.level,
    Industry.parent_code,
    Industry.path,
    Industry.name_zh,
    Industry.name_en,
    Industry.is_industrial,
)
_SORTS = {"path": SortColumn(Industry.path, words), "code": SortColumn(Industry.code, words)}
_WIDEST_FIRST = (func.length(Industry.path), Industry.code)


class IndustryRepository:
    """The codes of GB/T 4754-2017."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def list_page(self, query: IndustryListQuery) -> Rows:
        """One page of industries."""
        statement = select(*_READ)
        if query.level is not None:
            statement = statement.where(Industry.level == query.level)
        if query.parent is not None:
            statement = statement.where(Industry.parent_code == query.parent)
        if query.within is not None:
            statement = statement.where(Industry.code.in_(trees.industries_within(query.within)))
        if query.q is not None:
            statement = statement.where(contains_words(Industry.search_text, query.q))
        return fetch_page(self.session, statement, query.wanted, sorts=_SORTS, key=Industry.code, read_key=words)

    def find(self, codes: Collection[str]) -> Sequence[RowMapping]:
        """The industries among `codes` that exist, the widest first."""
        statement = select(*_READ).where(Industry.code.in_(codes)).order_by(*_WIDEST_FIRST)
        return self.session.execute(statement).mappings().all()

    def children(self, code: str) -> Sequence[RowMapping]:
        """What lies right below an industry."""
        statement = select(*_READ).where(Industry.parent_code == code).order_by(Industry.code)
        return self.session.execute(statement).mappings().all()

    def all(self) -> Sequence[RowMapping]:
        """All industries, the widest first."""
        return self.session.execute(select(*_READ).order_by(*_WIDEST_FIRST)).mappings().all()
