"""What the routes of reports ask for."""

from contextlib import AbstractContextManager
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from app.core.text import negotiate
from app.features.accounts.deps import CurrentActor
from app.features.accounts.types import ANONYMOUS
from app.features.matches.deps import opened
from app.features.matches.service import Asking
from app.features.reports.negotiation import acceptable
from app.features.reports.schemas import ReportQuery
from app.features.reports.types import Form
from app.web.deps import ReadSession, RequestLanguage
from app.web.query import from_query

VARY = "Accept, Accept-Language, Authorization"

WantedReport = Annotated[ReportQuery, from_query(ReportQuery)]


async def _form(request: Request, query: WantedReport) -> Form:
    if query.format is not None:
        return query.format
    form = acceptable(",".join(request.headers.getlist("accept")))
    if form is None:
        raise HTTPException(406, headers={"Vary": VARY})
    return form


async def _asking(
    request: Request, session: ReadSession, actor: CurrentActor, language: RequestLanguage, query: WantedReport
) -> AbstractContextManager[Asking]:
    return opened(request, session, actor, query.lang or language)


async def _at_the_door(
    request: Request, session: ReadSession, lang: str | None = None
) -> AbstractContextManager[Asking]:
    # a link with an unknown language still opens: this page is for people
    language = negotiate(lang or request.headers.get("accept-language", ""))
    return opened(request, session, ANONYMOUS, language)


WantedForm = Annotated[Form, Depends(_form)]
ReportAsking = Annotated[Asking, Depends(_asking)]
AnybodyAsking = Annotated[Asking, Depends(_at_the_door)]
