"""What the routes of reports ask for."""

from typing import Annotated

from fastapi import HTTPException

from app.features.accounts.deps import current_actor, given
from app.features.accounts.types import ANONYMOUS, Scope
from app.features.matches.deps import asking
from app.features.matches.service import Asking
from app.features.reports.negotiation import acceptable
from app.features.reports.schemas import ReportQuery
from app.features.reports.types import Form
from app.web.deps import PERSON_HEADER, language
from app.web.pages import page_language
from app.web.query import from_query, read
from app.web.routing import Given, Visit

VARY = f"Accept, Accept-Language, Authorization, {PERSON_HEADER}"


def _form(visit: Visit) -> Form:
    query = read(visit.request, ReportQuery)
    if query.format is not None:
        return query.format
    form = acceptable(",".join(visit.request.headers.getlist("accept")))
    if form is None:
        raise HTTPException(406, headers={"Vary": VARY})
    return form


def _asking(visit: Visit, scope: Scope) -> Asking:
    actor = current_actor(visit, scope)  # first: whatever is wrong with the query is counted for whoever asks
    spoken = read(visit.request, ReportQuery).lang or language(visit.request)
    return asking(visit, actor, spoken)


def _at_the_door(visit: Visit) -> Asking:
    return asking(visit, ANONYMOUS, page_language(visit.request))


WantedReport = Annotated[ReportQuery, from_query(ReportQuery)]
WantedForm = Annotated[Form, Given(_form)]
ReportAsking = Annotated[Asking, given(_asking, Scope.MATCHES_READ, is_required=False)]
AnybodyAsking = Annotated[Asking, Given(_at_the_door)]
