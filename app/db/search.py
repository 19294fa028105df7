"""Text search that is the same on both databases: every word somewhere in the text."""

import unicodedata

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

_ESCAPE = "\\"


def folded(text: str) -> str:
    """Text as it is stored and searched: one width, one case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def contains_words(column: InstrumentedAttribute[str], query: str) -> ColumnElement[bool]:
    """Rows whose folded text contains every word of a query, each as it stands."""
    return and_(*(column.contains(word, autoescape=True, escape=_ESCAPE) for word in folded(query).split()))
