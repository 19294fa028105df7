"""What routes of people are given."""

from typing import Annotated, NamedTuple

from fastapi.security.utils import get_authorization_scheme_param

from app.core.sealing import Seal
from app.features.accounts.deps import SCHEME, identified
from app.features.accounts.service import require_known
from app.features.accounts.types import Actor
from app.features.people.passwords import Passwords
from app.features.people.service.proving import require_oneself
from app.web.deps import PERSON_HEADER
from app.web.lanes import Lane
from app.web.routing import Given, Visit


class Signed(NamedTuple):
    """Who acts, and by which access key if it is a person."""

    actor: Actor
    access_key: str


def _known(visit: Visit) -> Actor:
    actor = identified(visit)
    require_known(actor)
    return actor


def _oneself(visit: Visit) -> Actor:
    actor = identified(visit)
    require_oneself(actor)
    return actor


def _signed(visit: Visit) -> Signed:
    headers = visit.request.headers
    _, key = get_authorization_scheme_param(headers.get("authorization"))
    return Signed(_known(visit), headers.get(PERSON_HEADER, key))


Caller = Annotated[Actor, Given(identified, security=SCHEME)]
"""Whoever asks, by whatever key or none."""
Known = Annotated[Actor, Given(_known, security=SCHEME, is_required=True)]
"""Whoever asks by a key, whatever it is for."""
Oneself = Annotated[Actor, Given(_oneself, security=SCHEME, is_required=True)]
"""A person who signed in and acts without a portal."""
SignedIn = Annotated[Signed, Given(_signed, security=SCHEME, is_required=True)]
"""Whoever asks by a key, and the key itself."""
PasswordsOf = Annotated[Passwords, Given(lambda visit: visit.request.app.state.passwords, lane=Lane.PASSWORDS)]
SealOf = Annotated[Seal, Given(lambda visit: visit.request.app.state.seal)]
PublicUrl = Annotated[str, Given(lambda visit: visit.request.app.state.public_url)]
