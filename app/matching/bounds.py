"""Words that set the bounds of a figure, in normalised text."""

import re

from app.matching.documents import Operator

# Bounds that are put as a denial, which denies nothing.
DENIED_MORE = (
    r"不(?:得|能|可|应|要|会|允许)?(?:超过|高于|大于|多于|长于|超出)"
    r"|\b(?:not|never) (?:to )?exceed(?:s|ing)?\b|\b(?:no|not) (?:more|longer|greater|higher|later|slower) than\b"
)
DENIED_LESS = (
    r"不(?:得|能|可|应|要|会|允许)?(?:低于|少于|小于|短于)|\b(?:no|not) (?:less|fewer|lower|shorter|faster) than\b"
)

_AT_LEAST = (
    rf"{DENIED_LESS}|≥|>=?|至少|最少|超过|高于|大于|多于"
    r"|\b(?:at least|over|above|more than|greater than|higher than|exceed(?:s|ing)?|minimum(?: of)?|a minimum of)"
)
_AT_MOST = (
    rf"{DENIED_MORE}|≤|<=?|至多|最多|不到|低于|小于|少于|短于|控制在|±|\+/-"
    r"|\b(?:at most|under|below|within|less than|lower than|fewer than|maximum(?: of)?|a maximum of)"
)
_OR_MORE = re.compile(r"\s*(?:及|或)?以上|\s*or (?:more|better|higher|above|over)\b")
_OR_LESS = re.compile(r"\s*(?:及|或)?(?:以[内下]|之内|内(?![部置径孔壁外容存网]))|\s*or (?:less|lower|below|under)\b")

# Verbs of change, which with 至 or `to` lead to a level and without them tell the size of the change.
FALLS = r"降低?|下降|减少?|缩[短减]|压[缩降]"
RISES = r"提[升高]|上升|升|增[加长]?"
ABOUT = r"(?:了|约|近|大约|平均|仅|只|已|\babout|\baround|\bnearly|\ban average of|\bsome|\bonly)?\s*"

_GIVEN = (
    r"能?最?[高低快大小]?可?达到?|[优好]于|[为是在=:至到]"
    r"|\b(?:up to|better than|to|reach\w*|achiev\w*|is|are|of|at)|"
)
_WORDS: tuple[tuple[str, Operator, bool], ...] = (
    (_AT_LEAST, ">=", True),
    (_AT_MOST, "<=", True),
    (rf"(?:{RISES})[至到为]|\b(?:raise[sd]?|increase[sd]?|improve[sd]?|rises?) to", ">=", False),
    (rf"(?:{FALLS})[至到为]|\b(?:reduce[sd]?|cuts?|lower(?:s|ed)?|shorten(?:s|ed)?|down) to", "<=", False),
    (_GIVEN, "=", False),
)
_BEFORE = tuple((re.compile(rf"(?:{words})\s*{ABOUT}$"), operator, firm) for words, operator, firm in _WORDS)


def bound_before(lead: str) -> tuple[Operator, bool, str]:
    """Read the bound in the words before a figure.

    Args:
        lead: The text up to the figure.

    Returns:
        The operator, "=" for a figure that is given or reached; whether it is a firm bound; and the words that set it,
        the longest that do, so that 不超过 is not read as 超过.
    """
    found = [(match, operator, firm) for pattern, operator, firm in _BEFORE if (match := pattern.search(lead))]
    match, operator, firm = min(found, key=lambda one: one[0].start())
    return operator, firm, match.group()


def bound_after(rest: str) -> tuple[Operator, int] | None:
    """Read the bound in the words after a figure, and where they end; None if there is none."""
    if more := _OR_MORE.match(rest):
        return ">=", more.end()
    if less := _OR_LESS.match(rest):
        return "<=", less.end()
    return None
