"""`duijie audit`, on both databases."""

import pytest
from sqlalchemy import text

from app.db import audit
from tests.support.processes import duijie


@pytest.fixture
def run(staffed_database, tmp_path):
    """`run("verify")` on a database that has an audit."""
    address = staffed_database.engine.url.render_as_string(hide_password=False)
    return lambda *words: duijie("audit", *words, cwd=tmp_path, DUIJIE_DATABASE__URL=address)


def test_a_whole_log_shows_its_head_which_can_be_kept(run, staffed_database):
    with staffed_database.read_session() as session:
        number, last = audit.head(session)
    assert number > 3
    head = run("head")
    assert (head.returncode, head.stdout) == (0, f"{number}:{last}\n"), head.stderr
    for words in ((), ("--expect", head.stdout.strip())):
        verified = run("verify", *words)
        assert (verified.returncode, verified.stdout) == (0, head.stdout), verified.stderr


def test_a_changed_and_a_missing_line_are_named(run, staffed_database):
    kept = run("head").stdout.strip()
    with staffed_database.write_session() as session:
        if staffed_database.is_sqlite:
            session.execute(text("DROP TRIGGER audit_entries_no_update"))
            session.execute(text("DROP TRIGGER audit_entries_no_delete"))
        else:
            session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only"))
        session.execute(text("UPDATE audit_entries SET role = 'operator' WHERE number = 3"))
    changed = run("verify")
    assert (changed.returncode, changed.stdout) == (1, "")
    assert "第 3 条被改动" in changed.stderr
    assert "Entry 3 of the audit was changed." in changed.stderr
    with staffed_database.write_session() as session:
        session.execute(text("DELETE FROM audit_entries WHERE number >= 2"))
    missing = run("verify")
    assert missing.returncode == 1
    assert "第 2 条缺失" in missing.stderr
    assert "Entry 2 of the audit is missing." in missing.stderr
    with staffed_database.write_session() as session:
        session.execute(text("UPDATE counters SET value = 1 WHERE name = 'audit'"))
    assert run("verify").returncode == 0, "nothing in the database tells of what was there"
    against = run("verify", "--expect", kept)
    assert against.returncode == 1
    assert "is missing" in against.stderr


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("expect", ["", "3", "3:abc", f"x:{'0' * 64}", f"-1:{'0' * 64}", f"3:{'0' * 65}"])
def test_a_head_that_is_none_is_refused(run, expect):
    refused = run("verify", "--expect", expect)
    assert refused.returncode == 1
    assert "duijie audit head" in refused.stderr
    assert "Traceback" not in refused.stderr
