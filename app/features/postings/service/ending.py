"""What ends by itself, without anybody's doing."""

from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session

from app.db import changes
from app.features.postings.kind import PostingKind
from app.features.postings.models import PostingColumns
from app.features.postings.schemas import PostingContent

RowT = TypeVar("RowT", bound=PostingColumns)
ContentT = TypeVar("ContentT", bound=PostingContent)


def note_ended(kind: PostingKind[RowT, ContentT], *, session: Session, after: date, until: date) -> int:
    """Note as changed what was published and is no longer valid, so that whoever follows learns of it.

    Args:
        kind: need or capability.
        session: writes.
        after: validity that ended on this day or before was noted earlier.
        until: the last day that is over.
    """
    ended = kind.repository(session).list_ended(after=after, until=until)
    for posting_id in ended:
        changes.record(session, kind=kind.name, record_id=posting_id)
    return len(ended)
