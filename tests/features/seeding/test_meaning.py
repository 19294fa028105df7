"""Places and visibility of a judged matching set."""

import pytest

from app.features.catalog.types import ResolvedRegions
from app.features.seeding.meaning import Setting, places_in, with_levels, with_regions

SETTING = Setting(
    ResolvedRegions(
        codes={"苏州市": "320500", "Suzhou": "320500", "nbs-320506003": "nbs-320506003"},
        ambiguous={"Taizhou": ("321200", "331000")},
        unknown=frozenset({"nowhere"}),
    ),
    owners={},
)


def _with_regions(**content):
    placed, faults = with_regions(content, SETTING)
    return placed, [(fault.pointer, fault.detail.en) for fault in faults]


def test_places_are_looked_up_by_name_and_long_numbers_as_nbs_codes():
    assert places_in({"region_code": "320506003"}) == ["nbs-320506003"]
    assert places_in({"region_code": "320506", "region_codes": ["苏州市", "320506003"]}) == [
        "320506",
        "苏州市",
        "nbs-320506003",
    ]
    assert places_in({"region_code": None, "region_codes": [1, "x"]}) == []


def test_a_place_becomes_its_code():
    assert _with_regions(region_code="苏州市", title="x") == ({"region_code": "320500", "title": "x"}, [])
    assert _with_regions(region_code="320506003") == ({"region_code": "nbs-320506003"}, [])


def test_two_names_of_one_place_are_one_place():
    assert _with_regions(region_codes=["苏州市", "Suzhou"]) == ({"region_codes": ["320500"]}, [])


def test_each_place_that_is_not_clear_is_told():
    assert _with_regions(region_codes=["苏州市", "nowhere", "Taizhou"]) == (
        {"region_codes": ["320500"]},
        [
            ("/region_codes/1", "There is no such region"),
            ("/region_codes/2", "Several regions are called so; give a code"),
        ],
    )
    assert _with_regions(region_code="nowhere") == (
        {"region_code": None},
        [("/region_code", "There is no such region")],
    )


@pytest.mark.parametrize("value", [5, {"a": 1}, [1, "苏州市"]])
def test_what_is_not_text_is_left_to_the_schema(value):
    assert _with_regions(region_codes=value) == ({"region_codes": value}, [])


@pytest.mark.parametrize(
    ("said", "level"), [("public", "public"), ("recommended", "matched"), ("confidential", "confidential")]
)
def test_one_visibility_holds_for_all_groups(said, level):
    assert with_levels({"visibility": said}) == (
        {"visibility": {"identity": level, "details": level, "budget": level}},
        [],
    )


def test_no_visibility_leaves_the_default():
    assert with_levels({"title": "x"}) == ({"title": "x"}, [])


def test_an_unknown_visibility_is_one_fault():
    content, faults = with_levels({"visibility": ["secret"]})

    assert content == {}
    assert [(fault.pointer, fault.code) for fault in faults] == [("/visibility", "enum")]
