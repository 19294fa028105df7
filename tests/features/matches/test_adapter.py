from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.capabilities.schemas import CapabilityContent
from app.features.matches.adapter import Atlas, need_document, offer_document
from app.features.needs.schemas import NeedContent
from app.matching import Need, Offer, Scenario
from tests.features.matches.demo_set import records

ATLAS = Atlas(
    industries={"1432": ("C", "14", "143", "1432"), "39": ("C", "39")},
    stages={"S20": "production", "S30": "management"},
    regions={"320506": frozenset({"320506", "320500", "320000"})},
)
NEED = NeedContent.model_validate(
    {
        "lang": "zh-Hant",
        "title": "題目",
        "problem": "问题",
        "current_state": "现状",
        "goal": "目标",
        "requirements": [
            {"text": "快", "kind": "must", "metric": "速度", "operator": ">=", "target": 80, "unit": "件/分钟"},
            {"text": "好", "kind": "nice"},
        ],
        "keywords": ["甲", "乙"],
        "data_readiness": "有数据",
        "partner_requirements": "有经验",
        "scenario_code": "S20",
        "industry_code": "1432",
        "region_code": "320506",
        "deployment": "edge",
        "cooperation_modes": ["turnkey", "service"],
        "budget_min_cny": 1,
        "budget_max_cny": 2,
        "complete_by": "2027-06-30",
        "min_trl": 7,
    }
)
OFFER = CapabilityContent.model_validate(
    {
        "lang": "en",
        "title": "Title",
        "summary": "Summary",
        "description": "Description",
        "advantages": "Advantages",
        "keywords": ["a"],
        "specs": [{"metric": "speed", "operator": ">=", "value": 90, "unit": "pcs/min", "evidence": "on site"}],
        "cases": [
            {
                "customer": "withheld",
                "industry_code": "39",
                "scenario_code": "S30",
                "background": "pain",
                "solution": "cure",
                "results": [{"metric": "people", "before": 20, "after": 2, "unit": "people"}],
                "year": 2025,
            },
            {"background": "pain", "solution": "cure"},
        ],
        "scenario_codes": ["S30", "S20"],
        "industry_codes": ["39", "1432"],
        "region_codes": ["320500"],
        "cooperation_modes": ["licence"],
        "deployment_modes": ["cloud", "edge"],
        "trl": 9,
        "price_min_cny": 3,
        "price_max_cny": 4,
        "delivery_weeks": 5,
    }
)


def test_a_need_arrives_whole():
    read = need_document(NEED, document_id="n", atlas=ATLAS)
    assert (read.id, read.lang, read.title, read.problem) == ("n", "zh-Hant", "題目", "问题")
    assert (read.current_state, read.goal, read.keywords) == ("现状", "目标", ("甲", "乙"))
    assert (read.data_readiness, read.partner_requirements) == ("有数据", "有经验")
    figure, words = read.requirements
    assert (figure.text, figure.kind, figure.metric, figure.operator) == ("快", "must", "速度", ">=")
    assert (figure.target, figure.unit) == (80, "件/分钟")
    assert (words.text, words.kind, words.metric, words.operator, words.target) == ("好", "nice", None, None, None)
    assert read.scenario == Scenario("S20", "production")
    assert read.industry_path == ("C", "14", "143", "1432")
    assert read.region_codes == {"320506", "320500", "320000"}, "its own place and all that contain it"
    assert (read.deployment, read.cooperation_modes) == ("edge", {"turnkey", "service"})
    assert (read.budget_min, read.budget_max, read.complete_by, read.min_trl) == (1, 2, date(2027, 6, 30), 7)


def test_an_offer_arrives_whole():
    read = offer_document(OFFER, document_id="o", atlas=ATLAS)
    assert (read.id, read.lang, read.title, read.summary) == ("o", "en", "Title", "Summary")
    assert (read.description, read.advantages, read.keywords) == ("Description", "Advantages", ("a",))
    (spec,) = read.specs
    assert (spec.metric, spec.operator, spec.value, spec.unit, spec.evidence) == (
        "speed",
        ">=",
        90,
        "pcs/min",
        "on site",
    )
    told, bare = read.cases
    assert (told.background, told.solution, told.industry_path) == ("pain", "cure", ("C", "39"))
    assert (told.scenario, told.year) == ("S30", 2025)
    assert (told.results[0].metric, told.results[0].before, told.results[0].after) == ("people", 20, 2)
    assert (bare.industry_path, bare.scenario, bare.results, bare.year) == ((), None, (), None)
    assert read.scenarios == (Scenario("S30", "management"), Scenario("S20", "production"))
    assert read.industry_paths == (("C", "39"), ("C", "14", "143", "1432"))
    assert read.region_codes == {"320500"}, "served places stay as stated; the need brings what contains it"
    assert (read.cooperation_modes, read.deployment_modes) == ({"licence"}, {"cloud", "edge"})
    assert (read.trl, read.price_min, read.price_max, read.delivery_weeks) == (9, 3, 4, 5)


def test_what_is_not_said_stays_unsaid():
    need = need_document(NeedContent(title="t", problem="p"), document_id="n", atlas=ATLAS)
    assert need == Need(id="n", lang="zh", title="t", problem="p")
    offer = offer_document(CapabilityContent(title="t", summary="s"), document_id="o", atlas=ATLAS)
    assert offer == Offer(id="o", lang="zh", title="t", summary="s")


def test_nothing_a_customer_asked_to_withhold_reaches_the_matcher():
    assert "withheld" not in repr(offer_document(OFFER, document_id="o", atlas=ATLAS))


@pytest.mark.parametrize("field", ["scenario_code", "industry_code", "region_code"])
def test_a_code_outside_the_atlas_is_no_silent_blank(field):
    content = NEED.model_copy(update={field: "X9"})
    with pytest.raises(KeyError):
        need_document(content, document_id="n", atlas=ATLAS)


@given(key=st.sampled_from(sorted(records("needs"))))
def test_the_texts_of_every_demo_need_arrive_character_for_character(key):
    """Spans of an explanation count characters of the stored text: any trimming on the way would shift them."""
    record = records("needs")[key]
    texts = {name: record.get(name) or "" for name in ("title", "problem", "current_state", "goal")}
    asked = [{"text": one["text"], "kind": one["kind"]} for one in record["requirements"]]
    content = NeedContent.model_validate({**texts, "lang": record["lang"], "requirements": asked})
    read = need_document(content, document_id="n", atlas=ATLAS)
    assert {name: getattr(read, name) for name in texts} == texts
    assert [one.text for one in read.requirements] == [one["text"] for one in record["requirements"]]
