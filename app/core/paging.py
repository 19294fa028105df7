"""Keyset cursors: where a list stopped, as opaque text.

A cursor is the sort, the last row's sort value and its id, as JSON in URL-safe base64. It holds nothing secret and
is not signed: a forged one can only name another place in a list the caller may read anyway.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import Field

from app.core.errors import MalformedCursor
from app.core.schema import Schema

MAX_LIMIT = 200
DEFAULT_LIMIT = 20
_MAX_CURSOR = 2000

Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]
SortValue = datetime | str | int
Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    """One page of a list; `next_cursor` is null on the last one, `total` only given when asked for."""

    items: list[Item]
    next_cursor: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row seen: its value in the sorted column and its id."""

    sort: str
    value: SortValue
    id: UUID | str | int

    def encode(self) -> str:
        """The cursor as URL-safe text."""
        value = self.value.astimezone(UTC).isoformat() if isinstance(self.value, datetime) else self.value
        raw = json.dumps([self.sort, value, str(self.id)], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(
        cls,
        text: str,
        *,
        sort: str,
        value: Callable[[object], SortValue],
        key: Callable[[str], UUID | str | int] = UUID,
    ) -> "Cursor":
        """Read a cursor made for the same sort.

        Args:
            text: what `encode` gave.
            sort: the sort of the list now asked for.
            value: reads the sort value; raises ValueError or TypeError on anything else.
            key: reads the id; raises ValueError on anything else.

        Raises:
            MalformedCursor: it is not a cursor of this list and sort.
        """
        try:
            if len(text) > _MAX_CURSOR:
                raise ValueError
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            made_for, last, last_id = json.loads(raw)
            if made_for != sort:
                raise ValueError
            return cls(sort=sort, value=value(last), id=key(last_id))
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise MalformedCursor from error


def moment(value: object) -> datetime:
    """A sort value that is a time with its zone."""
    if not isinstance(value, str):
        raise TypeError
    parsed = datetime.fromisoformat(value)
    if parsed.tzinfo is None:
        raise ValueError
    return parsed.astimezone(UTC)


def words(value: object) -> str:
    """A sort value that is text."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    return value.encode().decode()
