"""What the routes of matches ask for."""

from typing import Annotated

from app.core.text import Language
from app.features.accounts.deps import current_actor, given, known_actor
from app.features.accounts.types import Actor, Scope
from app.features.matches.service import Asking
from app.web.deps import language
from app.web.routing import Visit


def asking(visit: Visit, actor: Actor, spoken: Language) -> Asking:
    """Who asks, in what language, with this process's index."""
    return Asking(session=visit.session, actor=actor, index=visit.request.app.state.match_index, language=spoken)


def _by_anybody(visit: Visit, scope: Scope) -> Asking:
    return asking(visit, current_actor(visit, scope), language(visit.request))


def _by_known(visit: Visit, scope: Scope) -> Asking:
    return asking(visit, known_actor(visit, scope), language(visit.request))


CurrentAsking = Annotated[Asking, given(_by_anybody, Scope.MATCHES_READ, is_required=False)]
KnownAsking = Annotated[Asking, given(_by_known, Scope.MATCHES_READ, is_required=True)]
