"""What a ranking must not give away: owners and figures that are hidden decide, and are not told."""

import json
from itertools import product

import pytest

from tests.features.matches.asking import pairs

BUDGET = 777_123_451
PRICE = 888_123_452
NEED = {
    "budget_min_cny": 1,
    "budget_max_cny": BUDGET,
    "visibility": {"identity": "confidential", "budget": "on_consent"},
}
OFFER = {
    "price_min_cny": PRICE,
    "price_max_cny": PRICE + 1,
    "visibility": {"identity": "matched", "budget": "confidential"},
}
_OWNERS = {"enterprise": "测试制造有限公司", "provider": "测试智能科技有限公司"}
_MARK = "CANARY"


def _figure(number):
    return {str(number), f"{number:,}"}


@pytest.fixture
def canaries(people):
    """What stands in hidden fields only, by whose it is."""
    own = {"enterprise": _figure(BUDGET), "provider": _figure(PRICE) | _figure(PRICE + 1)}
    return {name: own[name] | {_OWNERS[name], str(people[name].organization_id)} for name in own}


def _found(strings, answer):
    # in the bytes as sent, and as text should they be escaped there
    return {one for one in strings if one in answer.text or one in json.dumps(answer.json(), ensure_ascii=False)}


@pytest.fixture
def hidden_pair(desk):
    """A need and a capability whose owners, budget and price are hidden, and which break the budget."""
    contact = {"name": _MARK, "email": f"{_MARK}@example.com"}
    for name in ("enterprise", "provider"):
        profile = {"contact": contact, "name_en": f"{_MARK} Ltd", "summary": _MARK}
        path = f"/v1/organizations/{desk.people[name].organization_id}"
        answer = desk.client.patch(path, json=profile, headers={**desk.people[name].headers, "If-Match": "*"})
        assert answer.status_code == 200, answer.text
    need = desk.publish("needs", "enterprise", **NEED)
    capability = desk.publish("capabilities", "provider", **OFFER)
    desk.revise("needs", need["id"], "enterprise", goal=_MARK)
    desk.revise("capabilities", capability["id"], "provider", summary=_MARK)
    return need, capability


def _bodies(client, headers, need, capability):
    """Every answer about the pair that a reader can get, in both languages and with every option."""
    for language, explain, constraints in product(("zh", "en"), ("true", "false"), ("mark", "exclude")):
        asked = {**headers, "Accept-Language": language}
        query = f"?explain={explain}&constraints={constraints}"
        for path in (
            f"/v1/needs/{need['id']}/matches{query}",
            f"/v1/capabilities/{capability['id']}/matches{query}",
            f"/v1/matches/{need['id']}/{capability['id']}",
        ):
            answer = client.get(path, headers=asked)
            assert answer.status_code == 200, path
            yield answer
        if headers:
            shown = {name: need[name] for name in ("title", "problem")}
            options = {"explain": explain == "true", "constraints": constraints}
            yield client.post(
                "/v1/matches/preview", json={"need": {**shown, "budget_max_cny": 5}, **options}, headers=asked
            )
            offered = {name: capability[name] for name in ("title", "summary")}
            priced = {"capability": {**offered, "price_min_cny": 999_999_999}, **options}
            yield client.post("/v1/matches/preview", json=priced, headers=asked)


@pytest.mark.parametrize("reader", ["anonymous", "portal", "stranger"])
def test_hidden_names_and_figures_appear_nowhere_for_others(client, people, hidden_pair, canaries, reader):
    hidden = canaries["enterprise"] | canaries["provider"] | {_MARK}
    headers = people[reader].headers if reader in people else {}
    for answer in _bodies(client, headers, *hidden_pair):
        assert answer.status_code == 200, answer.text
        assert not _found(hidden, answer), answer.request.url
        body = answer.json()
        found = list(pairs(body)) if "matches" in body else [body]
        assert not any(match["violations"] for match in found), "what is hidden does not decide either"


