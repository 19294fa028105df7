"""The actor of a request."""

from typing import Annotated

from fastapi.security import HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param

from app.features.accounts import service
from app.features.accounts.errors import KeyInvalid
from app.features.accounts.types import ANONYMOUS, Actor
from app.web.routing import Given, Visit

SCHEME = HTTPBearer(
    scheme_name="ApiKey",
    bearerFormat="dj_live_….…",
    description="An API key. Without one, only what is public can be read.",
)


def current_actor(visit: Visit) -> Actor:
    """Whoever the request's key stands for; the anonymous actor when it has none.

    Raises:
        KeyInvalid: what the header holds is no live key.
    """
    header = visit.request.headers.get("authorization")
    if header is None:
        return ANONYMOUS
    scheme, key = get_authorization_scheme_param(header)
    if scheme.lower() != "bearer":
        raise KeyInvalid
    # looked up anew for each request, so that a revoked key is dead in every worker at once
    return service.identify(session=visit.session, key=key)


def known_actor(visit: Visit) -> Actor:
    """Whoever the request's key stands for; nobody without one waits for a turn to write.

    Raises:
        KeyInvalid: what the header holds is no live key.
        KeyRequired: there is none.
    """
    actor = current_actor(visit)
    service.require_known(actor)
    return actor


CurrentActor = Annotated[Actor, Given(current_actor, security=SCHEME)]
KnownActor = Annotated[Actor, Given(known_actor, security=SCHEME, is_required=True)]
