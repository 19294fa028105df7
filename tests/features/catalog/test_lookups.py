"""What other features ask about codes."""

import json
from collections import Counter
from pathlib import Path

import pytest

from app.features.catalog import service as catalog
from app.features.catalog.errors import CodesInvalid
from tests.support.statements import statements

DEMO = Path(__file__).resolve().parents[3] / "seeds" / "demo"
WUZHONG_TOWN = "nbs-320506003"


@pytest.fixture(scope="module")
def catalog_database(store):
    with store.fresh("catalog") as made:
        yield made


@pytest.fixture
def session(catalog_database):
    with catalog_database.read_session() as opened:
        yield opened


def test_the_standard_has_its_published_numbers_of_codes(session):
    paths = catalog.industry_paths(session)
    industrial = catalog.industries_within(session, "B") + catalog.industries_within(session, "C")
    by_depth = Counter(len(paths[code]) for code in [*industrial, *catalog.industries_within(session, "D")])

    assert len(paths) == 1971
    assert by_depth == {1: 3, 2: 41, 3: 207, 4: 666}


def test_paths_lead_from_the_section_down(session):
    assert catalog.industry_paths(session, ["3922", "C", "9999"]) == {"3922": ("C", "39", "392", "3922"), "C": ("C",)}


def test_stages_are_those_of_the_labels(session):
    stages = catalog.scenario_stages(session)

    assert len(stages) == 40
    assert Counter(stages.values()) == {"1": 3, "2": 2, "3": 2, "4": 12, "5": 10, "6": 4, "7": 3, "8": 4}
    assert catalog.scenario_stages(session, ["S24", "S99"]) == {"S24": "5"}


def test_a_town_lies_in_everything_around_it(session):
    assert catalog.containing_codes(session, WUZHONG_TOWN) == {
        WUZHONG_TOWN,
        "320506",
        "320500",
        "320000",
        "100000",
        "yangtze-river-delta",
        "east-china",
        "global",
    }


def test_an_area_lies_in_wider_areas(session):
    assert catalog.containing_codes(session, "yangtze-river-delta") == {
        "yangtze-river-delta",
        "east-china",
        "100000",
        "global",
    }
    assert catalog.containing_codes(session, "southeast-asia") == {"southeast-asia", "global"}


def test_an_unknown_region_lies_in_nothing(session):
    assert catalog.containing_codes(session, "nowhere") == frozenset()


def test_all_regions_are_surrounded_in_one_statement(catalog_database, session):
    with statements(catalog_database) as sent:
        surroundings = catalog.containing_regions(session)

    assert len(sent) == 1
    assert len(surroundings) == 221
    assert all(code in around for code, around in surroundings.items())
    assert all("global" in around for around in surroundings.values())


def test_within_goes_down_to_the_leaves(session):
    assert sorted(catalog.industries_within(session, "392")) == ["392", "3921", "3922"]
    assert set(catalog.regions_within(session, "320506")) >= {"320506", WUZHONG_TOWN}
    assert "320507" not in catalog.regions_within(session, "320506")


def test_within_an_area_are_its_members_and_what_they_hold(session):
    found = catalog.regions_within(session, "yangtze-river-delta")

    assert set(found) >= {"yangtze-river-delta", "310000", "330400", WUZHONG_TOWN}
    assert not {"100000", "110000"} & set(found)
    assert len(found) == len(set(found))


def test_within_the_world_is_everything(session):
    assert set(catalog.regions_within(session, "global")) == set(catalog.containing_regions(session))


def test_within_an_unknown_code_is_nothing(session):
    assert list(catalog.industries_within(session, "ZZ")) == []
    assert list(catalog.regions_within(session, "nowhere")) == []


def test_missing_codes_are_told_apart_by_kind(catalog_database, session):
    with statements(catalog_database) as sent:
        missing = catalog.missing_codes(
            session, industries=["3922", "9999"], scenarios=["S24", "S99"], regions=["320506", "x"]
        )

    assert missing == (frozenset({"9999"}), frozenset({"S99"}), frozenset({"x"}))
    assert len(sent) == 3


