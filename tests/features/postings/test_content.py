"""What a posting may say: each fault is told at its place, and nothing is stored."""

import pytest

from tests.features.postings.desk import SIDES, Desk, faults
from tests.support.clients import client_over
from tests.support.people import read_people

LONG = "x" * 8001
FIGURE = {"text": "a", "metric": "m", "operator": ">=", "target": 1, "unit": ""}
FILE = {"name": "a", "url": "https://example.com/"}
BOTH = [
    ({"title": None}, "/title", "string_type"),
    ({"title": ""}, "/title", "string_too_short"),
    ({"title": " \t "}, "/title", "string_too_short"),
    ({"title": "x" * 257}, "/title", "string_too_long"),
    ({"title": "a\0b"}, "/title", "control_character"),
    ({"title": "a\x7fb"}, "/title", "control_character"),
    ({"title": "\u200b"}, "/title", "blank_text"),
    ({"title": "\u2060\ufeff\u200e"}, "/title", "blank_text"),
    ({"title": "\u3164\u034f"}, "/title", "blank_text"),
    ({"keywords": ["\u00ad"]}, "/keywords/0", "blank_text"),
    ({"title": "\ud800"}, "/title", "string_unicode"),
    ({"lang": "fr"}, "/lang", "enum"),
    ({"keywords": ["a", "a"]}, "/keywords", "repeated_item"),
    ({"keywords": ["a", " a "]}, "/keywords", "repeated_item"),
    ({"keywords": [""]}, "/keywords/0", "string_too_short"),
    ({"keywords": ["x" * 65]}, "/keywords/0", "string_too_long"),
    ({"keywords": ["ok", "a\0"]}, "/keywords/1", "control_character"),
    ({"keywords": [str(n) for n in range(9)]}, "/keywords", "too_long"),
    ({"keywords": "a"}, "/keywords", "list_type"),
    ({"cooperation_modes": ["barter"]}, "/cooperation_modes/0", "enum"),
    ({"cooperation_modes": ["leasing", "leasing"]}, "/cooperation_modes", "repeated_item"),
    ({"visibility": {"details": "secret"}}, "/visibility/details", "enum"),
    ({"visibility": {"contact": "public"}}, "/visibility/contact", "extra_forbidden"),
    ({"valid_until": "2027-02-30"}, "/valid_until", "date_from_datetime_parsing"),
    ({"valid_until": "tomorrow"}, "/valid_until", "date_type"),
    ({"valid_until": "2027-01-01T10:00:00Z"}, "/valid_until", "date_type"),
    ({"organization_id": "mine"}, "/organization_id", "uuid_parsing"),
    ({"status": "published"}, "/status", "extra_forbidden"),
    ({"reference": "XQ-2026-000001"}, "/reference", "extra_forbidden"),
    ({"colour/~": "red"}, "/colour~1~0", "extra_forbidden"),
]
NEED = [
    ({"attachments": [FILE | {"url": "http://example.com/a"}]}, "/attachments/0/url", "string_pattern_mismatch"),
    ({"attachments": [FILE | {"url": "https://10.0.0.1/a"}]}, "/attachments/0/url", "web_address"),
    ({"attachments": [FILE | {"url": "https://[::1]/a"}]}, "/attachments/0/url", "web_address"),
    ({"attachments": [FILE | {"url": "https://localhost/a"}]}, "/attachments/0/url", "web_address"),
    ({"attachments": [FILE | {"url": "https://files.internal/a"}]}, "/attachments/0/url", "web_address"),
    ({"attachments": [FILE | {"url": "https://host.local./a"}]}, "/attachments/0/url", "web_address"),
    ({"attachments": [FILE | {"url": "https://user:pw@example.com/a"}]}, "/attachments/0/url", "web_address"),
    ({"attachments": [FILE | {"url": "https://0x7f.1/a"}]}, "/attachments/0/url", "web_address"),
    ({"attachments": [FILE | {"url": "https://2130706433/"}]}, "/attachments/0/url", "web_address"),
    ({"attachments": [FILE | {"url": "https:///a"}]}, "/attachments/0/url", "web_address"),
    ({"attachments": [FILE | {"url": "javascript:alert(1)"}]}, "/attachments/0/url", "string_pattern_mismatch"),
    ({"attachments": [FILE | {"url": f"https://example.com/{LONG}"}]}, "/attachments/0/url", "string_too_long"),
    ({"attachments": [FILE | {"sha256": "ab"}]}, "/attachments/0/sha256", "string_pattern_mismatch"),
    ({"attachments": [FILE | {"name": "\u200b"}]}, "/attachments/0/name", "blank_text"),
    ({"attachments": [FILE] * 21}, "/attachments", "too_long"),
    ({"problem": ""}, "/problem", "string_too_short"),
    ({"problem": LONG}, "/problem", "string_too_long"),
    ({"goal": LONG}, "/goal", "string_too_long"),
    ({"current_state": "a\0"}, "/current_state", "control_character"),
    ({"data_readiness": LONG}, "/data_readiness", "string_too_long"),
    ({"partner_requirements": None}, "/partner_requirements", "string_type"),
    ({"keywords": [str(n) for n in range(6)]}, "/keywords", "too_long"),
    ({"budget_min_cny": 2, "budget_max_cny": 1}, "/budget_min_cny", "range_reversed"),
    ({"budget_min_cny": -1}, "/budget_min_cny", "greater_than_equal"),
    ({"budget_max_cny": 10**13 + 1}, "/budget_max_cny", "less_than_equal"),
    ({"budget_max_cny": 1.5}, "/budget_max_cny", "int_type"),
    ({"budget_max_cny": "800000"}, "/budget_max_cny", "int_type"),
    ({"budget_max_cny": True}, "/budget_max_cny", "int_type"),
    ({"min_trl": 0}, "/min_trl", "greater_than_equal"),
    ({"min_trl": 10}, "/min_trl", "less_than_equal"),
    ({"complete_by": "2027-13-01"}, "/complete_by", "date_from_datetime_parsing"),
    ({"deployment": "moon"}, "/deployment", "enum"),
    ({"ip_terms": "mine"}, "/ip_terms", "enum"),
    ({"requirements": [{"text": "a"}] * 51}, "/requirements", "too_long"),
    ({"requirements": [{"text": ""}]}, "/requirements/0/text", "string_too_short"),
    ({"requirements": [{"text": "x" * 1001}]}, "/requirements/0/text", "string_too_long"),
    ({"requirements": [{"text": "a", "kind": "maybe"}]}, "/requirements/0/kind", "enum"),
    ({"requirements": [{"text": "a"}, {"text": "b", "metric": "m"}]}, "/requirements/1", "incomplete_figure"),
    ({"requirements": [{"text": "a", "target": 0}]}, "/requirements/0", "incomplete_figure"),
    ({"requirements": [FIGURE | {"unit": None}]}, "/requirements/0", "incomplete_figure"),
    ({"requirements": [FIGURE | {"operator": "!"}]}, "/requirements/0/operator", "enum"),
    ({"requirements": [FIGURE | {"target": 1e16}]}, "/requirements/0/target", "less_than_equal"),
    ({"requirements": [FIGURE | {"unit": "x" * 33}]}, "/requirements/0/unit", "string_too_long"),
    ({"scenario_code": "S99"}, "/scenario_code", "unknown_code"),
    ({"industry_code": "9999"}, "/industry_code", "unknown_code"),
    ({"region_code": "nowhere"}, "/region_code", "unknown_code"),
    ({"region_code": "nbs-320506400"}, "/region_code", "not_selectable"),
    ({"scenario_code": "S 2"}, "/scenario_code", "string_pattern_mismatch"),
    ({"industry_code": "1" * 33}, "/industry_code", "string_too_long"),
    ({"summary": "a"}, "/summary", "extra_forbidden"),
]  # fmt: skip
CASE = {"background": "a", "solution": "b"}
RESULT = {"metric": "m", "before": 1, "after": 2, "unit": ""}
SPEC = {"metric": "m", "operator": ">=", "value": 1, "unit": ""}
CAPABILITY = [
    ({"summary": ""}, "/summary", "string_too_short"),
    ({"description": LONG}, "/description", "string_too_long"),
    ({"advantages": "a\0"}, "/advantages", "control_character"),
    ({"price_min_cny": 2, "price_max_cny": 1}, "/price_min_cny", "range_reversed"),
    ({"price_max_cny": 10**13 + 1}, "/price_max_cny", "less_than_equal"),
    ({"trl": 10}, "/trl", "less_than_equal"),
    ({"trl": True}, "/trl", "int_type"),
    ({"delivery_weeks": 521}, "/delivery_weeks", "less_than_equal"),
    ({"delivery_weeks": -1}, "/delivery_weeks", "greater_than_equal"),
    ({"capacity": 1_000_001}, "/capacity", "less_than_equal"),
    ({"ip_status": "mine"}, "/ip_status", "enum"),
    ({"deployment_modes": ["edge", "edge"]}, "/deployment_modes", "repeated_item"),
    ({"certifications": ["a", "a"]}, "/certifications", "repeated_item"),
    ({"certifications": ["x" * 257]}, "/certifications/0", "string_too_long"),
    ({"specs": [{"metric": "m", "operator": ">=", "value": 1}]}, "/specs/0/unit", "missing"),
    ({"specs": [{"metric": "", "operator": ">=", "value": 1, "unit": ""}]}, "/specs/0/metric", "string_too_short"),
    ({"specs": [SPEC] * 51}, "/specs", "too_long"),
    ({"cases": [CASE] * 21}, "/cases", "too_long"),
    ({"cases": [{"background": "a"}]}, "/cases/0/solution", "missing"),
    ({"cases": [CASE | {"year": 1949}]}, "/cases/0/year", "greater_than_equal"),
    ({"cases": [CASE | {"results": [RESULT] * 21}]}, "/cases/0/results", "too_long"),
    ({"cases": [CASE | {"results": [RESULT | {"unit": "a\0"}]}]}, "/cases/0/results/0/unit", "control_character"),
    (
        {"cases": [CASE | {"results": [{"metric": "m", "after": 2, "unit": ""}]}]},
        "/cases/0/results/0/before",
        "missing",
    ),
    ({"scenario_codes": ["S20", "S99"]}, "/scenario_codes/1", "unknown_code"),
    ({"industry_codes": ["9999"]}, "/industry_codes/0", "unknown_code"),
    ({"industry_codes": ["1432", "1432"]}, "/industry_codes", "repeated_item"),
    ({"region_codes": ["nowhere"]}, "/region_codes/0", "unknown_code"),
    ({"region_codes": ["320500", "nbs-320506400"]}, "/region_codes/1", "not_selectable"),
    ({"cases": [CASE, CASE | {"industry_code": "9999"}]}, "/cases/1/industry_code", "unknown_code"),
    ({"cases": [CASE | {"scenario_code": "S99"}]}, "/cases/0/scenario_code", "unknown_code"),
    ({"scenario_codes": [str(n) for n in range(41)]}, "/scenario_codes", "too_long"),
    ({"problem": "a"}, "/problem", "extra_forbidden"),
]
OWN = {"need": NEED, "capability": CAPABILITY}


