"""SQL of browsing technology concepts."""

from collections.abc import Collection, Sequence

from sqlalchemy import RowMapping, func, select
from sqlalchemy.orm import Session

from app.core.paging import words
from app.db.keyset import Rows, SortColumn, fetch_page
from app.db.search import contains_words
from app.features.catalog.models import TechnologyCategory, TechnologyTerm
from app.features.catalog.schemas import TechnologyCategoryListQuery, TechnologyListQuery

_CONCEPT = (TechnologyTerm.concept_id, TechnologyTerm.category_code)
_CONCEPT_SORTS = {"concept_id": SortColumn(TechnologyTerm.concept_id, words)}
_CATEGORY = (
    TechnologyCategory.code,
    TechnologyCategory.name_zh,
    TechnologyCategory.name_en,
    select(func.count(TechnologyTerm.concept_id.distinct()))
    .where(TechnologyTerm.category_code == TechnologyCategory.code)
    .scalar_subquery()
    .label("concepts"),
)
_CATEGORY_SORTS = {"code": SortColumn(TechnologyCategory.code, words)}


class TechnologyRepository:
    """Concepts and their families."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def list_page(self, query: TechnologyListQuery) -> Rows:
        """One page of concepts, without their words."""
        statement = select(*_CONCEPT).distinct()
        if query.category is not None:
            statement = statement.where(TechnologyTerm.category_code == query.category)
        if query.q is not None:
            statement = statement.where(contains_words(TechnologyTerm.search_text, query.q))
        return fetch_page(
            self.session,
            statement,
            query.wanted,
            sorts=_CONCEPT_SORTS,
            key=TechnologyTerm.concept_id,
            read_key=words,
        )

    def terms(self, concept_ids: Collection[str]) -> Sequence[RowMapping]:
        """The words of concepts, preferred ones first."""
        columns = (*_CONCEPT, TechnologyTerm.lang, TechnologyTerm.term, TechnologyTerm.kind)
        statement = (
            select(*columns)
            .where(TechnologyTerm.concept_id.in_(concept_ids))
            .order_by(TechnologyTerm.kind != "preferred", TechnologyTerm.lang.desc(), TechnologyTerm.term)
        )
        return self.session.execute(statement).mappings().all()

    def list_categories(self, query: TechnologyCategoryListQuery) -> Rows:
        """One page of families."""
        return fetch_page(
            self.session,
            select(*_CATEGORY),
            query.wanted,
            sorts=_CATEGORY_SORTS,
            key=TechnologyCategory.code,
            read_key=words,
        )

    def category_names(self) -> Sequence[tuple[str, str, str]]:
        """All families: code, Chinese and English name."""
        columns = (TechnologyCategory.code, TechnologyCategory.name_zh, TechnologyCategory.name_en)
        return self.session.execute(select(*columns).order_by(TechnologyCategory.code)).all()
