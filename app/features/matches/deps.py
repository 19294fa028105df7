"""What the routes of matches ask for."""

from typing import Annotated

from fastapi import Depends, Request

from app.features.accounts.deps import CurrentActor
from app.features.matches.live import LiveIndex
from app.features.matches.service import Asking
from app.web.deps import ReadSession, RequestLanguage


async def _asking(request: Request, session: ReadSession, actor: CurrentActor, language: RequestLanguage) -> Asking:
    index: LiveIndex = request.app.state.match_index
    return Asking(session=session, actor=actor, index=index, language=language)


CurrentAsking = Annotated[Asking, Depends(_asking)]
