"""A POST sent again does nothing twice and is answered as the first time."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Annotated

import pytest
import time_machine
from cryptography.fernet import Fernet
from fastapi import FastAPI, Header, Response
from sqlalchemy import select

from app.core import clock
from app.core.sealing import Seal
from app.db import counters, kept_answers
from app.db.kept_answers import KeptAnswer
from app.features.accounts.models import ApiKey
from app.features.organizations.models import Organization
from app.web import problems
from app.web.deps import Opener, ReadSession
from app.web.encoding import encoded
from app.web.idempotency import HEADER, REPLAYED
from app.web.routing import Router
from tests.support.clients import TestClient
from tests.support.people import make_uscc

KEYS = "/v1/api-keys"
BODY = {"name": "门户", "role": "portal"}


def _keys_named(database, name):
    with database.read_session() as session:
        return list(session.scalars(select(ApiKey.public_id).where(ApiKey.name == name)))


def _with(headers, key):
    return {**headers, HEADER: key}


def test_the_second_answer_is_the_first_and_nothing_is_made_twice(client, staffed_database, administrator):
    first, second = (client.post(KEYS, json=BODY, headers=_with(administrator, "a")) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert second.content == first.content
    assert REPLAYED not in first.headers
    assert second.headers[REPLAYED] == "true"
    assert len(_keys_named(staffed_database, "门户")) == 1


def test_headers_come_back_too(client, operator):
    body = {"uscc": make_uscc(77), "name": "新企业", "roles": ["enterprise"], "org_type": "manufacturer"}
    first, second = (client.post("/v1/organizations", json=body, headers=_with(operator, "a")) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Vary"] == first.headers["Vary"]
    assert second.headers["X-Request-ID"] != first.headers["X-Request-ID"]


def test_another_request_with_the_key_is_refused(client, administrator):
    client.post(KEYS, json=BODY, headers=_with(administrator, "a"))
    refused = client.post(KEYS, json={**BODY, "name": "另一个"}, headers=_with(administrator, "a"))
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert (fault["location"], fault["pointer"], fault["code"]) == (
        "header",
        "/idempotency-key",
        "idempotency_key_reused",
    )


def test_a_key_is_its_callers_own(client, staffed_database, administrator, operator):
    for headers in (administrator, operator):
        assert client.post(KEYS, json=BODY, headers=_with(headers, "a")).status_code == 201
    assert len(_keys_named(staffed_database, "门户")) == 2


def test_what_failed_is_tried_again(client, operator):
    body = {"uscc": make_uscc(78), "name": "新企业", "roles": ["enterprise"], "org_type": "manufacturer"}
    wrong = {**body, "industry_code": "0000"}
    asked = [client.post("/v1/organizations", json=one, headers=_with(operator, "a")) for one in (wrong, body)]
    assert [answer.status_code for answer in asked] == [422, 201]


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 256])
def test_a_key_that_is_none_is_refused(client, administrator, key):
    refused = client.post(KEYS, json=BODY, headers=_with(administrator, key.encode()))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "idempotency_key"


def test_a_day_later_it_is_forgotten(client, staffed_database, administrator):
    client.post(KEYS, json=BODY, headers=_with(administrator, "a"))
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        again = client.post(KEYS, json=BODY, headers=_with(administrator, "a"))
    assert again.status_code == 201
    assert REPLAYED not in again.headers
    assert len(_keys_named(staffed_database, "门户")) == 2
    with staffed_database.read_session() as session:
        assert len(list(session.scalars(select(KeptAnswer.name)))) == 1


def test_what_is_kept_is_sealed(client, staffed_database, administrator):
    issued = client.post(KEYS, json=BODY, headers=_with(administrator, "geheim")).json()["key"]
    with staffed_database.read_session() as session:
        (kept,) = session.scalars(select(KeptAnswer))
    stored = f"{kept.name} {kept.request_hash} {kept.headers} {kept.sealed}"
    assert issued.partition(".")[2] not in stored
    assert "geheim" not in stored


def test_what_was_asked_is_not_found_out_by_trying_without_the_key_of_the_installation(
    client, staffed_database, administrator
):
    for _ in range(2):
        assert client.post(KEYS, json=BODY, headers=_with(administrator, "a")).status_code == 201
        client.app.state.seal = Seal(Fernet.generate_key().decode())
    with staffed_database.read_session() as session:
        first, second = session.scalars(select(KeptAnswer))
    assert first.name != second.name
    assert first.request_hash != second.request_hash


def test_reading_with_a_key_is_just_reading(client, administrator):
    first, second = (client.get(KEYS, headers=_with(administrator, "a")) for _ in range(2))
    assert REPLAYED not in second.headers
    assert first.status_code == second.status_code == 200


@pytest.fixture
def stepwise(database):
    """A client of an application whose handler opens transactions of its own, and what it did.

    One that says in a header when to `freeze` waits, between its transactions or after them, until its hold is let go.
    """
    router, done, holds = Router(is_limited=False), [], (Event(), Event())

    @router.post("/step", status_code=201)
    def step(
        store: Opener, fail: str = "", freeze: Annotated[str, Header()] = "", hold: Annotated[int, Header()] = 0
    ) -> Response:
        with store.writing() as session:
            counters.take(session, "steps")
        if freeze == "between":
            holds[hold].wait(20)
        with store.writing() as session:
            made = counters.take(session, "steps")
        done.append(made)
        if freeze == "after":
            holds[hold].wait(20)
        if fail:
            raise LookupError
        return encoded(made, status=201)

    @router.post("/look")
    def look(session: ReadSession) -> Response:
        done.append(counters.last(session, "steps"))
        return encoded(len(done))

    app = FastAPI()
    app.state.database, app.state.seal = database, Seal(Fernet.generate_key().decode())
    app.include_router(router)
    problems.install(app)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client, done, holds


def test_what_takes_several_transactions_is_done_once_too(stepwise):
    client, done, _ = stepwise
    first, second = (client.post("/step", headers={HEADER: "a"}) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (201, 2)
    assert second.headers[REPLAYED] == "true"
    assert done == [2]
    assert client.post("/step", headers={HEADER: "b"}).json() == 4


def _until_begun(database, step=1):
    for _ in range(200):
        with database.read_session() as session:
            if counters.last(session, "steps") >= step:
                return
        time.sleep(0.05)
    raise AssertionError("it did not begin")


def test_whoever_comes_between_two_transactions_is_told_to_wait(stepwise, database):
    client, done, holds = stepwise
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, "/step", headers={HEADER: "a", "Freeze": "between"})
        _until_begun(database)
        again = client.post("/step", headers={HEADER: "a"})
        assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "conflict")
        holds[0].set()
        assert first.result(20).status_code == 201
    assert done == [2]


def test_what_failed_in_between_may_be_tried_again(stepwise):
    client, done, _ = stepwise
    assert client.post("/step", headers={HEADER: "a"}, params={"fail": "x"}).status_code == 500
    assert client.post("/step", headers={HEADER: "a"}, params={"fail": "x"}).status_code == 500
    assert done == [2, 4]


def test_what_died_in_between_may_be_tried_again_two_minutes_later(stepwise, monkeypatch):
    client, done, _ = stepwise
    monkeypatch.setattr(kept_answers, "release", lambda _session, _name, **_: None)
    assert client.post("/step", headers={HEADER: "a"}, params={"fail": "x"}).status_code == 500
    assert client.post("/step", headers={HEADER: "a"}, params={"fail": "x"}).status_code == 409
    with time_machine.travel(clock.now() + timedelta(seconds=119), tick=False):
        assert client.post("/step", headers={HEADER: "a"}, params={"fail": "x"}).status_code == 409
    with time_machine.travel(clock.now() + timedelta(seconds=121), tick=False):
        assert client.post("/step", headers={HEADER: "a"}, params={"fail": "x"}).status_code == 500
    assert done == [2, 4]


@contextmanager
def _frozen(client, database, freeze):
    """One request that froze, taken for dead while the block runs; then it goes on."""
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, "/step", headers={HEADER: "a", "Freeze": freeze})
        _until_begun(database, 1 if freeze == "between" else 2)
        with time_machine.travel(clock.now() + timedelta(seconds=121), tick=True):
            yield first


def _answers_kept(database):
    with database.read_session() as session:
        return [row.status for row in session.execute(select(KeptAnswer.status))]


@pytest.mark.parametrize("freeze", ["between", "after"])
def test_who_was_taken_for_dead_is_answered_as_the_one_who_came_after(stepwise, database, freeze):
    client, done, holds = stepwise
    with _frozen(client, database, freeze) as first:
        second = client.post("/step", headers={HEADER: "a"})
        holds[0].set()
        late = first.result(20)
        third = client.post("/step", headers={HEADER: "a"})
    assert second.status_code == late.status_code == third.status_code == 201
    assert second.content == late.content == third.content
    assert [REPLAYED in answer.headers for answer in (second, late, third)] == [False, True, True]
    assert len(done) == (1 if freeze == "between" else 2), "nothing more is written once another is at it"
    assert _answers_kept(database) == [201]


def test_who_was_taken_for_dead_leaves_the_one_who_came_after_alone(stepwise, database):
    client, done, holds = stepwise
    with _frozen(client, database, "between") as first, ThreadPoolExecutor(1) as pool:
        second = pool.submit(client.post, "/step", headers={HEADER: "a", "Freeze": "between", "Hold": "1"})
        _until_begun(database, 2)
        holds[0].set()
        assert first.result(20).status_code == 409
        assert client.post("/step", headers={HEADER: "a"}).status_code == 409, "the second one is still at it"
        holds[1].set()
        assert second.result(20).status_code == 201
    assert done == [3]
    assert _answers_kept(database) == [201]


def test_who_was_forgotten_and_not_replaced_goes_on(stepwise, database):
    client, done, holds = stepwise
    with _frozen(client, database, "between") as first:
        assert client.post("/step", headers={HEADER: "b"}).status_code == 201
        assert _answers_kept(database) == [201], "the silent one was swept"
        holds[0].set()
        assert first.result(20).status_code == 201
        again = client.post("/step", headers={HEADER: "a"})
    assert (again.content, again.headers[REPLAYED]) == (first.result().content, "true")
    assert len(done) == 2
    assert _answers_kept(database) == [201, 201]


def test_an_answer_for_which_nothing_was_written_is_kept_too(stepwise):
    client, done, _ = stepwise
    first, second = (client.post("/look", headers={HEADER: "a"}) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert second.headers[REPLAYED] == "true"
    assert len(done) == 1
    assert client.post("/look", headers={HEADER: "a"}, params={"x": "1"}).status_code == 422


def test_two_hundred_at_once_make_one(serve, staffed_database, operator):
    body = {"uscc": make_uscc(79), "name": "只要一个", "roles": ["enterprise"], "org_type": "manufacturer"}
    with serve(DUIJIE_SERVER__WORKERS="2") as server, server.client() as client, ThreadPoolExecutor(50) as pool:
        answers = list(
            pool.map(
                lambda _: client.post("/v1/organizations", json=body, headers=_with(operator, "a"), timeout=60),
                range(200),
            )
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum(REPLAYED not in answer.headers for answer in answers) == 1
    with staffed_database.read_session() as session:
        assert len(list(session.scalars(select(Organization.id).where(Organization.name == "只要一个")))) == 1
