"""The query parameters every list shares."""

from typing import Annotated, Literal

from pydantic import Field

from app.core.paging import DEFAULT_LIMIT, Limit
from app.core.schema import Plain, Schema
from app.db.keyset import Slice


class ListQuery(Schema):
    """Base of a list's query; a subclass adds its filters and narrows `sort` to what it allows."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Annotated[str, Field(max_length=2000), Plain] | None = None
    sort: str
    include: Annotated[Literal["total"] | None, Field(description="`total` also counts all rows.")] = None

    @property
    def wanted(self) -> Slice:
        """The page asked for."""
        return Slice(limit=self.limit, sort=self.sort, cursor=self.cursor, with_total=self.include == "total")
