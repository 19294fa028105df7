"""The server under a power cut, and as several processes."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx2
import psutil
import pytest
from sqlalchemy import text

from tests.cli.processes import served
from tests.features.matches.publishing import ANY_VERSION, NEED, OFFER

_BUSY = 40
_PATIENCE = 60


@pytest.fixture
def address(staffed_database):
    """The database to serve."""
    return staffed_database.engine.url.render_as_string(hide_password=False)


def _send(server, person, path, body=None):
    answer = httpx2.post(server.base + path, json=body, headers={**person.headers, **ANY_VERSION}, timeout=30)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def _publish(server, people, kind, owner, content):
    made = _send(server, people[owner], f"/v1/{kind}", content)
    _send(server, people[owner], f"/v1/{kind}/{made['id']}/submit")
    return _send(server, people["operator"], f"/v1/{kind}/{made['id']}/publish")


def _whole(database):
    """Every posting with as many history events and change entries as it has versions, in one line of numbers."""
    with database.read_session() as session:
        rows = session.execute(
            text(
                "SELECT n.id, n.version,"
                " (SELECT count(*) FROM need_events e WHERE e.posting_id = n.id),"
                " (SELECT count(*) FROM changes c WHERE c.record_id = n.id AND c.kind = 'need') FROM needs n"
            )
        ).all()
        orphans = session.scalar(
            text("SELECT count(*) FROM need_events WHERE posting_id NOT IN (SELECT id FROM needs)")
        )
        numbers = list(session.scalars(text("SELECT number FROM changes ORDER BY number")))
        last = session.scalar(text("SELECT value FROM counters WHERE name = 'changes'"))
    assert all(version == events == changes for _, version, events, changes in rows)
    assert orphans == 0
    assert numbers == list(range(numbers[0], last + 1)), "no number without its entry"
    return {str(row[0]).replace("-", "") for row in rows}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_server_killed_in_the_middle_of_writes_leaves_no_half_record(staffed_database, people, address, tmp_path):
    acknowledged: list[str] = []
    enough = Event()

    def write(writer):
        number = 0
        with httpx2.Client(base_url=server.base, headers=dict(people["enterprise"].headers), timeout=30) as client:
            while not enough.is_set():
                number += 1
                try:
                    made = client.post("/v1/needs", json={**NEED, "title": f"需求 {writer}-{number}"})
                    client.post(f"/v1/needs/{made.json()['id']}/submit", headers=ANY_VERSION)
                except httpx2.TransportError:
                    return
                acknowledged.append(made.json()["id"])

    with served("serve", cwd=tmp_path, DUIJIE_DATABASE__URL=address) as server, ThreadPoolExecutor(3) as writers:
        running = [writers.submit(write, writer) for writer in range(3)]
        end = time.monotonic() + _PATIENCE
        while len(acknowledged) < _BUSY and time.monotonic() < end:
            time.sleep(0.05)
        server.kill()
        enough.set()
        for one in running:
            one.result(timeout=30)
    assert len(acknowledged) >= _BUSY, "it was in the middle of writes"
    found = _whole(staffed_database)
    assert {one.replace("-", "") for one in acknowledged} <= found, "what was answered is kept"
    with served("serve", cwd=tmp_path, DUIJIE_DATABASE__URL=address) as server:
        _publish(server, people, "needs", "enterprise", {**NEED, "title": "之后的需求"})
        listed = server.get("/v1/needs?limit=1&include=total", people["operator"].headers["Authorization"][7:]).json()
        assert listed["total"] == len(found) + 1
    _whole(staffed_database)


def test_what_one_worker_publishes_every_worker_ranks_on_the_next_request(staffed_database, people, address, tmp_path):
    assert staffed_database
    settings = {"DUIJIE_DATABASE__URL": address, "DUIJIE_SERVER__WORKERS": "2"}
    with served("serve", cwd=tmp_path, **settings) as server:
        started = psutil.Process(server.process.pid).children(recursive=True)
        assert len(started) == 3, "the server and its two workers"
        need = _publish(server, people, "needs", "enterprise", NEED)
        expected = set()
        for number in range(3):
            made = _publish(server, people, "capabilities", "provider", {**OFFER, "title": f"焊缝检测方案{number}"})
            expected.add(made["reference"])
            for _ in range(6):  # each over a connection of its own, which either worker may take
                ranking = server.get(f"/v1/needs/{need['id']}/matches").json()
                assert {match["capability"]["reference"] for match in ranking["matches"]} == expected
