"""A ranking is never staler than the last commit, whichever process answers."""

from collections.abc import Callable

import pytest

from app.features.catalog import service as catalog
from app.features.catalog.schemas import TechnologyTermEntry
from tests.features.matches.asking import Caller, others


@pytest.fixture
def there(elsewhere, people) -> Caller:
    """An operator who asks the second application."""
    return Caller(elsewhere, people["operator"].headers)


@pytest.fixture
def need(desk, there) -> str:
    """A published need for which the second application has ranked once, so that it holds an index."""
    made = desk.publish("needs", "enterprise")
    assert others(there.for_need(made["id"])) == []
    return made["id"]


def _text_share(match):
    return next(signal["share"] for signal in match["signals"] if signal["name"] == "text")


def test_what_one_application_publishes_the_other_ranks_on_its_next_request(desk, there, need):
    made = desk.publish("capabilities", "provider")
    ranking = there.for_need(need)
    assert others(ranking) == [made["reference"]]
    backward = there.for_capability(made["id"])
    assert [match["need"]["id"] for match in backward["matches"]] == [need]


def test_what_one_application_takes_down_the_other_no_longer_ranks(desk, there, need):
    made = desk.publish("capabilities", "provider")
    assert others(there.for_need(need)) == [made["reference"]]
    desk.act("capabilities", made["id"], "pause", "provider")
    assert others(there.for_need(need)) == []
    desk.act("capabilities", made["id"], "resume", "provider")
    assert others(there.for_need(need)) == [made["reference"]]
    desk.act("capabilities", made["id"], "close", "provider", reason="withdrawn")
    assert others(there.for_need(need)) == []


def test_a_draft_or_an_unreviewed_change_moves_nothing(desk, there, need):
    made = desk.publish("capabilities", "provider")
    before = there.for_need(need)
    desk.draft("capabilities", "stranger")
    desk.revise("capabilities", made["id"], "provider", summary="完全不同的内容", description="", specs=[])
    after = there.for_need(need)
    assert after["matches"] == before["matches"]
    assert after["revision"] > before["revision"], "it knows of the change and leaves the public text as it is"


def test_nothing_is_fitted_anew_for_a_draft(desk, need, elsewhere, staffed_database):
    assert need
    index = elsewhere.app.state.match_index

    def held():
        with staffed_database.read_session() as session:
            return index.current(session)

    before = held()
    desk.draft("capabilities", "stranger")
    after = held()
    assert after.revision > before.revision
    assert after.matcher is before.matcher
    desk.publish("capabilities", "provider")
    assert held().matcher is not before.matcher


def test_a_published_change_is_ranked_by_its_new_text(desk, there, need):
    made = desk.publish("capabilities", "provider", title="注塑车间能耗管理", summary="能耗计量。", description="",
                        specs=[], keywords=[])  # fmt: skip
    (before,) = there.for_need(need)["matches"]
    desk.revise(
        "capabilities", made["id"], "provider", title="焊缝外观检测", summary="夜班焊缝目检漏检多，改为机器检测。"
    )
    desk.act("capabilities", made["id"], "submit", "provider")
    (waiting,) = there.for_need(need)["matches"]
    desk.act("capabilities", made["id"], "publish", "operator")
    (after,) = there.for_need(need)["matches"]
    assert waiting == before
    assert after["capability"]["title"] == "焊缝外观检测"
    assert _text_share(after) > 10 * _text_share(before)


def test_a_changed_need_is_read_anew_in_the_other_direction(desk, there, need):
    made = desk.publish("capabilities", "provider")
    (before,) = there.for_capability(made["id"])["matches"]
    desk.revise(
        "needs", need, "enterprise", requirements=[], problem="注塑机能耗高。", title="能耗", goal="", keywords=[]
    )
    desk.act("needs", need, "submit", "enterprise")
    desk.act("needs", need, "publish", "operator")
    (after,) = there.for_capability(made["id"])["matches"]
    assert after["score"] < before["score"] / 2
    assert after["coverage"]["text"] == "需求未列出技术指标"


def test_a_renamed_organisation_is_shown_by_its_new_name(desk, there, need):
    desk.publish("capabilities", "provider")
    before = there.for_need(need)
    path = f"/v1/organizations/{desk.people['provider'].organization_id}"
    headers = {**desk.people["provider"].headers, "If-Match": "*"}
    assert desk.client.patch(path, json={"name": "改名后的公司"}, headers=headers).status_code == 200
    after = there.for_need(need)
    assert before["matches"][0]["capability"]["organization"]["name"] == "测试智能科技有限公司"
    assert after["matches"][0]["capability"]["organization"]["name"] == "改名后的公司"
    assert after["matches"][0]["score"] == before["matches"][0]["score"]


def test_a_new_word_of_the_thesaurus_bridges_two_languages_at_once(desk, there, staffed_database):
    blank = {"requirements": [], "goal": "", "keywords": []}
    made = desk.publish("needs", "enterprise", title="卟啉镜膜翘曲", problem="卟啉镜膜翘曲。", **blank)
    desk.publish("capabilities", "provider", lang="en", title="Zorblatt flattening", summary="We flatten a zorblatt.",
                 description="", specs=[], keywords=[])  # fmt: skip
    (before,) = there.for_need(made["id"])["matches"]
    assert before["terms"] == []
    words = [("zh", "卟啉镜膜"), ("en", "zorblatt")]
    with staffed_database.write_session() as session:
        entries = [
            TechnologyTermEntry(concept_id="T9999", lang=lang, term=term, category_code="VISION", kind="preferred")
            for lang, term in words
        ]
        catalog.put_technology_terms(session, entries)
    (after,) = there.for_need(made["id"])["matches"]
    assert any("卟啉镜膜" in term["term"] and "orblatt" in term["term"] for term in after["terms"])
    assert after["score"] > before["score"]


def test_both_applications_tell_the_same_revision_and_ranking(desk, there, need, caller: Callable[[str], Caller]):
    for title in ("焊缝检测甲", "焊缝检测乙", "焊缝检测丙"):
        desk.publish("capabilities", "provider", title=title)
        assert there.for_need(need) == caller("operator").for_need(need)


def test_an_index_that_grew_by_steps_ranks_like_one_built_at_once(
    desk, there, need, make_client, staffed_database, people
):
    for number in range(6):
        made = desk.publish(
            "capabilities", "provider", title=f"焊缝检测方案{number}", summary=f"第{number}种焊缝检测。"
        )
        there.for_need(need)
        if number % 2:
            desk.act("capabilities", made["id"], "pause", "provider")
            there.for_need(need)
    with make_client(staffed_database) as fresh:
        assert Caller(fresh, people["operator"].headers).for_need(need) == there.for_need(need)
