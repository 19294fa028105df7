"""Lists, trees and single entries of the vocabulary; it is public, so no actor is asked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.core.labels import LabelBook
from app.core.paging import Page
from app.core.schema import Schema
from app.db.keyset import Rows
from app.features.catalog.errors import CatalogNotFound
from app.features.catalog.repository import (
    IndustryRepository,
    RegionRepository,
    ScenarioRepository,
    TechnologyRepository,
)
from app.features.catalog.schemas import (
    IndustryDetail,
    IndustryListQuery,
    IndustryNode,
    IndustryRead,
    IndustryTree,
    Label,
    Labels,
    RegionDetail,
    RegionListQuery,
    RegionNode,
    RegionRead,
    RegionTree,
    ScenarioListQuery,
    ScenarioRead,
    TechnologyCategoryListQuery,
    TechnologyCategoryRead,
    TechnologyListQuery,
    TechnologyRead,
    TermRead,
)
from app.features.catalog.types import TermKind

_ReadT = TypeVar("_ReadT", bound=Schema)
_NodeT = TypeVar("_NodeT", IndustryNode, RegionNode)


def list_industries(*, session: Session, query: IndustryListQuery) -> Page[IndustryRead]:
    """One page of industries."""
    return _page(IndustryRead, IndustryRepository(session).list_page(query))


def get_industry(*, session: Session, code: str) -> IndustryDetail:
    """One industry with what lies above and right below it.

    Raises:
        CatalogNotFound: there is none.
    """
    repository = IndustryRepository(session)
    for row in repository.find([code]):
        *ancestors, found = repository.find(row["path"].split("/"))
        return IndustryDetail(
            **found, ancestors=_all(IndustryRead, ancestors), children=_all(IndustryRead, repository.children(code))
        )
    raise CatalogNotFound


def industry_tree(*, session: Session, depth: int) -> IndustryTree:
    """The tree of industries, `depth` levels of it."""
    return IndustryTree(items=_tree(IndustryNode, IndustryRepository(session).all(), depth))


def list_regions(*, session: Session, query: RegionListQuery) -> Page[RegionRead]:
    """One page of regions."""
    return _page(RegionRead, RegionRepository(session).list_page(query))


def get_region(*, session: Session, code: str) -> RegionDetail:
    """One region with its surroundings.

    Raises:
        CatalogNotFound: there is none.
    """
    repository = RegionRepository(session)
    for row in repository.find([code]):
        path = row["path"].split("/")
        *ancestors, found = repository.find(path)
        return RegionDetail(
            **found,
            ancestors=_all(RegionRead, ancestors),
            children=_all(RegionRead, repository.children(code)),
            areas=_all(RegionRead, repository.areas(path)),
            members=_all(RegionRead, repository.members(code)),
            aliases=list(repository.aliases(code)),
        )
    raise CatalogNotFound


def region_tree(*, session: Session, depth: int) -> RegionTree:
    """The tree of regions, `depth` levels of it."""
    return RegionTree(items=_tree(RegionNode, RegionRepository(session).all(), depth))


def list_scenarios(*, session: Session, query: ScenarioListQuery) -> Page[ScenarioRead]:
    """One page of scenarios."""
    repository = ScenarioRepository(session)
    rows = repository.list_page(query)
    aliases = _grouped(repository.aliases([row["code"] for row in rows.items]))
    items = [ScenarioRead(**row, aliases=aliases[row["code"]]) for row in rows.items]
    return Page(items=items, next_cursor=rows.next_cursor, total=rows.total)


def get_scenario(*, session: Session, code: str) -> ScenarioRead:
    """One scenario.

    Raises:
        CatalogNotFound: there is none.
    """
    repository = ScenarioRepository(session)
    row = repository.find(code)
    if row is None:
        raise CatalogNotFound
    return ScenarioRead(**row, aliases=[alias for _, alias in repository.aliases([code])])


def list_technologies(*, session: Session, query: TechnologyListQuery) -> Page[TechnologyRead]:
    """One page of technology concepts."""
    repository = TechnologyRepository(session)
    rows = repository.list_page(query)
    concepts = _concepts(repository.terms([row["concept_id"] for row in rows.items]))
    items = [concepts[row["concept_id"]] for row in rows.items]
    return Page(items=items, next_cursor=rows.next_cursor, total=rows.total)


def get_technology(*, session: Session, concept_id: str) -> TechnologyRead:
    """One technology concept.

    Raises:
        CatalogNotFound: there is none.
    """
    concepts = _concepts(TechnologyRepository(session).terms([concept_id]))
    if concept_id not in concepts:
        raise CatalogNotFound
    return concepts[concept_id]


def list_technology_categories(*, session: Session, query: TechnologyCategoryListQuery) -> Page[TechnologyCategoryRead]:
    """One page of families of concepts."""
    return _page(TechnologyCategoryRead, TechnologyRepository(session).list_categories(query))


def labels(*, session: Session) -> Labels:
    """Every enumeration of the API: those in the code, and the two that are data."""
    book = {
        name: [Label(code=str(member), zh=member.label.zh, en=member.label.en) for member in enum]
        for name, enum in LabelBook.enums.items()
    }
    stages = ScenarioRepository(session).stages()
    book["scenario_stage"] = [Label(code=str(number), zh=zh, en=en) for number, zh, en in stages]
    categories = TechnologyRepository(session).category_names()
    book["technology_category"] = [Label(code=code, zh=zh, en=en) for code, zh, en in categories]
    return Labels(labels=dict(sorted(book.items())))


def _page(schema: type[_ReadT], rows: Rows) -> Page[_ReadT]:
    return Page(items=[schema(**row) for row in rows.items], next_cursor=rows.next_cursor, total=rows.total)


def _all(schema: type[_ReadT], rows: Iterable[RowMapping]) -> list[_ReadT]:
    return [schema(**row) for row in rows]


def _tree(node: type[_NodeT], rows: Sequence[RowMapping], depth: int) -> list[_NodeT]:
    below: dict[str | None, list[_NodeT]] = defaultdict(list)
    # from the leaves up, so that a node is made when its children are
    for row in reversed([row for row in rows if row["path"].count("/") < depth]):
        fields = {name: row[name] for name in node.model_fields if name != "children"}
        below[row["parent_code"]].append(node(**fields, children=below[row["code"]][::-1]))
    return below[None][::-1]


def _concepts(rows: Iterable[RowMapping]) -> dict[str, TechnologyRead]:
    words: dict[tuple[str, str], list[TermRead]] = defaultdict(list)
    for row in rows:
        term = TermRead(lang=row["lang"], term=row["term"], kind=row["kind"])
        words[row["concept_id"], row["category_code"]].append(term)
    return {
        concept_id: TechnologyRead(
            concept_id=concept_id,
            category_code=category_code,
            name_zh=_preferred(terms, "zh"),
            name_en=_preferred(terms, "en"),
            terms=terms,
        )
        for (concept_id, category_code), terms in words.items()
    }


def _preferred(terms: Iterable[TermRead], lang: str) -> str | None:
    return next((term.term for term in terms if term.lang == lang and term.kind == TermKind.PREFERRED), None)


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
