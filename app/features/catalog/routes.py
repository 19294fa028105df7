"""The vocabulary over HTTP: public, no key needed."""

from typing import Annotated, Any

from fastapi import Path, Query, Response

from app.core.paging import Page
from app.features.catalog import service
from app.features.catalog.schemas import (
    ConceptId,
    IndustryCode,
    IndustryDetail,
    IndustryListQuery,
    IndustryRead,
    IndustryTree,
    Labels,
    RegionCode,
    RegionDetail,
    RegionListQuery,
    RegionRead,
    RegionTree,
    ScenarioCode,
    ScenarioListQuery,
    ScenarioRead,
    TechnologyCategoryListQuery,
    TechnologyCategoryRead,
    TechnologyListQuery,
    TechnologyRead,
)
from app.web.conditional import IfNoneMatch, revalidated
from app.web.deps import ReadSession
from app.web.encoding import encoded
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

router = Router(prefix="/v1/catalog", tags=["catalog"])

_IndustryDepth = Annotated[int, Query(ge=1, le=4, description="How many levels, from the sections down.")]
_RegionDepth = Annotated[int, Query(ge=1, le=5, description="How many levels, from the country down.")]
_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "The caller already holds this version."}}


@router.get("/industries", response_model=Page[IndustryRead], responses=problems(400))
def list_industries(
    query: Annotated[IndustryListQuery, from_query(IndustryListQuery)], session: ReadSession
) -> Response:
    """List the industry codes of GB/T 4754-2017."""
    return encoded(service.list_industries(session=session, query=query))


@router.get("/industries/tree", response_model=IndustryTree, responses=_NOT_MODIFIED)
def get_industry_tree(session: ReadSession, depth: _IndustryDepth = 4, if_none_match: IfNoneMatch = None) -> Response:
    """Read the industry codes as a tree."""
    return revalidated(service.industry_tree(session=session, depth=depth), if_none_match)


@router.get("/industries/{code}", response_model=IndustryDetail, responses=problems(404))
def get_industry(code: Annotated[IndustryCode, Path(examples=["3922"])], session: ReadSession) -> Response:
    """Read one industry with what lies above and right below it."""
    return encoded(service.get_industry(session=session, code=code))


@router.get("/regions", response_model=Page[RegionRead], responses=problems(400))
def list_regions(query: Annotated[RegionListQuery, from_query(RegionListQuery)], session: ReadSession) -> Response:
    """List regions, or find one by its code in one of the two official systems."""
    return encoded(service.list_regions(session=session, query=query))


@router.get("/regions/tree", response_model=RegionTree, responses=_NOT_MODIFIED)
def get_region_tree(session: ReadSession, depth: _RegionDepth = 5, if_none_match: IfNoneMatch = None) -> Response:
    """Read the regions as a tree."""
    return revalidated(service.region_tree(session=session, depth=depth), if_none_match)


@router.get("/regions/{code}", response_model=RegionDetail, responses=problems(404))
def get_region(code: Annotated[RegionCode, Path(examples=["320506"])], session: ReadSession) -> Response:
    """Read one region with its surroundings."""
    return encoded(service.get_region(session=session, code=code))


@router.get("/scenarios", response_model=Page[ScenarioRead], responses=problems(400))
def list_scenarios(
    query: Annotated[ScenarioListQuery, from_query(ScenarioListQuery)], session: ReadSession
) -> Response:
    """List the 40 scenarios of the 2025 guide."""
    return encoded(service.list_scenarios(session=session, query=query))


@router.get("/scenarios/{code}", response_model=ScenarioRead, responses=problems(404))
def get_scenario(code: Annotated[ScenarioCode, Path(examples=["S24"])], session: ReadSession) -> Response:
    """Read one scenario."""
    return encoded(service.get_scenario(session=session, code=code))


@router.get("/technologies", response_model=Page[TechnologyRead], responses=problems(400))
def list_technologies(
    query: Annotated[TechnologyListQuery, from_query(TechnologyListQuery)], session: ReadSession
) -> Response:
    """List technology concepts with their words in both languages."""
    return encoded(service.list_technologies(session=session, query=query))


@router.get("/technologies/{concept_id}", response_model=TechnologyRead, responses=problems(404))
def get_technology(concept_id: Annotated[ConceptId, Path(examples=["T0001"])], session: ReadSession) -> Response:
    """Read one technology concept."""
    return encoded(service.get_technology(session=session, concept_id=concept_id))


@router.get("/technology-categories", response_model=Page[TechnologyCategoryRead], responses=problems(400))
def list_technology_categories(
    query: Annotated[TechnologyCategoryListQuery, from_query(TechnologyCategoryListQuery)], session: ReadSession
) -> Response:
    """List the families of technology concepts."""
    return encoded(service.list_technology_categories(session=session, query=query))


@router.get("/labels", response_model=Labels, responses=_NOT_MODIFIED)
def list_labels(session: ReadSession, if_none_match: IfNoneMatch = None) -> Response:
    """List every enumeration of this API with its codes and what they are called."""
    return revalidated(service.labels(session=session), if_none_match)
