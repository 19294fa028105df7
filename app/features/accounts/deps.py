"""The actor of a request."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.features.accounts import service
from app.features.accounts.errors import KeyInvalid
from app.features.accounts.types import ANONYMOUS, Actor
from app.web.deps import database
from app.web.routing import Deferred

_bearer = HTTPBearer(
    scheme_name="ApiKey",
    bearerFormat="dj_live_….…",
    description="An API key. Without one, only what is public can be read.",
    auto_error=False,
)


async def _current_actor(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Actor | Deferred[Actor]:
    if credentials is None:
        if "authorization" in request.headers:
            raise KeyInvalid
        return ANONYMOUS
    # a key is looked up anew for each request, so that a revoked one is dead in every worker at once
    key = credentials.credentials
    return Deferred(lambda session: service.identify(session=session, key=key), database(request).read_session)


CurrentActor = Annotated[Actor, Depends(_current_actor)]
