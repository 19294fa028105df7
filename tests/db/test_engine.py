"""Sessions: what one that reads sees, what one that writes guarantees."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from app.core.clock import now
from app.core.ids import new_id
from app.db.changes import Change
from app.db.counters import Counter
from app.db.engine import Database

_THREADS = 4
_ROUNDS = 15


def _value(session, name="hits"):
    return session.scalar(select(Counter.value).where(Counter.name == name))


def _set(database, value, name="hits"):
    with database.write_session() as session:
        session.merge(Counter(name=name, value=value))


def test_no_update_is_lost_between_reading_and_writing(database):
    _set(database, 0)
    together = Barrier(_THREADS)

    def add_one(_):
        together.wait()
        for _round in range(_ROUNDS):
            with database.write_session() as session:
                # on PostgreSQL the row's lock makes writers queue, on SQLite BEGIN IMMEDIATE alone does
                seen = session.scalar(select(Counter.value).where(Counter.name == "hits").with_for_update())
                session.execute(update(Counter).where(Counter.name == "hits").values(value=seen + 1))

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(add_one, range(_THREADS)))
    with database.read_session() as session:
        assert _value(session) == _THREADS * _ROUNDS


def test_a_reading_session_sees_what_was_committed_meanwhile(database):
    _set(database, 1)
    with database.read_session() as reader:
        assert _value(reader) == 1
        _set(database, 2)
        assert _value(reader) == 2


def test_a_reading_session_sees_nothing_uncommitted(database):
    _set(database, 1)
    with database.write_session() as writer:
        writer.execute(update(Counter).values(value=2))
        with database.read_session() as reader:
            assert _value(reader) == 1


def test_readers_do_not_wait_for_a_writer(database):
    with database.write_session() as writer:
        writer.add(Counter(name="hits", value=1))
        writer.flush()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(lambda: _read_once(database)).result(timeout=5) is None


def _read_once(database):
    with database.read_session() as reader:
        return _value(reader)


def test_a_writing_session_that_raises_leaves_nothing(database):
    def half_a_use_case():
        with database.write_session() as session:
            session.add(Counter(name="hits", value=1))
            session.flush()
            raise LookupError("half way")

    with pytest.raises(LookupError):
        half_a_use_case()
    assert _read_once(database) is None


def test_a_writing_session_that_breaks_a_constraint_leaves_nothing(database):
    def twice():
        with database.write_session() as session:
            session.execute(text("INSERT INTO counters (name, value) VALUES ('other', 1)"))
            session.execute(text("INSERT INTO counters (name, value) VALUES ('other', 2)"))

    with pytest.raises(IntegrityError):
        twice()
    with database.read_session() as session:
        assert _value(session, "other") is None


def test_a_savepoint_can_be_taken_back_alone(database):
    with database.write_session() as session:
        session.add(Counter(name="hits", value=1))
        session.flush()
        inner = session.begin_nested()
        session.execute(update(Counter).values(value=2))
        inner.rollback()
    assert _read_once(database) == 1


def test_objects_stay_readable_after_the_session(database):
    counter = Counter(name="hits", value=7)
    with database.write_session() as session:
        session.add(counter)
    assert counter.value == 7


def test_every_connection_holds_foreign_keys(database):
    with pytest.raises(IntegrityError), database.write_session() as session:
        session.execute(
            text(
                "INSERT INTO api_keys (id, public_id, secret_hash, name, role, organization_id, created_at)"
                " VALUES (:id, 'p', 's', 'n', 'member', :id, :at)"
            ),
            {"id": str(new_id()), "at": "2027-01-01 00:00:00+00:00"},
        )


def test_no_connection_is_left_checked_out(database):
    with database.read_session() as session:
        _value(session)
    with database.write_session() as session:
        session.add(Change(number=1, kind="need", record_id=new_id(), at=now()))
    assert database.engine.pool.checkedout() == 0


def test_sqlite_makes_the_folder_of_its_file(tmp_path):
    path = tmp_path / "new" / "folder" / "duijie.db"
    database = Database(f"sqlite:///{path}")
    with database.read_session() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()
    assert path.exists()
