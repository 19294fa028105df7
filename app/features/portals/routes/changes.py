"""The feed of changes over HTTP.

It is open without a key, as the lists are: whoever may read the public postings may keep a copy of them, and following
the feed costs this server less than reading the lists again and again.
"""

from typing import Annotated

from fastapi import Response

from app.features.accounts.deps import anybody
from app.features.accounts.types import Actor, Scope
from app.features.portals import service
from app.features.portals.schemas import ChangePage, ChangeQuery
from app.web.deps import ReadSession
from app.web.encoding import encoded
from app.web.problems import problems
from app.web.query import from_query
from app.web.routing import Router

router = Router(prefix="/v1/changes", tags=["portals"])


@router.get("", response_model=ChangePage, responses=problems(400, 401, 403))
def list_changes(
    query: Annotated[ChangeQuery, from_query(ChangeQuery)],
    actor: Annotated[Actor, anybody(Scope.CHANGES_READ)],
    session: ReadSession,
) -> Response:
    """Follow what changes, in commit order, each change at least once.

    Begin without a cursor, then ask with `next_cursor` again and again. Each entry shows the record as you may see it
    now; `gone` says to remove your copy. Compare versions: never replace a copy by an older one.
    """
    return encoded(service.follow(session=session, actor=actor, query=query))
