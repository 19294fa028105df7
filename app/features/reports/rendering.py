"""Reports and the first page as HTML: no scripts, nothing from outside, one stylesheet."""

from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment

from app.features.matches.service import EXCLUDED_SHOWN
from app.features.reports import presenting
from app.features.reports.formatting import Speech
from app.features.reports.schemas import FrontPage, ReportRead
from app.web.pages import BASE_STYLE, LANGUAGE_TAGS, OTHER, asset, environment, query

_PACKAGE = "app.features.reports"
_OWN_STYLE = (files(_PACKAGE) / "templates" / "reports.css").read_text("utf-8")
STYLESHEET: Final = asset("reports", "css", BASE_STYLE + _OWN_STYLE)
_UP_FROM_REPORT = "../../../"


def report_page(report: ReportRead, *, limit: int) -> str:
    """A report as a page of the site.

    Args:
        report: what to show.
        limit: as it was asked for, so that the links to other forms ask for the same.
    """
    links = {
        "other_language": query(limit=limit, format="html", lang=OTHER[report.language]),
        "as_json": query(limit=limit, format="json", lang=report.language),
    }
    return _report(report, root=_UP_FROM_REPORT, links=links)


def report_file(report: ReportRead) -> str:
    """A report as a file that stands alone."""
    return _report(report, root=None, links={})


def front_page(page: FrontPage) -> str:
    """The first page."""
    speech = Speech(page.language, page.names)
    return _rendered("page.html", speech, root="", page=page, other_address=query(lang=OTHER[page.language]))


def _report(report: ReportRead, *, root: str | None, links: dict[str, str]) -> str:
    speech = Speech(report.language, report.names)
    return _rendered(
        "report.html",
        speech,
        root=root,
        links=links,
        report=report,
        ranking=report.ranking,
        posting=report.posting,
        facts=presenting.facts(report.posting, speech),
        explained=presenting.explained(report),
    )


def _rendered(template: str, speech: Speech, **values: object) -> str:
    common = {"tag": speech.tag, "other_tag": LANGUAGE_TAGS[OTHER[speech.language]]}
    return _environment().get_template(template).render(speech=speech, say=speech.say, **common, **values)


@cache
def _environment() -> Environment:
    made = environment(_PACKAGE, STYLESHEET)
    made.globals.update(
        excluded_shown=EXCLUDED_SHOWN,
        language_tags=LANGUAGE_TAGS,
        pieces=presenting.pieces,
        silent_signals=presenting.silent_signals,
        tail=presenting.TAIL,
    )
    return made
