"""What the routes of matches ask for."""

from typing import Annotated

from app.core.text import Language
from app.features.accounts.deps import SCHEME, current_actor, known_actor
from app.features.accounts.types import Actor
from app.features.matches.service import Asking
from app.web.deps import language
from app.web.routing import Given, Visit


def asking(visit: Visit, actor: Actor, spoken: Language) -> Asking:
    """Who asks, in what language, with this process's index."""
    return Asking(session=visit.session, actor=actor, index=visit.request.app.state.match_index, language=spoken)


def _by_anybody(visit: Visit) -> Asking:
    return asking(visit, current_actor(visit), language(visit.request))


def _by_known(visit: Visit) -> Asking:
    return asking(visit, known_actor(visit), language(visit.request))


CurrentAsking = Annotated[Asking, Given(_by_anybody, security=SCHEME)]
KnownAsking = Annotated[Asking, Given(_by_known, security=SCHEME, is_required=True)]