def test_no_codes_cost_no_statement(catalog_database, session):
    with statements(catalog_database) as sent:
        assert catalog.missing_codes(session) == (frozenset(), frozenset(), frozenset())
        catalog.require_codes(session, regions={"/region_code": None})

    assert sent == []


def test_codes_that_exist_are_let_through(session):
    catalog.require_codes(
        session,
        industries={"/industry_code": "3922"},
        scenarios={"/scenario_codes/0": "S24", "/scenario_code": None},
        regions={"/region_code": WUZHONG_TOWN, "/region_codes/0": "yangtze-river-delta"},
    )


def test_each_unknown_code_is_told_at_its_place(session):
    with pytest.raises(CodesInvalid) as caught:
        catalog.require_codes(
            session,
            industries={"/industry_codes/0": "3922", "/industry_codes/1": "9999"},
            scenarios={"/scenario_code": "S99"},
            regions={"/region_code": "nowhere"},
        )

    assert [(fault.pointer, fault.code) for fault in caught.value.errors] == [
        ("/industry_codes/1", "unknown_code"),
        ("/scenario_code", "unknown_code"),
        ("/region_code", "unknown_code"),
    ]


def test_a_place_that_is_only_counted_cannot_be_chosen(session):
    with pytest.raises(CodesInvalid) as caught:
        catalog.require_codes(session, regions={"/region_code": "nbs-320506404"})

    assert [(fault.pointer, fault.code) for fault in caught.value.errors] == [("/region_code", "not_selectable")]


def test_the_two_official_systems_disagree_on_a_number(session):
    found = catalog.resolve_regions(session, ["320506006", "320506100"])

    assert found.ambiguous == {"320506006": ("nbs-320506003", "nbs-320506006")}
    assert found.codes == {"320506100": "nbs-320506100"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("全国", "100000"),
        ("中国", "100000"),
        ("China", "100000"),
        ("Global", "global"),
        ("长三角", "yangtze-river-delta"),
        ("East China", "east-china"),
        ("华东", "east-china"),
        ("江苏", "320000"),
        ("江苏省", "320000"),
        ("Jiangsu", "320000"),
        ("shanghai", "310000"),
        ("苏州", "320500"),
        ("Suzhou", "320500"),
        ("吴中", "320506"),
        ("Wuzhong", "320506"),
        ("Wuzhong District", "320506"),
        ("木渎镇", "nbs-320506103"),
        ("Mudu", "nbs-320506103"),
        ("32", "320000"),
        ("320506", "320506"),
        ("320576", "320576"),
        ("320505102", "mca-320505102"),
        ("内蒙古", "150000"),
    ],
)
def test_a_place_is_found_by_what_people_call_it(session, name, code):
    assert catalog.resolve_regions(session, [name]).codes == {name: code}


def test_a_name_of_several_places_is_not_guessed(session):
    found = catalog.resolve_regions(session, ["Taizhou", "Atlantis"])

    assert found == ({}, {"Taizhou": ("321200", "331000")}, frozenset({"Atlantis"}))


def test_every_region_of_the_demonstration_is_known(session):
    needs, capabilities = (
        [json.loads(line) for line in (DEMO / name).read_text("utf-8").splitlines()]
        for name in ("needs.jsonl", "capabilities.jsonl")
    )
    names = {need["service_region"] for need in needs} - {None}
    names |= {name for capability in capabilities for name in capability["service_regions"]}

    found = catalog.resolve_regions(session, names)

    assert (found.ambiguous, found.unknown) == ({}, frozenset())
    assert found.codes.keys() == names


def test_the_thesaurus_comes_grouped_by_concept(session):
    concepts = catalog.thesaurus(session)

    assert len(concepts) == 627
    assert sum(len(concept.terms) for concept in concepts) == 2385
    assert [concept.id for concept in concepts] == sorted({concept.id for concept in concepts})
    assert concepts[0].category == "AI"
    assert ("zh", "人工智能", "preferred") in concepts[0].terms
