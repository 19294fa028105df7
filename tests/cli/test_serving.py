"""The server under a power cut, and as several processes."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx2
import psutil
import pytest
from sqlalchemy import text

from tests.features.matches.publishing import ANY_VERSION, NEED, Desk

_BUSY = 40
_PATIENCE = 60


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
def test_a_server_killed_in_the_middle_of_writes_leaves_no_half_record(staffed_database, people, serve):
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

    with serve() as server, ThreadPoolExecutor(3) as writers:
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
    with serve() as server:
        with server.client() as client:
            Desk(client, people).publish("needs", "enterprise", title="之后的需求")
        listed = server.get("/v1/needs?limit=1&include=total", people["operator"].headers["Authorization"][7:]).json()
        assert listed["total"] == len(found) + 1
    _whole(staffed_database)


def test_what_one_worker_publishes_every_worker_ranks_on_the_next_request(people, serve):
    with serve(DUIJIE_SERVER__WORKERS="2") as server, server.client() as client:
        started = psutil.Process(server.process.pid).children(recursive=True)
        assert len(started) == 3, "the server and its two workers"
        desk = Desk(client, people)
        need = desk.publish("needs", "enterprise")
        expected = set()
        for number in range(3):
            made = desk.publish("capabilities", "provider", title=f"焊缝检测方案{number}")
            expected.add(made["reference"])
            for _ in range(6):  # each over a connection of its own, which either worker may take
                ranking = server.get(f"/v1/needs/{need['id']}/matches").json()
                assert {match["capability"]["reference"] for match in ranking["matches"]} == expected
