"""The append-only log of who did what: each entry carries the hash of the one before it.

Notes are written when the transaction ends, in the order of one counter, so the log holds what was committed and
nothing else. The database itself refuses to change or delete an entry; whoever goes round that breaks the chain.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Index, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.trail import By, Source
from app.db import counters
from app.db.base import Base
from app.db.noted import Noted
from app.db.types import Id, Json, Moment

_COUNTER = "audit"
_SOURCE = "duijie_source"
_BATCH = 1_000
_MAX_WHOLE = 2**53
BEGINNING = "0" * 64
"""What the first entry carries in place of a hash."""


class AuditEntry(Base):
    """One act: what, to what, by whom, from where. `detail` names what changed, never a secret or a content."""

    __tablename__ = "audit_entries"
    # each filter of the list finds its entries in the order of the list
    __table_args__ = tuple(
        Index(f"ix_audit_entries_{name}_number", name, "number")
        for name in ("action", "subject_kind", "subject_id", "key_id", "person_id", "portal_id")
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    action: Mapped[str] = mapped_column(String(32))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[UUID | None] = mapped_column(Id)
    role: Mapped[str | None] = mapped_column(String(32))
    organization_id: Mapped[UUID | None] = mapped_column(Id)
    key_id: Mapped[UUID | None] = mapped_column(Id)
    person_id: Mapped[UUID | None] = mapped_column(Id)
    portal_id: Mapped[UUID | None] = mapped_column(Id)
    address: Mapped[str | None] = mapped_column(String(64))
    request_id: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Broken(NamedTuple):
    """The first entry at which the log is not what was written, and how.

    `missing`: there is none · `changed`: its hash is not of what it holds · `unlinked`: it does not follow the one
    before it · `added`: nobody gave out its number · `unexpected`: its hash is not the one that was kept elsewhere.
    """

    number: int
    how: str


class _Note(NamedTuple):
    action: str
    subject_kind: str
    subject_id: UUID | None
    by: By
    detail: Mapping[str, Any]


_NOTED: Noted[_Note] = Noted("audit")
_COLUMNS = AuditEntry.__table__.c
_HASHED = tuple(column.name for column in _COLUMNS if column.name != "hash")


def come_from(session: Session, source: Source) -> None:
    """Say where what this session does comes from."""
    session.info[_SOURCE] = source


def note(
    session: Session,
    *,
    action: str,
    by: By,
    subject: tuple[str, UUID | None],
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Note an act; the note is written when the transaction ends, of a session that reads before its answer leaves.

    Args:
        session: of the act.
        action: a noun and a verb, as `key.issue`.
        by: who acts.
        subject: the kind and id of what it is done to.
        detail: what changed: codes, whole numbers and names of fields only.

    Raises:
        TypeError: the detail holds what a database might give back in another form.
    """
    kind, subject_id = subject
    _NOTED.of(session).append(_Note(action, kind, subject_id, by, _plain(detail or {})))


def is_noted(session: Session) -> bool:
    """Whether there are notes to write."""
    return bool(_NOTED.of(session))


def move(reader: Session, writer: Session) -> None:
    """Hand the notes of a session that reads to one that writes."""
    _NOTED.of(writer).extend(_NOTED.take(reader))


def write(session: Session) -> None:
    """Write what was noted. Called right before the commit and nowhere else: from here on other writers wait."""
    noted = _NOTED.take(session)
    if not noted:
        return
    last = counters.take(session, _COUNTER, len(noted))
    first = last - len(noted) + 1
    previous = session.scalar(select(_COLUMNS.hash).where(_COLUMNS.number == first - 1)) or BEGINNING
    source: Source = session.info.get(_SOURCE, Source())
    moment = now()
    rows = []
    for number, one in enumerate(noted, start=first):
        row = {
            "number": number,
            "at": moment,
            "action": one.action,
            "subject_kind": one.subject_kind,
            "subject_id": one.subject_id,
            **one.by._asdict(),
            **source._asdict(),
            "detail": one.detail,
            "previous_hash": previous,
        }
        previous = row["hash"] = hash_of(row)
        rows.append(row)
    session.execute(insert(AuditEntry), rows)


def hash_of(row: Mapping[str, Any]) -> str:
    """The hash of an entry: SHA-256 over everything in it, the hash before it included.

    What is empty is left out, so that a column of a later release changes no hash of an earlier one.
    """
    content = {name: row[name] for name in _HASHED if row[name] is not None}
    written = orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
    return hashlib.sha256(written).hexdigest()


def head(session: Session) -> tuple[int, str]:
    """The number and hash of the last entry; 0 and `BEGINNING` when there is none."""
    row = session.execute(select(_COLUMNS.number, _COLUMNS.hash).order_by(_COLUMNS.number.desc()).limit(1)).first()
    return (row.number, row.hash) if row else (0, BEGINNING)


def verify(session: Session, *, expected: tuple[int, str] | None = None) -> Broken | None:
    """Read the whole log and give the first place at which it is not what was written; None if it is whole.

    What is cut off or added at the end shows by the counter. Whoever can rewrite the entries, the counter and all
    hashes after it shows only against a head that was kept elsewhere. Memory does not grow with the log, and entries
    may be written meanwhile.

    Args:
        session: reads.
        expected: the number and hash of an entry, as they were kept elsewhere.
    """
    last = 0

    def passing() -> Iterator[Mapping[str, Any]]:
        nonlocal last
        for entry in _all(session):
            last = entry["number"]
            yield entry

    broken = first_broken(passing())
    if broken is not None:
        return broken
    # read in this order: what is written meanwhile takes its number and writes its entry in one transaction
    given_out = counters.last(session, _COUNTER)
    if last > given_out:
        return Broken(given_out + 1, "added")
    end, _ = head(session)
    if end < given_out:
        return Broken(end + 1, "missing")
    if expected is None:
        return None
    number, kept = expected
    found = session.scalar(select(_COLUMNS.hash).where(_COLUMNS.number == number)) if number else BEGINNING
    if found == kept:
        return None
    return Broken(number, "missing" if found is None else "unexpected")


def first_broken(entries: Iterable[Mapping[str, Any]]) -> Broken | None:
    """The first place at which entries, in the order of their numbers, are no chain from 1 on."""
    previous = BEGINNING
    for expected, entry in enumerate(entries, start=1):
        if entry["number"] < expected:
            return Broken(entry["number"], "added")
        if entry["number"] > expected:
            return Broken(expected, "missing")
        if entry["hash"] != hash_of(entry):
            return Broken(expected, "changed")
        if entry["previous_hash"] != previous:
            return Broken(expected, "unlinked")
        previous = entry["hash"]
    return None


def _all(session: Session) -> Iterator[Mapping[str, Any]]:
    # from the very first, whatever its number: one below 1 is found too
    batch = select(*_COLUMNS).order_by(_COLUMNS.number).limit(_BATCH)
    rows = session.execute(batch).mappings().all()
    while rows:
        yield from (dict(row) for row in rows)
        rows = session.execute(batch.where(_COLUMNS.number > rows[-1]["number"])).mappings().all()


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """JSON that both databases give back as it was; a fraction or a huge number may come back in another form."""
    match value:
        case None | bool():
            return value
        case int() if abs(value) <= _MAX_WHOLE:
            return int(value)
        case str():
            return str(value)
        case Mapping():
            return {str(name): _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
    raise TypeError(f"no detail of an audit entry: {type(value).__name__}")
