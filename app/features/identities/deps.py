"""What the routes of identities ask for."""

from collections.abc import Callable
from typing import Annotated

from app.features.identities.errors import OidcOff
from app.features.identities.tokens import IdentityTokens
from app.features.identities.types import Identity
from app.web.lanes import Lane
from app.web.routing import Given, Visit


def _tokens(visit: Visit) -> IdentityTokens:
    tokens: IdentityTokens | None = visit.request.app.state.identity_tokens
    if tokens is None:
        raise OidcOff
    return tokens


def _check(visit: Visit) -> Callable[[str], Identity]:
    tokens = _tokens(visit)

    def check(token: str) -> Identity:
        visit.session.commit()  # the issuer may be slow: its answer is waited for without a connection
        return tokens.check(token)

    return check


IsOn = Annotated[IdentityTokens, Given(_tokens)]
"""Refuses the request where no issuer is set."""
Check = Annotated[Callable[[str], Identity], Given(_check, lane=Lane.ISSUER)]
"""Checks an identity token; holds no connection meanwhile."""
