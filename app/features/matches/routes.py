"""Matches over HTTP."""

from typing import Annotated

from fastapi import Body, Response

from app.features.matches import service
from app.features.matches.coaching import coach
from app.features.matches.deps import CurrentAsking, KnownAsking
from app.features.matches.schemas import (
    CoachingRead,
    MatchRead,
    Preview,
    RankingQuery,
    RankingRead,
    SimulationRead,
    TrialQuery,
)
from app.features.matches.simulating import simulate
from app.features.needs.schemas import NeedUpdate
from app.features.postings.routes import PostingPath
from app.web.encoding import encoded
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

router = Router(prefix="/v1", tags=["matches"])

_PATCH = {"data_readiness": "近三年单据约 9 万张，可导出", "min_trl": 8}


@router.get("/needs/{posting_id}/matches", response_model=RankingRead, responses=problems(401, 404))
def list_need_matches(
    posting_id: PostingPath, query: Annotated[RankingQuery, from_query(RankingQuery)], asking: CurrentAsking
) -> Response:
    """Rank capabilities for a need, as of the last commit."""
    return encoded(service.rank_for_need(asking, need_id=posting_id, query=query))


@router.get("/capabilities/{posting_id}/matches", response_model=RankingRead, responses=problems(401, 404))
def list_capability_matches(
    posting_id: PostingPath, query: Annotated[RankingQuery, from_query(RankingQuery)], asking: CurrentAsking
) -> Response:
    """Rank needs for a capability, as of the last commit."""
    return encoded(service.rank_for_capability(asking, capability_id=posting_id, query=query))


@router.post("/matches/preview", response_model=RankingRead, responses=problems(401))
def preview_matches(body: Preview, asking: KnownAsking) -> Response:
    """Rank candidates for a posting that is not saved, as one types it."""
    return encoded(service.preview(asking, body=body))


@router.post("/needs/{posting_id}/simulate", response_model=SimulationRead, responses=problems(401, 403, 404, 409))
def simulate_need(
    posting_id: PostingPath,
    body: Annotated[NeedUpdate, Body(examples=[_PATCH])],  # type: ignore[valid-type]  # made from the content
    query: Annotated[TrialQuery, from_query(TrialQuery)],
    asking: KnownAsking,
) -> Response:
    """What a change of a need would move; nothing is saved. For its owner and operators."""
    return encoded(simulate(asking, need_id=posting_id, patch=body, query=query))


@router.get("/needs/{posting_id}/coach", response_model=CoachingRead, responses=problems(401, 403, 404))
def coach_need(
    posting_id: PostingPath, query: Annotated[TrialQuery, from_query(TrialQuery)], asking: KnownAsking
) -> Response:
    """What a need leaves open, by what stating it would move. For its owner and operators."""
    return encoded(coach(asking, need_id=posting_id, query=query))


@router.get("/matches/{need_id}/{capability_id}", response_model=MatchRead, responses=problems(401, 404))
def get_match(need_id: PostingPath, capability_id: PostingPath, asking: CurrentAsking) -> Response:
    """Score and explain one pair in full."""
    return encoded(service.explain_pair(asking, need_id=need_id, capability_id=capability_id))
