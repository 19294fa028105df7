"""Text search that is the same on both databases: every word somewhere in the text."""

import unicodedata

from sqlalchemy import ColumnElement, and_, true

from app.db.keyset import KeyColumn

_ESCAPE = "\\"


def folded(text: str) -> str:
    """Text as it is stored and searched: one width, one case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def contains_words(column: KeyColumn, query: str) -> ColumnElement[bool]:
    """Rows whose folded text contains every word of a query, each as it stands."""
    return and_(true(), *(column.contains(word, autoescape=True, escape=_ESCAPE) for word in folded(query).split()))
