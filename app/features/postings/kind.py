"""What tells one kind of posting from another, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from app.features.organizations.types import OrgRole
from app.features.postings import policy
from app.features.postings.models import PostingColumns
from app.features.postings.repository import PostingRepository
from app.features.postings.schemas import PostingContent, VisibilityLevels

RowT = TypeVar("RowT", bound=PostingColumns)
ContentT = TypeVar("ContentT", bound=PostingContent)


class Codes(NamedTuple):
    """The catalogue codes a content names, by the JSON pointers where it names them."""

    industries: Mapping[str, str | None]
    scenarios: Mapping[str, str | None]
    regions: Mapping[str, str | None]

    def below(self, pointer: str) -> "Codes":
        """The same codes in a content that lies deeper in the request."""
        return Codes(*({f"{pointer}{place}": code for place, code in codes.items()} for codes in self))


@dataclass(frozen=True)
class PostingKind(Generic[RowT, ContentT]):
    """One kind of posting.

    Args:
        name: its name in the change log.
        prefix: how its references begin.
        side: the role its organisation must hold.
        repository: its SQL.
        content: the schema of what its owner writes.
        budget_fields: the fields that the budget's visibility level covers.
        codes: the catalogue codes in a content.
        searched: the text that `q` searches.
    """

    name: str
    prefix: str
    side: OrgRole
    repository: type[PostingRepository[RowT]]
    content: type[ContentT]
    budget_fields: frozenset[str]
    codes: Callable[[ContentT], Codes]
    searched: Callable[[ContentT], str]

    def content_of(self, row: RowT) -> ContentT:
        """The content in a row."""
        levels = VisibilityLevels(identity=row.identity_level, details=row.details_level, budget=row.budget_level)
        fields = {name: getattr(row, name) for name in self.content.model_fields if name != "visibility"}
        return self.content(**fields, visibility=levels)

    def draft_of(self, row: RowT) -> ContentT:
        """The content that the next change starts from: the waiting revision, if there is one."""
        return self.content_of(row) if row.revision is None else self.content.model_validate(row.revision)

    def matched_content_of(self, row: RowT) -> ContentT:
        """The content in a row as it feeds the matcher."""
        return self.matched(self.content_of(row))

    def matched(self, content: ContentT) -> ContentT:
        """A content as it feeds the matcher.

        A budget that is closed to some who see the posting stays out: from a score that is explained to the last
        digit it could be read to the last yuan.
        """
        levels = content.visibility
        if policy.budget_is_open_to_readers(details=levels.details, budget=levels.budget):
            return content
        return content.model_copy(update=dict.fromkeys(self.budget_fields))


def columns_of(content: PostingContent) -> dict[str, Any]:
    """The columns of a content: lists as JSON documents, everything else as Python values."""
    document = content.model_dump(mode="json")
    values = content.model_dump(exclude={"visibility"})
    columns = {name: document[name] if isinstance(value, list) else value for name, value in values.items()}
    levels = content.visibility
    return {
        **columns,
        "identity_level": levels.identity,
        "details_level": levels.details,
        "budget_level": levels.budget,
    }
