"""The pages that links in mails lead to: the same for everybody, for the key does not reach the server with them."""

from functools import cache, partial
from importlib.resources import files
from typing import Final

from jinja2 import Environment

from app.core.text import Language
from app.features.people.mails import RESET_MINUTES
from app.features.people.passwords import MIN_LENGTH
from app.features.people.types import LinkKind
from app.features.people.wording import WORDS
from app.web import pages
from app.web.pages import BASE_STYLE, LANGUAGE_TAGS, OTHER, SCRIPTED_POLICY, asset, environment, query

_PACKAGE = "app.features.people"
_FOLDER = files(_PACKAGE) / "templates"
STYLESHEET: Final = asset("password", "css", BASE_STYLE + (_FOLDER / "password.css").read_text("utf-8"))
SCRIPT: Final = asset("password", "js", (_FOLDER / "password.js").read_text("utf-8"))
# whatever the script does, it can make no markup of a text
POLICY: Final = f"{SCRIPTED_POLICY}; require-trusted-types-for 'script'; trusted-types 'none'"

_ALL_WORDS = {**pages.WORDS, **WORDS}
_ANSWERED_AT = {LinkKind.INVITATION: "v1/invitations/accept", LinkKind.PASSWORD_RESET: "v1/password-resets/complete"}


@cache
def password_page(kind: LinkKind, language: Language) -> str:
    """The page on which a password is set by a link.

    Args:
        kind: what the link is for.
        language: of all that is said.
    """
    other = OTHER[language]
    return (
        _environment()
        .get_template("password.html")
        .render(
            say=partial(_said, language),
            root="",
            tag=LANGUAGE_TAGS[language],
            other_tag=LANGUAGE_TAGS[other],
            other_address=query(lang=other),
            kind=kind.value,
            address=_ANSWERED_AT[kind],
            script=SCRIPT,
            min_length=MIN_LENGTH,
            minutes=RESET_MINUTES,
        )
    )


def _said(language: Language, key: str, **values: object) -> str:
    return _ALL_WORDS[key].said_in(language).format(**values)


@cache
def _environment() -> Environment:
    return environment(_PACKAGE, STYLESHEET)