CASES = [
    pytest.param(name, *case, id=f"{name}{case[1]}-{case[2]}") for name, own in OWN.items() for case in [*BOTH, *own]
]


@pytest.fixture(scope="module")
def standing(busy_desk):
    """A desk with one draft on it."""
    busy_desk.kept = busy_desk.draft(title="已有")
    return busy_desk


@pytest.fixture(scope="module")
def desks(store):
    """A desk for each kind on one database, which the tests that use them leave empty."""
    with store.fresh("staffed") as database, client_over(database) as client:
        people = read_people(store.note("staffed"))
        yield {name: Desk(client, people, side, database) for name, side in SIDES.items()}


@pytest.mark.parametrize(("name", "change", "pointer", "code"), CASES)
def test_a_fault_is_told_at_its_place(desks, name, change, pointer, code):
    desk = desks[name]
    refused = desk.post(**({"title": "新的"} | dict(desk.side.least) | change))

    assert refused.status_code == 422
    assert faults(refused) == [(pointer, code)]
    assert desk.list(include="total")["total"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"title": ""},
        {"keywords": ["a", "a"]},
        {"visibility": {"details": "secret"}},
        {"visibility": None},
        {"status": "published"},
        {"version": 9},
        {"organization_id": "0190a0a0-0000-7000-8000-000000000000"},
        {"lang": None},
        {"keywords": None},
    ],
)
def test_a_faulty_change_is_told_at_its_place_and_changes_nothing(standing, change):
    refused = standing.patch(standing.kept, valid_until="2098-01-01", **change)
    assert refused.status_code == 422
    assert all(pointer.startswith(f"/{next(iter(change))}") for pointer, _ in faults(refused))
    assert standing.get(standing.kept).json() == standing.kept


