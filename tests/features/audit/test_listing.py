"""The audit as administrators read it."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from app.core.trail import By, Source
from app.db import audit
from app.db.audit import BEGINNING, AuditEntry
from app.db.keyset import Slice
from app.features.accounts.types import ANONYMOUS, SYSTEM, Actor, Role, Scope
from app.features.audit.repository import AuditRepository
from app.features.audit.schemas import AuditEntryRead, AuditListQuery
from tests.support.plans import plans, take_stock
from tests.support.statements import statements

AUDIT = "/v1/audit"
KEY, PERSON, PORTAL, SUBJECT = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def entries(staffed_database):
    """Seven entries beside those the people and the catalogue were entered with; their numbers."""
    acts = [
        ("thing.make", By("operator", key_id=KEY), ("thing", SUBJECT)),
        ("thing.make", By("member", person_id=PERSON), ("thing", None)),
        ("thing.end", By("member", person_id=PERSON, portal_id=PORTAL), ("thing", SUBJECT)),
        ("other.make", By("operator", key_id=PORTAL), ("other", SUBJECT)),
        *[("other.end", By(), ("other", None))] * 3,
    ]
    with staffed_database.write_session(Source("203.0.113.9", "call-1")) as session:
        for action, by, subject in acts:
            audit.note(session, action=action, by=by, subject=subject)
    with staffed_database.read_session() as session:
        last, _ = audit.head(session)
    return range(last - len(acts) + 1, last + 1)


def _read(client, headers, **query):
    answer = client.get(AUDIT, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_entry_is_shown_with_all_that_its_hash_is_of(client, administrator, entries, staffed_database):
    items = _read(client, administrator, limit=200)["items"]
    assert [item["number"] for item in items] == list(range(entries[-1], 0, -1)), "newest first"
    assert all(item.keys() == AuditEntryRead.model_fields.keys() for item in items)
    with staffed_database.read_session() as session:
        stored = dict(session.execute(select(AuditEntry.number, AuditEntry.hash)).all())
    for item in items:
        read = AuditEntryRead.model_validate(item).model_dump()
        assert audit.hash_of(read) == item["hash"] == stored[item["number"]], "whoever reads it can check it"
        assert item["previous_hash"] == stored.get(item["number"] - 1, BEGINNING)
    newest = items[0]
    assert (newest["address"], newest["request_id"]) == ("203.0.113.9", "call-1")


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"action": "thing.make"}, [1, 0]),
        ({"action": "thing.unheard_of"}, []),
        ({"subject_id": SUBJECT}, [3, 2, 0]),
        ({"subject_kind": "thing"}, [2, 1, 0]),
        ({"person_id": PERSON}, [2, 1]),
        ({"key_id": KEY}, [0]),
        ({"key_id": PORTAL}, [3, 2]),
        ({"key_id": PORTAL, "action": "thing.end"}, [2]),
        ({"person_id": UUID(int=9)}, []),
    ],
    ids=str,
)
def test_filters_narrow_it(client, administrator, entries, query, places):
    found = _read(client, administrator, include="total", **query)
    assert [item["number"] for item in found["items"]] == [entries[place] for place in places]
    assert found["total"] == len(places)


def test_times_narrow_it_from_one_to_before_the_other(client, administrator, entries, staffed_database):
    with staffed_database.read_session() as session:
        at = session.scalar(select(AuditEntry.at).where(AuditEntry.number == entries[0]))
    tick = timedelta(microseconds=1)
    filters = {"since": at, "until": at + tick}
    found = _read(client, administrator, **{name: moment.isoformat() for name, moment in filters.items()})
    assert [item["number"] for item in found["items"]] == list(reversed(entries))
    assert _read(client, administrator, until=at.isoformat(), subject_kind="thing")["items"] == []
    assert _read(client, administrator, since=(at + tick).isoformat(), subject_kind="thing")["items"] == []
    elsewhere = at.astimezone(tz=None).isoformat()
    assert client.get(f"{AUDIT}?since={quote(elsewhere)}", headers=administrator).status_code == 200


@pytest.mark.parametrize("sort", ["number", "-number"])
def test_cursors_pass_every_entry_once(client, administrator, entries, sort):
    found, cursor = [], None
    while True:
        page = _read(client, administrator, limit=3, sort=sort, until=datetime.now(UTC).isoformat(), **(cursor or {}))
        found += [item["number"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    noted = found[len(entries) :] if sort == "number" else found
    assert sorted(set(found)) == sorted(found)
    assert set(entries) <= set(found)
    assert found == sorted(found, reverse=sort == "-number")
    assert noted


@pytest.mark.parametrize("value", ["x", -1, 2**63, 1.5, None, True, [1], "9" * 30])
def test_a_cursor_of_something_else_is_refused(client, administrator, value):
    import base64  # noqa: PLC0415
    import json  # noqa: PLC0415

    raw = base64.urlsafe_b64encode(json.dumps(["-number", value, "1"]).encode()).decode().rstrip("=")
    assert client.get(AUDIT, params={"cursor": raw}, headers=administrator).status_code == 400
    raw = base64.urlsafe_b64encode(json.dumps(["-number", 1, str(value)]).encode()).decode().rstrip("=")
    assert client.get(AUDIT, params={"cursor": raw}, headers=administrator).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"action": "x"}, {"action": "a.b'"}, {"person_id": "me"}, {"since": "2026-01-01T00:00:00"}, {"until": "soon"},
        {"sort": "at"}, {"limit": 201}, {"detail": "x"}, {"subject_kind": "a" * 33},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_asked_is_told_so(client, administrator, query):
    answer = client.get(AUDIT, params=query, headers=administrator)
    assert answer.status_code == 422
    assert "内容不符合要求" not in answer.text


@pytest.mark.parametrize("by", ["enterprise", "manager", "provider", "stranger", "operator", "portal"])
def test_others_read_nothing_of_it(client, people, by):
    answer = client.get(AUDIT, headers=people[by].headers)
    assert answer.status_code == 403
    assert "items" not in answer.json()


def test_nobody_reads_it_without_a_key(client):
    assert client.get(AUDIT).status_code == 401


@pytest.mark.parametrize(
    "actor", [ANONYMOUS, *(Actor(role=role, scopes=frozenset(Scope)) for role in Role if role != Role.ADMINISTRATOR)]
)
def test_the_sql_itself_gives_others_nothing(staffed_database, actor):
    with staffed_database.read_session() as session:
        query = AuditListQuery(include="total")
        assert query.wanted == Slice(limit=20, sort="-number", with_total=True)
        assert AuditRepository(session).list_page(actor, query).total == 0
        assert AuditRepository(session).list_page(SYSTEM, query).total > 0


def test_reading_it_is_written_down(client, administrator, entries, staffed_database):
    _read(client, administrator, action="thing.make", limit=1, include="total")
    newest = _read(client, administrator)["items"][0]
    assert (newest["action"], newest["subject_kind"], newest["role"]) == ("audit.read", "audit", "administrator")
    assert newest["detail"] == {"filters": ["action"]}, "which filters, not what for"
    with staffed_database.read_session() as session:
        assert audit.head(session)[0] == entries[-1] + 2
        assert audit.verify(session) is None


def test_a_refused_look_is_not(client, operator, entries, staffed_database):
    client.get(AUDIT, headers=operator)
    with staffed_database.read_session() as session:
        assert audit.head(session)[0] == entries[-1]


def test_a_page_costs_the_same_however_long_it_is(client, administrator, staffed_database):
    _read(client, administrator)
    with statements(staffed_database) as one:
        _read(client, administrator, limit=1)
    with statements(staffed_database) as many:
        _read(client, administrator, limit=200)
    assert len(many) == len(one)


_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)


def _in_letters(number):
    return str(number).translate(str.maketrans("0123456789", "abcdefghij"))


@pytest.fixture
def long_log(database):
    """5,000 entries, one an hour; of each value of each column there are 10."""
    with database.write_session() as session:
        session.execute(
            insert(AuditEntry),
            [
                {
                    "number": number,
                    "at": _FROM + number * _HOUR,
                    "action": f"thing.{_in_letters(number % 500)}",
                    "subject_kind": _in_letters(number % 500),
                    "subject_id": UUID(int=number % 500),
                    "key_id": UUID(int=number % 500),
                    "person_id": UUID(int=number % 500),
                    "portal_id": UUID(int=number % 500),
                    "detail": {},
                    "previous_hash": BEGINNING,
                    "hash": BEGINNING,
                }
                for number in range(1, 5_001)
            ],
        )
    take_stock(database)
    return database


@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        ({"action": "thing.bcd"}, ["action_number"]),
        ({"subject_kind": "bcd"}, ["subject_kind_number"]),
        ({"subject_id": UUID(int=7)}, ["subject_id_number"]),
        ({"person_id": UUID(int=7)}, ["person_id_number"]),
        ({"key_id": UUID(int=7)}, ["key_id_number", "portal_id_number"]),
        ({"since": _FROM + 4_000 * _HOUR, "until": _FROM + 4_010 * _HOUR}, ["at"]),
        ({"person_id": UUID(int=7), "until": _FROM + 3_000 * _HOUR}, ["person_id_number"]),
    ],
    ids=str,
)
def test_no_filter_reads_all_of_it(long_log, query, indexes):
    with long_log.read_session() as session, plans(long_log) as made:
        AuditRepository(session).list_page(SYSTEM, AuditListQuery(**query))
    [plan] = made
    assert set(re.findall(r"\bix_audit_entries_(\w+)", plan)) == set(indexes), plan
    assert not re.search(r"\bSCAN\b|Seq Scan|Filter: .*(key_id|portal_id)", plan), plan
