"""What all pages for people share: their frame, their language, and what a browser may do with them.

Nothing inside a page runs or styles itself, and nothing comes from outside. Addresses in a page are relative, so that
it also works below a path of a larger site.
"""

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Request, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from app.core.text import Bilingual, Language, negotiate

_AFTER = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
POLICY: Final = f"default-src 'none'; style-src 'self'; img-src 'self' data:; {_AFTER}"
"""The `Content-Security-Policy` of a page to read."""
SCRIPTED_POLICY: Final = (
    f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; {_AFTER}"
)
"""That of a page with a script, which may ask this server. No form is sent by the browser itself."""

LANGUAGE_TAGS: Final[Mapping[str, str]] = {"zh": "zh-CN", "zh-Hant": "zh-Hant", "en": "en"}
"""Languages as HTML and HTTP name them."""
OTHER: Final[Mapping[Language, Language]] = {"zh": "en", "en": "zh"}

WORDS: Final[Mapping[str, Bilingual]] = {
    "brand": Bilingual("对接", "Duijie"),
    "tagline": Bilingual("产业供需对接平台", "Supply and demand, docked"),
    "skip": Bilingual("跳到正文", "Skip to the content"),
    "navigation": Bilingual("导航", "Navigation"),
    "colon": Bilingual("：", ": "),
    "other_language": Bilingual("English", "中文"),
}
"""The words of the frame."""

_FOLDER = files("app.web") / "templates"
BASE_STYLE: Final = (_FOLDER / "base.css").read_text("utf-8")
"""Begins the stylesheet of every page."""
ICON: Final = (_FOLDER / "icon.svg").read_text("utf-8")
ICON_PATH: Final = "favicon.ico"

_MEDIA_TYPES: Final[Mapping[str, str]] = {"css": "text/css", "js": "text/javascript"}


class Asset(NamedTuple):
    """A file that pages load.

    Attributes:
        path: named after the content, so that it may be kept for ever; without a slash before it.
        content: the text.
        media_type: what it is.
    """

    path: str
    content: str
    media_type: str


def asset(name: str, ending: str, content: str) -> Asset:
    """A file that pages load.

    Args:
        name: what it is for.
        ending: `css` or `js`.
        content: the text.
    """
    digest = sha256(content.encode()).hexdigest()[:12]
    return Asset(f"assets/{name}-{digest}.{ending}", content, _MEDIA_TYPES[ending])


def environment(package: str, stylesheet: Asset) -> Environment:
    """The templates of a feature, which extend `base.html`.

    Args:
        package: whose folder `templates` holds them.
        stylesheet: theirs.
    """
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("app.web")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(icon_path=ICON_PATH, stylesheet=stylesheet)
    return made


def page_language(request: Request) -> Language:
    """The language a page is asked for in: by its address, so that a link can be shared, or by what is read best.

    A link with an unknown language still opens: pages are for people.
    """
    return negotiate(request.query_params.get("lang") or request.headers.get("accept-language", ""))


def query(**parameters: object) -> str:
    """The end of an address."""
    return f"?{urlencode(parameters)}"


def page_response(html: str, language: Language, policy: str = POLICY) -> Response:
    """The answer that shows a page in the language it was asked for in."""
    headers = {
        "Content-Security-Policy": policy,
        "Content-Language": LANGUAGE_TAGS[language],
        "Vary": "Accept-Language",
    }
    return Response(html, media_type="text/html", headers=headers)


def asset_response(given: Asset) -> Response:
    """The answer that gives a file to a page."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(given.content, media_type=given.media_type, headers=headers)