def test_a_range_is_checked_against_what_is_already_there(desk):
    low, high = desk.side.budget
    made = desk.draft(**{low: 500, high: 900})
    assert faults(desk.patch(made, **{high: 400})) == [(f"/{low}", "range_reversed")]
    assert desk.patch(made, **{high: 500}).json()[high] == 500
    assert desk.patch(made, **{low: None, high: 1}).json()[high] == 1


def test_missing_fields_are_told_together(standing):
    assert set(faults(standing.post())) == {("/title", "missing"), (f"/{standing.side.text}", "missing")}


def test_a_level_that_is_not_named_stays_as_it_was(desk):
    made = desk.draft(visibility={"identity": "matched", "details": "registered", "budget": "confidential"})
    changed = desk.patch(made, visibility={"budget": "public"}).json()
    assert changed["visibility"] == {"identity": "matched", "details": "registered", "budget": "public"}


def test_every_field_can_be_changed(desk):
    made = desk.draft()
    changed = desk.patch(made, title="改过", **desk.side.full)
    assert changed.status_code == 200
    shown = changed.json()
    assert {name: shown[name] for name in desk.side.full} == desk.side.full
    assert (shown["title"], shown["reference"], shown["version"]) == ("改过", made["reference"], 2)
    emptied = {name: None for name, value in desk.side.defaults.items() if value is None}
    shown = desk.patch(made, **emptied).json()
    assert {name: shown[name] for name in emptied} == emptied


def test_text_is_kept_to_the_letter(desk):
    text = "第一行\n\t“引号” <b>&amp;</b> 😀 ﬁ ＡＢＣ \\ % _ ' \" -- 𠮷"
    made = desk.draft(**{desk.side.text: f"  {text}  "})
    assert desk.get(made).json()[desk.side.text] == text
