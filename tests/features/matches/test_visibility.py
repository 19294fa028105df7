"""Who is recommended to whom."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
import time_machine

from app.core import clock
from tests.features.matches.asking import others

CLOSED = ("matched", "on_consent", "confidential")
FOUR_ROUTES = (
    "/v1/needs/{need}/matches",
    "/v1/capabilities/{capability}/matches",
    "/v1/matches/{need}/{open_capability}",
    "/v1/matches/{open_need}/{capability}",
)


def _ranked(caller, name, capability):
    return others(caller(name).for_capability(capability["id"]), "need")


@pytest.mark.parametrize(
    ("level", "reader"), [("registered", "anonymous"), *product(CLOSED, ("anonymous", "provider", "portal"))]
)
def test_a_need_that_is_not_open_to_a_reader_is_not_there_for_it(desk, caller, level, reader):
    capability = desk.publish("capabilities", "provider")
    shown = desk.publish("needs", "enterprise", title="谁都可以看的焊缝需求")
    hidden = desk.publish("needs", "enterprise", visibility={"details": level})
    assert _ranked(caller, reader, capability) == [shown["reference"]]
    for name in (hidden["id"], hidden["reference"]):
        assert caller(reader).status(f"/v1/needs/{name}/matches") == 404
        assert caller(reader).status(f"/v1/matches/{name}/{capability['id']}") == 404
    assert hidden["reference"] in _ranked(caller, "operator", capability)


@pytest.mark.parametrize("level", CLOSED)
def test_a_capability_that_is_not_open_is_recommended_to_its_operators_only(desk, caller, level):
    need = desk.publish("needs", "enterprise")
    hidden = desk.publish("capabilities", "provider", visibility={"details": level})
    assert others(caller("operator").for_need(need["id"])) == [hidden["reference"]]
    for reader in ("anonymous", "portal", "enterprise", "stranger"):
        ranking = caller(reader).for_need(need["id"])
        assert (ranking["matches"], ranking["considered"]) == ([], 0), "not even counted"


def test_registered_postings_are_there_for_whoever_shows_a_key(desk, caller):
    capability = desk.publish("capabilities", "provider", visibility={"details": "registered"})
    need = desk.publish("needs", "enterprise", visibility={"details": "registered"})
    assert _ranked(caller, "portal", capability) == [need["reference"]]
    assert others(caller("portal").for_need(need["id"])) == [capability["reference"]]


@pytest.mark.parametrize("asker", ["stranger", "operator", "anonymous"])
def test_nobody_is_recommended_to_itself(desk, caller, asker):
    need = desk.publish("needs", "stranger")
    own = desk.publish("capabilities", "stranger")
    others_offer = desk.publish("capabilities", "provider")
    assert others(caller(asker).for_need(need["id"])) == [others_offer["reference"]]
    assert others(caller(asker).for_capability(own["id"]), "need") == []
    ranking = caller(asker).for_need(need["id"], constraints="exclude")
    assert own["reference"] not in json.dumps(ranking)


def test_another_organisations_draft_is_not_found_in_any_route(desk, caller):
    drafts = {"need": desk.draft("needs", "enterprise"), "capability": desk.draft("capabilities", "provider")}
    opened = {
        "open_need": desk.publish("needs", "enterprise", title="公开的需求"),
        "open_capability": desk.publish("capabilities", "provider", title="公开的能力"),
    }
    for route, name in product(FOUR_ROUTES, ("id", "reference")):
        path = route.format(**{key: posting[name] for key, posting in (drafts | opened).items()})
        for reader in ("stranger", "portal", "anonymous"):
            assert caller(reader).status(path) == 404, path
        assert caller("operator").status(path) == 200, path


def test_a_draft_can_be_tried_out_by_its_owner_and_is_ranked_for_nobody(desk, caller):
    need, capability = desk.draft("needs", "enterprise"), desk.publish("capabilities", "provider")
    assert others(caller("enterprise").for_need(need["id"])) == [capability["reference"]]
    for reader in ("enterprise", "provider", "operator"):
        assert _ranked(caller, reader, capability) == []


@pytest.mark.parametrize(
    "steps",
    [
        [("pause", {})],
        [("close", {"reason": "withdrawn"})],
        [("pause", {}), ("close", {"reason": "fulfilled"})],
    ],
)
def test_what_is_paused_or_closed_is_ranked_for_nobody(desk, caller, steps):
    capability, need = desk.publish("capabilities", "provider"), desk.publish("needs", "enterprise")
    assert _ranked(caller, "operator", capability) == [need["reference"]]
    for action, body in steps:
        desk.act("needs", need["id"], action, "enterprise", **body)
        desk.act("capabilities", capability["id"], action, "provider", **body)
    assert _ranked(caller, "operator", capability) == []
    assert others(caller("operator").for_need(need["id"])) == []
    assert caller("portal").status(f"/v1/needs/{need['id']}/matches") == 404


def test_what_is_resumed_is_ranked_again(desk, caller):
    capability, need = desk.publish("capabilities", "provider"), desk.publish("needs", "enterprise")
    desk.act("needs", need["id"], "pause", "enterprise")
    assert _ranked(caller, "anonymous", capability) == []
    desk.act("needs", need["id"], "resume", "enterprise")
    assert _ranked(caller, "anonymous", capability) == [need["reference"]]


def test_a_posting_is_ranked_to_the_end_of_its_last_day_in_china_and_not_after(desk, caller):
    last = clock.today() + timedelta(days=3)
    capability = desk.publish("capabilities", "provider", valid_until=last.isoformat())
    need = desk.publish("needs", "enterprise", valid_until=last.isoformat())
    midnight = datetime.combine(last + timedelta(days=1), datetime.min.time(), clock.CHINA)
    for moment, ranked in ((midnight - timedelta(seconds=1), True), (midnight + timedelta(seconds=1), False)):
        with time_machine.travel(moment.astimezone(UTC), tick=False):
            ranking = caller("operator").for_need(need["id"])
            assert others(ranking) == [capability["reference"]] * ranked
            assert _ranked(caller, "operator", capability) == [need["reference"]] * ranked
            assert date.fromisoformat(ranking["as_of"]) == clock.today()
