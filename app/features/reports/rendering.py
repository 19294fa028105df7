"""Reports and the first page as HTML: no scripts, nothing from outside, one stylesheet."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from app.core.text import Language
from app.features.matches.service import EXCLUDED_SHOWN
from app.features.reports import presenting
from app.features.reports.formatting import LANGUAGE_TAGS, Speech
from app.features.reports.schemas import FrontPage, ReportRead

_FOLDER = files("app.features.reports") / "templates"

STYLESHEET: Final = (_FOLDER / "reports.css").read_text("utf-8")
STYLESHEET_PATH: Final = f"assets/reports-{sha256(STYLESHEET.encode()).hexdigest()[:12]}.css"
"""Named after its content, so that it may be kept for ever."""

ICON: Final = (_FOLDER / "icon.svg").read_text("utf-8")
ICON_PATH: Final = "favicon.ico"

_OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}
_UP_FROM_REPORT = "../../../"


def report_page(report: ReportRead, *, limit: int) -> str:
    """A report as a page of the site.

    Args:
        report: what to show.
        limit: as it was asked for, so that the links to other forms ask for the same.
    """
    links = {
        "other_language": _query(limit=limit, format="html", lang=_OTHER[report.language]),
        "as_json": _query(limit=limit, format="json", lang=report.language),
    }
    return _report(report, root=_UP_FROM_REPORT, links=links)


def report_file(report: ReportRead) -> str:
    """A report as a file that stands alone."""
    return _report(report, root=None, links={})


def front_page(page: FrontPage) -> str:
    """The first page."""
    speech = Speech(page.language, page.names)
    return _rendered("page.html", speech, root="", page=page, other_language=_query(lang=_OTHER[page.language]))


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
    return _environment().get_template(template).render(speech=speech, say=speech.say, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("app.features.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        excluded_shown=EXCLUDED_SHOWN,
        icon_path=ICON_PATH,
        language_tags=LANGUAGE_TAGS,
        pieces=presenting.pieces,
        silent_signals=presenting.silent_signals,
        stylesheet=STYLESHEET,
        stylesheet_path=STYLESHEET_PATH,
        tail=presenting.TAIL,
    )
    return environment


def _query(**parameters: object) -> str:
    return f"?{urlencode(parameters)}"
