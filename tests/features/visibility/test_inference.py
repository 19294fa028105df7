"""What is hidden cannot be told from what is shown: not by an absence, nor by a score, nor by the register."""

import pytest

from tests.features.matches.asking import Caller, others
from tests.features.matches.publishing import Desk

CLOSED = ("matched", "on_consent", "confidential")
RARE = "量子纠缠焊枪"


@pytest.fixture
def desk(client, people):
    return Desk(client, people)


@pytest.fixture
def caller(client, people):
    return lambda name: Caller(client, people[name].headers if name in people else {})


@pytest.mark.parametrize("level", CLOSED)
def test_whose_a_posting_is_cannot_be_told_by_whom_it_is_not_recommended_to(desk, caller, level):
    """Nobody is recommended to itself, so an absence would name the owner."""
    hidden = {"visibility": {"identity": level}}
    need, capability = desk.publish("needs", "stranger", **hidden), desk.publish("capabilities", "stranger", **hidden)
    open_need = desk.publish("needs", "stranger", title="公开的需求")
    open_capability = desk.publish("capabilities", "stranger", title="公开的能力")
    for reader in ("anonymous", "portal", "enterprise"):
        ask = caller(reader)
        assert others(ask.for_capability(open_capability["id"]), "need") == [need["reference"]], reader
        assert others(ask.for_need(open_need["id"])) == [capability["reference"]], reader
    for reader in ("stranger", "operator"):
        ask = caller(reader)
        assert others(ask.for_capability(open_capability["id"]), "need") == [], "who knows the owner sees the rule"
        assert others(ask.for_need(open_need["id"])) == []


@pytest.mark.parametrize("kind", ["needs", "capabilities"])
@pytest.mark.parametrize("level", CLOSED)
def test_no_score_tells_which_words_stand_in_what_is_hidden(desk, caller, kind, level):
    """A word's weight is how rare it is: among what everybody with a key may read, and nothing else."""
    desk.publish("needs", "enterprise")
    desk.publish("capabilities", "provider")
    asked = {"title": "焊缝检测", "problem": f"用{RARE}检测焊缝外观缺陷", "keywords": [RARE]}
    offered = {"title": "焊缝检测", "summary": f"用{RARE}检测焊缝外观缺陷", "keywords": [RARE]}

    def told():
        rankings = [caller("portal").preview(need=asked), caller("portal").preview(capability=offered)]
        return [ranking["matches"] for ranking in rankings]

    before = told()
    assert all(before)
    owner = "enterprise" if kind == "needs" else "provider"
    for number in range(2):
        texts = {"problem" if kind == "needs" else "summary": f"{RARE}用于焊缝检测", "keywords": [RARE]}
        desk.publish(kind, owner, title=f"{RARE}{number}", visibility={"details": level}, **texts)
    assert told() == before
    desk.publish(kind, owner, title=f"{RARE}公开", visibility={"details": "registered"}, **texts)
    assert told() != before, "what is open does count"


@pytest.mark.parametrize("name", ["enterprise", "provider"])
def test_a_hidden_organisation_shows_its_industry_as_a_division(desk, client, people, name):
    """With the kind and the four digits beside it, most organisations could be looked up in the register."""
    path = f"/v1/organizations/{people[name].organization_id}"
    owner = {**people[name].headers, "If-Match": "*"}
    kind = "needs" if name == "enterprise" else "capabilities"
    hidden = desk.publish(kind, name, title="不公开单位", visibility={"identity": "confidential"})
    shown = desk.publish(kind, name, title="公开单位")
    for code, division in (("3922", "39"), ("392", "39"), ("39", "39"), ("C", "C"), (None, None)):
        assert client.patch(path, json={"industry_code": code}, headers=owner).status_code == 200
        for reader, seen in (("portal", division), ("operator", code), (name, code)):
            headers = people[reader].headers
            listed = {one["id"]: one for one in client.get(f"/v1/{kind}", headers=headers).json()["items"]}
            single = client.get(f"/v1/{kind}/{hidden['id']}", headers=headers).json()
            for one in (listed[hidden["id"]], single):
                assert one["organization"]["industry_code"] == seen, (reader, code)
            assert listed[shown["id"]]["organization"]["industry_code"] == code
