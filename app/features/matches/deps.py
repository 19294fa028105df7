"""What the routes of matches ask for."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Annotated

from fastapi import Depends, Request

from app.core.text import Language
from app.features.accounts.deps import CurrentActor
from app.features.matches.live import LiveIndex
from app.features.matches.service import Asking
from app.web.deps import ReadSession, RequestLanguage
from app.web.routing import resolved


@contextmanager
def opened(request: Request, session: ReadSession, actor: CurrentActor, language: Language) -> Iterator[Asking]:
    """An asking whose session and actor are entered where blocking is allowed."""
    index: LiveIndex = request.app.state.match_index
    with session:
        yield Asking(session=session, actor=resolved(actor, session), index=index, language=language)


async def _asking(
    request: Request, session: ReadSession, actor: CurrentActor, language: RequestLanguage
) -> AbstractContextManager[Asking]:
    return opened(request, session, actor, language)


CurrentAsking = Annotated[Asking, Depends(_asking)]
