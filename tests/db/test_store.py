"""Short sessions one after another, none held between them."""

import pytest
from sqlalchemy import text

from app.core.trail import By, Source
from app.db import audit
from app.db.store import Store


def test_what_is_held_is_given_back_before_a_session_is_opened(database):
    with database.read_session() as reader:
        reader.execute(text("SELECT 1"))
        assert database.engine.pool.checkedout() == 1
        store = Store(database, release=reader.commit)
        for opened in (store.reading, store.writing):
            with opened() as session:
                session.execute(text("SELECT 1"))
                assert database.engine.pool.checkedout() == 1
        assert database.engine.pool.checkedout() == 0


def test_what_is_written_comes_from_where_the_caller_is(database):
    store = Store(database, Source("203.0.113.9", "one"))
    with store.writing() as session:
        audit.note(session, action="test.do", by=By(), subject=("test", None))
    with store.reading() as session:
        assert session.execute(text("SELECT address, request_id FROM audit_entries")).one() == ("203.0.113.9", "one")


def test_what_fails_is_taken_back(database):
    def fail():
        with Store(database).writing() as session:
            audit.note(session, action="test.do", by=By(), subject=("test", None))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with Store(database).reading() as session:
        assert session.execute(text("SELECT count(*) FROM audit_entries")).scalar() == 0
