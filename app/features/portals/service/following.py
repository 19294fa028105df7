"""Following what changes: the log in commit order, shown as the reader may see the records now.

The log says that something changed, never what; what is shown is read from the record itself, through the one place
that shows it elsewhere. So a reader is told of a change at least once and never of an older state than the last one it
was told, and changes of one record may come together in its newest.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import MalformedCursor
from app.core.paging import Cursor
from app.db import changes
from app.db.changes import Logged
from app.features.accounts.errors import KeyRequired, ScopeMissing
from app.features.accounts.types import Actor
from app.features.capabilities.service import CAPABILITIES
from app.features.needs.service import NEEDS
from app.features.organizations import service as organizations
from app.features.portals import policy
from app.features.portals.schemas import ChangeQuery
from app.features.portals.types import ChangeKind, ChangeType
from app.features.postings.bound import Postings
from app.features.postings.types import Standing

_SORT = "changes"
_POSTINGS: Mapping[ChangeKind, Postings[Any, Any, Any]] = {ChangeKind.NEED: NEEDS, ChangeKind.CAPABILITY: CAPABILITIES}
# Entries of the log looked at for one page: enough that few pages are empty, so few that none is slow.
_LOOKED_AT = (5, 100)

_Records = Mapping[UUID, Mapping[str, Any]]


class Told(NamedTuple):
    """A change as a reader may be told of it; `data` is None when the record has gone."""

    number: int
    kind: ChangeKind
    record_id: UUID
    at: datetime
    data: Mapping[str, Any] | None

    @property
    def type(self) -> ChangeType:
        """What to do with one's own copy."""
        return ChangeType.GONE if self.data is None else ChangeType.UPSERTED

    @property
    def shown(self) -> dict[str, Any]:
        """The members of a `ChangeEntry` but its cursor."""
        return {
            "kind": self.kind,
            "id": self.record_id,
            "type": self.type,
            "at": None if self.data is None else self.at,
            "reference": None if self.data is None else self.data.get("reference"),
            "version": None if self.data is None else self.data["version"],
            "data": self.data,
        }


def follow(*, session: Session, actor: Actor, query: ChangeQuery) -> dict[str, Any]:
    """One stretch of the feed, in a number of statements that does not grow with it: the members of `ChangePage`.

    Raises:
        KeyRequired: organisations are asked for without a key.
        MalformedCursor: the cursor was not given by this feed, or by one of another database.
        ScopeMissing: the key may not read the kind asked for.
    """
    kinds = _kinds(actor, query.kind)
    head = changes.revision(session)
    after = _read_cursor(session, query.cursor, head)
    looked_at = query.limit * _LOOKED_AT[0] + _LOOKED_AT[1]
    logged = changes.stretch(session, after=after, until=head, limit=looked_at, kinds=kinds)
    # where a full look ended; a look that was not full has seen everything
    until = logged[-1].number if len(logged) == looked_at else head
    known = _known(session, actor, _newest(logged))
    shown = known[: query.limit]
    if len(known) > query.limit:
        until = shown[-1][0].number
    end = next((one for one in logged if one.number == until), None) or changes.at(session, until)
    return {
        "items": [
            {"cursor": _cursor(one), **found.shown}
            for (one, _), found in zip(shown, _with_data(session, actor, shown), strict=True)
        ],
        "next_cursor": _cursor(end),
        "has_more": until < head,
    }


def told(*, session: Session, actor: Actor, kind: ChangeKind, record_id: UUID, at: datetime) -> Told | None:
    """One record that changed at some time, as an actor may be told of it now; None when it may not know of it."""
    if kind not in policy.kinds_open_to(actor):
        return None
    known = _known(session, actor, [Logged(0, kind, record_id, at)])
    return next(iter(_with_data(session, actor, known)), None)


def knowable(*, session: Session, actor: Actor, logged: Sequence[Logged]) -> list[Logged]:
    """The last change of each record in a stretch of the log that an actor may know of, in commit order."""
    return [one for one, _ in _known(session, actor, _newest(logged))]


def _kinds(actor: Actor, wanted: ChangeKind | None) -> Collection[ChangeKind]:
    open_to = policy.kinds_open_to(actor)
    if wanted is None:
        return open_to
    if wanted not in open_to:
        raise ScopeMissing(policy.READ[wanted]) if actor.is_known else KeyRequired
    return [wanted]


def _newest(logged: Sequence[Logged]) -> list[Logged]:
    """The last change of each record, in commit order."""
    last = {(one.kind, one.record_id): one for one in logged}
    return sorted(last.values())


def _known(session: Session, actor: Actor, logged: Sequence[Logged]) -> list[tuple[Logged, bool]]:
    """What of it the actor may know of, and whether it is seen now."""
    seen: dict[tuple[str, UUID], bool] = {}
    for kind, ids in _by_kind(logged).items():
        for standing in _standings(session, actor, kind, ids):
            seen[kind, standing.id] = standing.is_seen
    return [(one, seen[one.kind, one.record_id]) for one in logged if (one.kind, one.record_id) in seen]


def _standings(session: Session, actor: Actor, kind: ChangeKind, ids: Sequence[UUID]) -> Sequence[Standing]:
    if kind in _POSTINGS:
        return _POSTINGS[kind].standings(session=session, actor=actor, ids=ids)
    # organisations never go
    return [Standing(one, is_seen=True) for one in ids]


def _with_data(session: Session, actor: Actor, known: Sequence[tuple[Logged, bool]]) -> list[Told]:
    records = {
        kind: _summaries(kind)(session=session, actor=actor, ids=ids)
        for kind, ids in _by_kind([one for one, is_seen in known if is_seen]).items()
    }
    nothing: _Records = {}
    return [
        Told(
            one.number,
            ChangeKind(one.kind),
            one.record_id,
            one.at,
            # gone between the two looks is gone
            records.get(ChangeKind(one.kind), nothing).get(one.record_id),
        )
        for one, _ in known
    ]


def _summaries(kind: ChangeKind) -> Callable[..., _Records]:
    return _POSTINGS[kind].summaries if kind in _POSTINGS else organizations.summaries


def _by_kind(logged: Sequence[Logged]) -> dict[ChangeKind, list[UUID]]:
    found: dict[ChangeKind, list[UUID]] = {}
    for one in logged:
        found.setdefault(ChangeKind(one.kind), []).append(one.record_id)
    return found


def _cursor(end: Logged | None) -> str:
    return Cursor(_SORT, 0, "").encode() if end is None else Cursor(_SORT, end.number, end.mark).encode()


def _read_cursor(session: Session, text: str | None, head: int) -> int:
    if text is None:
        return 0
    read = Cursor.decode(text, sort=_SORT, value=_number, key=str)
    number = int(str(read.value))
    if number == 0 and read.id == "":
        return 0
    # a database that was restored from a copy gives the same numbers to other changes
    entry = changes.at(session, number) if number <= head else None
    if entry is None or entry.mark != read.id:
        raise MalformedCursor
    return number


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError
    return value
