"""Reports and the first page over HTTP."""

from typing import Any

from fastapi import Response

from app.features.postings.routes import PostingPath
from app.features.reports import rendering, service
from app.features.reports.deps import VARY, AnybodyAsking, ReportAsking, WantedForm, WantedReport
from app.features.reports.schemas import ReportRead
from app.features.reports.types import Form
from app.web.encoding import encoded
from app.web.pages import ICON, ICON_PATH, LANGUAGE_TAGS, asset_response, page_response
from app.web.problems import problems
from app.web.routing import Router

_FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report, as JSON or as a page.",
        "content": {"text/html": {"schema": {"type": "string"}}},
        "headers": {"Vary": {"schema": {"type": "string"}, "description": VARY}},
    },
    **problems(401, 404, 406),
}

router = Router()


@router.get("/v1/needs/{posting_id}/report", response_model=ReportRead, responses=_RESPONSES, tags=["reports"])
def get_need_report(posting_id: PostingPath, query: WantedReport, form: WantedForm, asking: ReportAsking) -> Response:
    """Read a need with the capabilities for it and why, as JSON or as a page that prints."""
    return _answer(service.report_need(asking, need_id=posting_id, limit=query.limit), form, query.limit)


@router.get("/v1/capabilities/{posting_id}/report", response_model=ReportRead, responses=_RESPONSES, tags=["reports"])
def get_capability_report(
    posting_id: PostingPath, query: WantedReport, form: WantedForm, asking: ReportAsking
) -> Response:
    """Read a capability with the needs it suits and why, as JSON or as a page that prints."""
    return _answer(service.report_capability(asking, capability_id=posting_id, limit=query.limit), form, query.limit)


@router.get("/", include_in_schema=False)
def get_front_page(asking: AnybodyAsking) -> Response:
    """Show what this is, how much is in it, and the newest needs."""
    page = service.front_page(asking)
    return page_response(rendering.front_page(page), page.language)


@router.get(f"/{rendering.STYLESHEET.path}", include_in_schema=False)
async def get_stylesheet() -> Response:
    """Give the stylesheet of reports and the first page."""
    return asset_response(rendering.STYLESHEET)


@router.get(f"/{ICON_PATH}", include_in_schema=False)
async def get_icon() -> Response:
    """Give the icon browsers ask for by themselves."""
    return Response(ICON, media_type="image/svg+xml", headers=_FOR_A_DAY)


def _answer(report: ReportRead, form: Form, limit: int) -> Response:
    if form == "json":
        response = encoded(report)
        response.headers["Content-Language"] = LANGUAGE_TAGS[report.language]
    else:
        response = page_response(rendering.report_page(report, limit=limit), report.language)
    response.headers["Vary"] = VARY
    return response
