"""Writing the vocabulary: whole lists or nothing."""

import pytest
from sqlalchemy import select

from app.core.errors import Invalid
from app.db import changes
from app.features.catalog import service as catalog
from app.features.catalog.models import Industry, Region
from app.features.catalog.schemas import (
    IndustryEntry,
    RegionAliasEntry,
    RegionEntry,
    RegionMemberEntry,
    ScenarioAliasEntry,
    ScenarioEntry,
    TechnologyCategoryEntry,
    TechnologyTermEntry,
)
from tests.support.statements import statements

CHINA = RegionEntry(code="100000", level="country", name_zh="中国", name_en="China")
JIANGSU = RegionEntry(level="province", name_zh="江苏省", nbs_code="32", mca_code="320000")


@pytest.fixture
def session(database):
    with database.write_session() as opened:
        yield opened


def _industry(code, parent, **others):
    fields = {"level": "class", "name_zh": f"行业{code}", "is_industrial": True, **others}
    return IndustryEntry(code=code, parent_code=parent, **fields)


def _town(nbs, **others):
    fields = {"level": "township", "name_zh": f"镇{nbs}", "parent_code": "100000", "nbs_code": nbs, **others}
    return RegionEntry(**fields)


def _scenario(code, number):
    names = {f"{what}_{lang}": f"{what}{lang}" for what in ("stage", "name", "description") for lang in ("zh", "en")}
    return ScenarioEntry(code=code, number=number, stage_number=1, **names)


def _term(concept, term, category="AI"):
    return TechnologyTermEntry(concept_id=concept, lang="zh", term=term, category_code=category, kind="synonym")


def _faults(put, session, entries):
    with pytest.raises(Invalid) as caught:
        put(session, entries)
    return [(fault.pointer, fault.code) for fault in caught.value.errors]


def test_a_second_time_changes_nothing(session):
    entries = [_industry("C", None), _industry("39", "C")]

    assert catalog.put_industries(session, entries) == ["created", "created"]
    assert catalog.put_industries(session, entries) == ["unchanged", "unchanged"]
    changes.write(session)
    assert [change.kind for change in changes.since(session, 0)] == [catalog.CHANGE_KIND]


def test_only_what_differs_is_written(database, session):
    entries = [_industry("C", None), _industry("39", "C"), _industry("40", "C")]
    catalog.put_industries(session, entries)
    renamed = _industry("39", "C", name_zh="新名", name_en="New")

    with statements(database) as sent:
        outcomes = catalog.put_industries(session, [entries[0], renamed, _industry("41", "C")])

    assert outcomes == ["unchanged", "updated", "created"]
    assert sum(statement.startswith("UPDATE industries") for statement in sent) == 1
    stored = dict(session.execute(select(Industry.code, Industry.name_zh)).all())
    assert stored == {"C": "行业C", "39": "新名", "40": "行业40", "41": "行业41"}
    assert session.scalar(select(Industry.search_text).where(Industry.code == "39")) == "39 新名 new"


def test_a_parent_comes_first_or_is_stored(session):
    assert _faults(catalog.put_industries, session, [_industry("39", "C"), _industry("C", None)]) == [
        ("/0/parent_code", "unknown_code")
    ]
    catalog.put_industries(session, [_industry("C", None)])
    catalog.put_industries(session, [_industry("39", "C")])

    assert catalog.industry_paths(session, ["39"]) == {"39": ("C", "39")}


def test_a_code_given_twice_is_a_fault(session):
    assert _faults(catalog.put_industries, session, [_industry("C", None), _industry("C", None)]) == [
        ("/1/code", "repeated_item")
    ]


def test_our_own_codes_come_from_the_official_ones(session):
    entries = [
        CHINA,
        JIANGSU,
        RegionEntry(level="county", name_zh="园区", parent_code="320000", nbs_code="320576", kind="statistical"),
        _town("320506003", mca_code="320506006"),
        _town(None, name_zh="新镇", mca_code="320505102"),
        _town("320506404", kind="statistical"),
        _town("320506405", is_selectable=False),
    ]
    catalog.put_regions(session, entries)
    stored = session.execute(select(Region.code, Region.path, Region.is_selectable).order_by(Region.code))

    assert {code: (path, selectable) for code, path, selectable in stored} == {
        "100000": ("100000", True),
        "320000": ("100000/320000", True),
        "320576": ("100000/320000/320576", True),
        "nbs-320506003": ("100000/nbs-320506003", True),
        "mca-320505102": ("100000/mca-320505102", True),
        "nbs-320506404": ("100000/nbs-320506404", False),
        "nbs-320506405": ("100000/nbs-320506405", False),
    }


