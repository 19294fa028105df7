"""The log holds what was committed and nothing else, in one chain, and shows whatever was done to it since."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.core.trail import By, Source
from app.db import audit, counters
from app.db.audit import BEGINNING, AuditEntry, Broken
from app.db.counters import Counter
from app.db.upsert import insert_for
from app.features.accounts.types import Role

_COLUMNS = AuditEntry.__table__.c
_BY = By(Role.OPERATOR, uuid4(), uuid4(), uuid4(), uuid4())


def _note(session, number=0, **others):
    details = {"action": "thing.do", "by": _BY, "subject": ("thing", UUID(int=number))}
    audit.note(session, **details | others)


def _entries(database):
    with database.read_session() as session:
        return [dict(row) for row in session.execute(select(*_COLUMNS).order_by(_COLUMNS.number)).mappings()]


def _verify(database, **expected):
    with database.read_session() as session:
        return audit.verify(session, **expected)


@pytest.fixture
def written(database):
    """A database with ten entries."""
    for number in range(10):
        with database.write_session(Source("203.0.113.9", f"call-{number}")) as session:
            _note(session, number, detail={"role": Role.MEMBER, "fields": ["a", "b"], "count": number, "none": None})
    return database


@pytest.fixture
def tamper(written):
    """`with tamper() as session`: as somebody who may do everything to the database does it."""

    def open_up():
        with written.write_session() as session:
            if written.is_sqlite:
                for act in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER audit_entries_no_{act}"))
            else:
                session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only"))
        return written.write_session()

    return open_up


def test_an_entry_says_who_did_what_to_what_and_from_where(written):
    first = _entries(written)[0]
    assert first.pop("hash") == audit.hash_of({**first})
    assert first.pop("at") <= datetime.now(UTC)
    assert first == {
        "number": 1, "action": "thing.do", "subject_kind": "thing", "subject_id": UUID(int=0), **_BY._asdict(),
        "address": "203.0.113.9", "request_id": "call-0", "previous_hash": BEGINNING,
        "detail": {"role": "member", "fields": ["a", "b"], "count": 0, "none": None},
    }  # fmt: skip


def test_a_log_as_it_was_written_is_whole(written):
    assert _verify(written) is None
    with written.read_session() as session:
        number, last = audit.head(session)
    assert (number, last) == (10, _entries(written)[-1]["hash"])
    assert _verify(written, expected=(number, last)) is None
    assert _verify(written, expected=(4, _entries(written)[3]["hash"])) is None
    assert _verify(written, expected=(0, BEGINNING)) is None


def test_an_empty_log_is_whole(database):
    assert _verify(database) is None
    with database.read_session() as session:
        assert audit.head(session) == (0, BEGINNING)


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)],
    ids=["whole second", "microsecond"],
)
@pytest.mark.parametrize("by", [By(), By(role=Role.ADMINISTRATOR), _BY], ids=["nobody", "the server", "a person"])
def test_what_comes_back_has_the_same_hash(database, monkeypatch, moment, by):
    monkeypatch.setattr(audit, "now", lambda: moment)
    detail = {"z": 1, "a": [2**53, -(2**53), 0, True, None], "文": {"é": "🙂", "A": "", "aa": '"\\'}, "b": ()}
    with database.write_session() as session:
        _note(session, by=by, subject=("thing", None), detail=detail)
    assert _verify(database) is None
    assert _entries(database)[0]["at"] == moment


@pytest.mark.parametrize(
    "value", [0.5, 1e16, 2**53 + 1, float("nan"), uuid4(), datetime.now(UTC), b"x", {1, 2}, object()]
)
def test_what_may_come_back_changed_is_no_detail(database, value):
    with database.write_session() as session:
        with pytest.raises(TypeError, match=type(value).__name__):
            _note(session, detail={"list": [value]})
        assert not audit.is_noted(session)


def test_entries_of_eight_writers_at_once_are_one_chain(database):
    def write(writer):
        for number in range(12):
            with database.write_session(Source(None, f"{writer}-{number}")) as session:
                for _ in range(1 + number % 3):
                    _note(session, writer)

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(8)))
    entries = _entries(database)
    assert [entry["number"] for entry in entries] == list(range(1, 8 * 24 + 1))
    assert len({entry["request_id"] for entry in entries}) == 8 * 12
    assert _verify(database) is None


def test_a_log_may_grow_while_it_is_read(written, monkeypatch):
    monkeypatch.setattr(audit, "_BATCH", 3)
    last = counters.last

    def written_meanwhile(session, name):
        with written.write_session() as writer:
            _note(writer)
        return last(session, name)

    monkeypatch.setattr(counters, "last", written_meanwhile)
    assert _verify(written) is None


def test_what_is_rolled_back_leaves_no_entry(written):
    def fail():
        with written.write_session() as session:
            _note(session)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert len(_entries(written)) == 10
    assert _verify(written) is None


def test_what_is_taken_back_to_a_savepoint_leaves_no_entry(database):
    with database.write_session() as session:
        _note(session, 1)
        back = session.begin_nested()
        _note(session, 2)
        with session.begin_nested():
            _note(session, 3)
        back.rollback()
        with session.begin_nested():
            _note(session, 4)
        _note(session, 5)
    assert [entry["subject_id"].int for entry in _entries(database)] == [1, 4, 5]
    assert _verify(database) is None


@pytest.mark.parametrize("by", ["statement", "TRUNCATE"])
def test_the_database_refuses_to_change_or_delete(written, by):
    refused = [update(AuditEntry).values(action="a.b"), delete(AuditEntry).where(_COLUMNS.number == 10)]
    if by == "TRUNCATE":
        if written.is_sqlite:
            return
        refused = [text("TRUNCATE audit_entries")]
    before = _entries(written)
    for statement in refused:
        with written.write_session() as session, session.begin_nested() as part:
            with pytest.raises(DBAPIError, match="append-only"):
                session.execute(statement)
            part.rollback()
    assert _entries(written) == before


@pytest.mark.parametrize(
    "how", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE", "by the row's own number", "upsert"]
)
def test_the_database_refuses_to_replace(written, how):
    entry = {**_entries(written)[3], "action": "thing.undo"}
    statement = insert(AuditEntry).values(entry)
    match how:
        case "INSERT OR REPLACE" | "INSERT OR IGNORE":
            statement = statement.prefix_with(how.removeprefix("INSERT "), dialect="sqlite")
        case "by the row's own number":
            if not written.is_sqlite:
                return
            columns = ", ".join(f'"{one.name}"' for one in _COLUMNS if one.name != "number")
            statement = text(
                f"INSERT OR REPLACE INTO audit_entries (rowid, number, {columns}) "  # noqa: S608 - names of columns
                f"SELECT rowid, 11, {columns} FROM audit_entries WHERE number = 4"
            )
        case "upsert":
            with written.read_session() as session:
                dialects_own = insert_for(session)(AuditEntry).values(entry)
            statement = dialects_own.on_conflict_do_update(index_elements=[_COLUMNS.number], set_={"action": "a.b"})
    before = _entries(written)
    with written.write_session() as session, session.begin_nested() as part:
        with pytest.raises(DBAPIError, match=r"append-only|pk_audit_entries"):
            session.execute(statement)
        part.rollback()
    assert _entries(written) == before
    assert _verify(written) is None


_OTHER = {
    "at": datetime(2020, 1, 1, tzinfo=UTC), "action": "thing.undo", "subject_kind": "other", "subject_id": None,
    "role": "member", "organization_id": uuid4(), "key_id": None, "person_id": uuid4(), "portal_id": None,
    "address": None, "request_id": "call-9", "detail": {"count": 5}, "previous_hash": BEGINNING, "hash": BEGINNING,
}  # fmt: skip


@pytest.mark.parametrize("column", sorted(_OTHER))
def test_a_changed_entry_is_found(written, tamper, column):
    assert set(_OTHER) == {one.name for one in _COLUMNS} - {"number"}
    with tamper() as session:
        session.execute(update(AuditEntry).where(_COLUMNS.number == 4).values({column: _OTHER[column]}))
    assert _verify(written) == Broken(4, "changed")


def test_a_changed_entry_with_its_hash_made_anew_is_found_by_the_next(written, tamper):
    entry = _entries(written)[3] | {"action": "thing.undo"}
    with tamper() as session:
        anew = {"action": "thing.undo", "hash": audit.hash_of(entry)}
        session.execute(update(AuditEntry).where(_COLUMNS.number == 4).values(anew))
    assert _verify(written) == Broken(5, "unlinked")


@pytest.mark.parametrize("number", [1, 5, 10])
def test_a_deleted_entry_is_found(written, tamper, number):
    with tamper() as session:
        session.execute(delete(AuditEntry).where(_COLUMNS.number == number))
    assert _verify(written) == Broken(number, "missing")


@pytest.mark.parametrize("left", [0, 7])
def test_an_end_cut_off_is_found(written, tamper, left):
    with tamper() as session:
        session.execute(delete(AuditEntry).where(_COLUMNS.number > left))
    assert _verify(written) == Broken(left + 1, "missing")
    with written.write_session() as session:  # and stays found when the log goes on
        _note(session)
    assert _verify(written) == Broken(left + 1, "missing")


def test_two_entries_in_exchanged_places_are_found(written, tamper):
    with tamper() as session:
        for old, new in ((4, 99), (5, 4), (99, 5)):
            session.execute(update(AuditEntry).where(_COLUMNS.number == old).values(number=new))
    assert _verify(written) == Broken(4, "changed")


@pytest.mark.parametrize("number", [11, 0, -5])
def test_an_entry_nobody_wrote_is_found(written, number):
    entries = _entries(written)
    entry = entries[-1] | {"number": number, "previous_hash": entries[-1]["hash"] if number > 0 else BEGINNING}
    entry["hash"] = audit.hash_of(entry)
    with written.write_session() as session:
        session.execute(insert(AuditEntry), [entry])
    assert _verify(written) == Broken(number, "added")


def test_an_entry_put_between_two_is_found(written, tamper):
    entry = _entries(written)[4] | {"subject_id": uuid4()}
    with tamper() as session:
        for number in range(10, 4, -1):
            session.execute(update(AuditEntry).where(_COLUMNS.number == number).values(number=number + 1))
        session.execute(insert(AuditEntry), [entry | {"hash": audit.hash_of(entry)}])
        session.execute(update(Counter).where(Counter.name == "audit").values(value=11))
    assert _verify(written) == Broken(6, "changed")


def test_a_log_made_anew_as_a_whole_shows_against_a_head_kept_elsewhere(written, tamper):
    with written.read_session() as session:
        kept = audit.head(session)
    entries = _entries(written)[:9]
    previous = BEGINNING
    for entry in entries:
        entry["address"] = "192.0.2.1"
        entry["previous_hash"] = previous
        previous = entry["hash"] = audit.hash_of(entry)
    with tamper() as session:
        session.execute(delete(AuditEntry))
        session.execute(insert(AuditEntry), entries)
        session.execute(update(Counter).where(Counter.name == "audit").values(value=9))
    assert _verify(written) is None
    assert _verify(written, expected=kept) == Broken(10, "missing")
    with written.write_session() as session:
        _note(session)
    assert _verify(written, expected=kept) == Broken(10, "unexpected")


def test_a_long_log_is_read_in_parts(database, monkeypatch):
    monkeypatch.setattr(audit, "_BATCH", 50)
    with database.write_session() as session:
        for number in range(220):
            _note(session, number)
    assert _verify(database) is None
    with database.read_session() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 220


def test_a_clock_that_goes_back_breaks_nothing(database, monkeypatch):
    moment = datetime.now(UTC)
    for hours in (0, -2, 1):
        monkeypatch.setattr(audit, "now", lambda hours=hours: moment + timedelta(hours=hours))
        with database.write_session() as session:
            _note(session)
    assert _verify(database) is None
