"""The actor of a request."""

from collections.abc import Callable
from functools import partial

from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param

from app.features.accounts import service
from app.features.accounts.errors import KeyInvalid
from app.features.accounts.types import ANONYMOUS, Actor, Scope
from app.web.deps import PERSON_HEADER
from app.web.routing import Given, Visit

SCHEME = HTTPBearer(
    scheme_name="ApiKey",
    bearerFormat="dj_live_….…",
    description=(
        "An API key, or the access key of somebody who signed in. Without one, only what is public can be read. "
        f"A portal acts for a person by showing the person's access key in `{PERSON_HEADER}` beside its own."
    ),
)
PERSON_SCHEME = APIKeyHeader(
    scheme_name="Person",
    name=PERSON_HEADER,
    description=(
        "The access key of the person for whom a portal acts, beside the portal's own key and never without it. "
        "What may be done is what the person may do, as far as the portal's key is for it."
    ),
)


def current_actor(visit: Visit, scope: Scope) -> Actor:
    """Whoever the request's key stands for; the anonymous actor when it has none.

    Raises:
        KeyInvalid: what the header holds is no live key.
        PersonNotAllowed: it shows a person's key and is no portal.
        ScopeMissing: the key may not be used for this.
    """
    actor = identified(visit)
    service.require_scope(actor, scope)
    return actor


def known_actor(visit: Visit, scope: Scope) -> Actor:
    """Whoever the request's key stands for; nobody without one waits for a turn to write.

    Raises:
        KeyInvalid: what the header holds is no live key.
        KeyRequired: there is none.
        PersonNotAllowed: it shows a person's key and is no portal.
        ScopeMissing: the key may not be used for this.
    """
    actor = identified(visit)
    service.require_known(actor)
    service.require_scope(actor, scope)
    return actor


def identified(visit: Visit) -> Actor:
    """Whoever the request's key stands for, whatever it is for.

    Raises:
        KeyInvalid: what the header holds is no live key.
        PersonNotAllowed: it shows a person's key and is no portal.
    """
    header = visit.request.headers.get("authorization")
    person_key = visit.request.headers.get(PERSON_HEADER)
    if header is None:
        if person_key is not None:
            raise KeyInvalid
        return ANONYMOUS
    scheme, key = get_authorization_scheme_param(header)
    if scheme.lower() != "bearer":
        raise KeyInvalid
    # looked up anew for each request, so that a revoked key is dead in every worker at once
    actor = service.identify(
        session=visit.session,
        key=key,
        person_key=person_key,
        address=visit.source.address,
        on_use=lambda key_id: visit.in_passing.append(partial(service.note_use, key_id=key_id)),
    )
    visit.caller = actor.caller
    return actor


def anybody(scope: Scope) -> Given:
    """How a parameter is given the actor, for use in `Annotated`; a key must have the scope, but none is needed."""
    return given(current_actor, scope, is_required=False)


def somebody(scope: Scope) -> Given:
    """How a parameter is given the actor, for use in `Annotated`; there must be a key, and it must have the scope."""
    return given(known_actor, scope, is_required=True)


def itself() -> Given:
    """How a parameter is given the actor behind an API key, for what a key may do with itself whatever it is for."""
    return Given(identified, security=SCHEME, is_required=True)


def given(read: Callable[[Visit, Scope], object], scope: Scope, *, is_required: bool) -> Given:
    """How a parameter is given what an actor with a scope may have."""
    return Given(
        lambda visit: read(visit, scope), security=SCHEME, beside=PERSON_SCHEME, is_required=is_required, scope=scope
    )