def test_an_official_code_belongs_to_one_place(session):
    catalog.put_regions(session, [CHINA, _town("320506001", mca_code="320506002")])
    entries = [_town("320506003", mca_code="320506002"), _town(None, code="x", mca_code="320506009")]
    more = [_town("320506004", mca_code="320506009"), _town("320506003", code="y")]

    assert _faults(catalog.put_regions, session, entries + more) == [
        ("/3/nbs_code", "repeated_item"),
        ("/0/mca_code", "repeated_item"),
        ("/2/mca_code", "repeated_item"),
    ]


def test_places_may_not_hang_in_the_air(session):
    assert _faults(catalog.put_regions, session, [JIANGSU]) == [("/0/parent_code", "unknown_code")]


def test_a_region_needs_some_code():
    with pytest.raises(ValueError, match="Field required"):
        RegionEntry(level="township", name_zh="无名")


def test_members_and_aliases_name_places_that_exist(session):
    catalog.put_regions(session, [CHINA, JIANGSU])
    member = RegionMemberEntry(area_code="100000", member_code="320000")
    alias = RegionAliasEntry(alias="Mainland", region_code="100000")

    assert _faults(
        catalog.put_region_members, session, [member, member, RegionMemberEntry(area_code="a", member_code="b")]
    ) == [("/1/member_code", "repeated_item"), ("/2/area_code", "unknown_code"), ("/2/member_code", "unknown_code")]
    assert _faults(
        catalog.put_region_aliases,
        session,
        [
            alias,
            RegionAliasEntry(alias="ＭAINLAND", region_code="320000"),
            RegionAliasEntry(alias="x", region_code="y"),
        ],
    ) == [("/1/alias", "repeated_item"), ("/2/region_code", "unknown_code")]
    assert catalog.put_region_members(session, [member]) == ["created"]
    assert catalog.put_region_members(session, [member]) == ["unchanged"]
    assert catalog.put_region_aliases(session, [alias]) == ["created"]
    assert catalog.resolve_regions(session, ["mainland"]).codes == {"mainland": "100000"}


def test_scenarios_have_one_number_and_their_aliases_a_scenario(session):
    assert _faults(catalog.put_scenarios, session, [_scenario("S01", 1), _scenario("S01", 1)]) == [
        ("/1/code", "repeated_item"),
        ("/1/number", "repeated_item"),
    ]
    assert catalog.put_scenarios(session, [_scenario("S01", 1)]) == ["created"]
    alias = ScenarioAliasEntry(alias_zh="旧名", scenario_code="S01")
    stray = ScenarioAliasEntry(alias_zh="旧名", scenario_code="S02")
    assert _faults(catalog.put_scenario_aliases, session, [alias, stray]) == [
        ("/1/alias_zh", "repeated_item"),
        ("/1/scenario_code", "unknown_code"),
    ]
    assert catalog.put_scenario_aliases(session, [alias]) == ["created"]


def test_a_concept_stays_in_one_category(session):
    categories = [TechnologyCategoryEntry(code=code, name_zh=code, name_en=code) for code in ("AI", "MES")]
    assert _faults(catalog.put_technology_categories, session, [*categories, categories[0]]) == [
        ("/2/code", "repeated_item")
    ]
    catalog.put_technology_categories(session, categories)

    assert _faults(
        catalog.put_technology_terms,
        session,
        [_term("T1", "甲"), _term("T1", "甲"), _term("T1", "乙", "MES"), _term("T2", "丙", "NONE")],
    ) == [("/1/term", "repeated_item"), ("/3/category_code", "unknown_code"), ("/2/category_code", "one_category")]
    assert catalog.put_technology_terms(session, [_term("T1", "甲"), _term("T2", "甲", "MES")]) == ["created"] * 2