@pytest.mark.parametrize(("reader", "other"), [("enterprise", "provider"), ("provider", "enterprise")])
def test_one_side_sees_its_own_and_not_the_others(client, people, hidden_pair, canaries, reader, other):
    for answer in _bodies(client, people[reader].headers, *hidden_pair):
        assert not _found(canaries[other] | {f"{_MARK}@example.com"}, answer), answer.request.url


def _trials(client, headers, need):
    """Every answer about changes of the need, with values that would lie on both sides of every hidden figure."""
    for language in ("zh", "en"):
        asked = {**headers, "Accept-Language": language}
        yield client.get(f"/v1/needs/{need['id']}/coach", headers=asked)
        for patch in ({"goal": ""}, {"budget_max_cny": PRICE - 2}, {"visibility": {"budget": "public"}}):
            yield client.post(f"/v1/needs/{need['id']}/simulate", json=patch, headers=asked)


def test_trying_changes_shows_nothing_of_the_other_side(client, people, hidden_pair, canaries):
    need, _ = hidden_pair
    for answer in _trials(client, people["enterprise"].headers, need):
        assert answer.status_code == 200, answer.text
        assert not _found(canaries["provider"] | {f"{_MARK}@example.com"}, answer), answer.request.url
    shown = [answer.text for answer in _trials(client, people["operator"].headers, need)]
    assert any(_OWNERS["provider"] in one for one in shown), "to an operator it would be shown"


@pytest.mark.parametrize("reader", ["anonymous", "portal", "stranger", "provider"])
def test_a_refused_trial_shows_nothing(client, people, hidden_pair, canaries, reader):
    need, _ = hidden_pair
    headers = people[reader].headers if reader in people else {}
    for answer in _trials(client, headers, need):
        assert answer.status_code == (403 if headers else 401)
        assert not _found(canaries["enterprise"] | {_MARK}, answer)


def test_an_operator_sees_them_all(client, people, hidden_pair, canaries):
    """The counterpart without which the tests above could pass on canaries that nothing would ever show."""
    need, capability = hidden_pair
    headers = people["operator"].headers
    pair = client.get(f"/v1/matches/{need['id']}/{capability['id']}", headers=headers)
    assert _found(canaries["enterprise"] | canaries["provider"], pair) >= set(_OWNERS.values())
    assert str(BUDGET) in client.get(f"/v1/needs/{need['id']}", headers=headers).text
    assert str(PRICE) in client.get(f"/v1/capabilities/{capability['id']}", headers=headers).text


def test_open_budgets_decide_and_are_told(client, people, desk):
    need = desk.publish("needs", "enterprise", budget_max_cny=BUDGET)
    capability = desk.publish("capabilities", "provider", price_min_cny=PRICE)
    pair = client.get(f"/v1/matches/{need['id']}/{capability['id']}", headers=people["portal"].headers).json()
    (violation,) = pair["violations"]
    assert violation["detail"] == {"budget_max": BUDGET, "price_min": PRICE}
    assert f"{PRICE:,}" in violation["text"]


def test_a_hidden_owner_shows_as_its_kind_and_industry(caller, hidden_pair):
    _, capability = hidden_pair
    (match,) = caller("portal").for_capability(capability["id"])["matches"]
    assert match["need"]["organization"] == {
        "id": None,
        "name": None,
        "name_en": None,
        "org_type": "manufacturer",
        "industry_code": None,
        "is_fictitious": False,
    }


def test_a_hidden_budget_cannot_be_measured_by_asking(desk):
    """A score that is explained to the last digit would give away whatever feeds it."""
    desk.publish("needs", "enterprise", **NEED)
    probe = {"title": "焊缝机器视觉检测", "summary": "检测焊缝外观缺陷", "price_min_cny": 0}
    scores = set()
    for price in (10**5, BUDGET, 10**12):
        body = {"capability": {**probe, "price_max_cny": price}, "constraints": "mark"}
        answer = desk.client.post("/v1/matches/preview", json=body, headers=desk.people["portal"].headers)
        (match,) = answer.json()["matches"]
        assert next(one for one in match["signals"] if one["name"] == "budget")["value"] is None
        scores.add(match["score"])
    assert len(scores) == 1
