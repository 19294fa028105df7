"""Which form a reader gets (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from app.features.reports.types import Form

MEDIA_TYPES: Mapping[Form, str] = {"json": "application/json", "html": "text/html"}
"""In order of preference: between equals, the first is given."""

_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


class _Liking(NamedTuple):
    """How much a form is wanted; between equal qualities the type that was named outright wins over a wildcard."""

    quality: float
    specificity: int


def acceptable(accept: str) -> Form | None:
    """The form an Accept header asks for; None when it takes neither.

    Args:
        accept: the header; empty when there was none, which takes anything.
    """
    ranges = [_media_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    likings = {form: _liking(media_type, ranges) for form, media_type in MEDIA_TYPES.items()}
    best = max(likings, key=lambda form: likings[form])
    return best if likings[best].quality > 0 else None


def _liking(media_type: str, ranges: list[tuple[str, float]]) -> _Liking:
    # the most specific range that covers a type decides, even against a wildcard with a higher quality
    main = media_type.partition("/")[0]
    for specificity, wanted in ((3, media_type), (2, f"{main}/*"), (1, "*/*")):
        qualities = [quality for name, quality in ranges if name == wanted]
        if qualities:
            return _Liking(max(qualities), specificity)
    return _Liking(0.0, 0)


def _media_range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    given = dict(parameter.partition("=")[::2] for parameter in parameters)
    quality = given.get("q", "1")
    return name, float(quality) if _QUALITY.fullmatch(quality) else 0.0
