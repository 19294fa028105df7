"""Listing the register: filters, order, pages."""

import pytest

from tests.features.organizations.conftest import ORGANIZATIONS, Register
from tests.support.clients import client_over
from tests.support.people import make_uscc, read_people

ENTRIES = {
    "food": {"name": "甲食品", "industry_code": "1432", "region_code": "nbs-320506103", "roles": ["enterprise"]},
    "section": {"name": "乙制造", "industry_code": "C", "region_code": "320506", "roles": ["enterprise", "provider"]},
    "software": {"name": "丙软件", "industry_code": "6513", "region_code": "320500", "org_type": "software_vendor"},
    "far": {"name": "丁远方 100%", "name_en": "Far_Away Ltd", "region_code": "310000", "summary": r"back\slash ＡＢＣ"},
    "bare": {"name": "戊 100 percent", "name_en": "FarXAway"},
}


@pytest.fixture(scope="module")
def listed(store):
    """A register with the entries above, for all tests of this module."""
    with store.fresh("staffed") as database, client_over(database) as client:
        register = Register(client, read_people(store.note("staffed")))
        ids = {register.enter(uscc=make_uscc(number), **entry)["id"]: name
               for number, (name, entry) in enumerate(ENTRIES.items(), start=800)}  # fmt: skip

        def names(**query):
            return {ids[item["id"]] for item in register.list(limit=200, **query)["items"] if item["id"] in ids}

        register.names = names
        yield register


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"role": "enterprise"}, {"food", "section"}),
        ({"role": "provider"}, {"section", "software", "far", "bare"}),
        ({"org_type": "software_vendor"}, {"software"}),
        ({"industry": "1432"}, {"food"}),
        ({"industry": "143"}, {"food"}),
        ({"industry": "14"}, {"food"}),
        ({"industry": "C"}, {"food", "section"}),
        ({"industry": "I"}, {"software"}),
        ({"industry": "9999"}, set()),
        ({"region": "nbs-320506103"}, {"food"}),
        ({"region": "320506"}, {"food", "section"}),
        ({"region": "320500"}, {"food", "section", "software"}),
        ({"region": "yangtze-river-delta"}, {"food", "section", "software", "far"}),
        ({"region": "nowhere"}, set()),
        ({"q": "食品"}, {"food"}),
        ({"q": "100%"}, {"far"}),
        ({"q": "%"}, {"far"}),
        ({"q": "_"}, {"far"}),
        ({"q": "far_away"}, {"far"}),
        ({"q": "\\"}, {"far"}),
        ({"q": "abc"}, {"far"}),
        ({"q": "ａｂｃ　ＦＡＲ"}, {"far"}),
        ({"q": "AWAY"}, {"far", "bare"}),
        ({"q": "away percent"}, {"bare"}),
        ({"q": "'; DROP TABLE organizations; --"}, set()),
        ({"q": ""}, set(ENTRIES)),
        ({"q": "   "}, set(ENTRIES)),
        ({"role": "enterprise", "industry": "C", "region": "320506", "q": "制造"}, {"section"}),
    ],
)
def test_the_register_is_filtered(listed, query, found):
    assert listed.names(**query) == found


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "name", "-name"])
@pytest.mark.parametrize("limit", [1, 3, 8])
def test_cursors_pass_everything_exactly_once_in_order(listed, sort, limit):
    whole = listed.list(sort=sort, limit=200)["items"]
    items, cursor = [], None
    while True:
        page = listed.list(sort=sort, limit=limit, include="total", **({"cursor": cursor} if cursor else {}))
        assert len(page["items"]) <= limit
        assert page["total"] == 8
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert items == whole
    assert len({item["id"] for item in items}) == 8
    if "created_at" in sort:
        keys = [(item["created_at"], item["id"]) for item in items]
        assert keys == sorted(keys, reverse=sort.startswith("-"))


def test_backwards_is_the_reverse_of_forwards(listed):
    for column in ("name", "created_at"):
        forwards = [item["id"] for item in listed.list(sort=column)["items"]]
        assert [item["id"] for item in listed.list(sort=f"-{column}")["items"]] == forwards[::-1]


def test_the_total_counts_what_is_filtered(listed):
    page = listed.list(industry="C", limit=1, include="total")
    assert (len(page["items"]), page["total"]) == (1, 2)
    assert listed.list(limit=1)["total"] is None


def test_a_cursor_of_another_sort_is_refused(listed):
    cursor = listed.list(sort="name", limit=1)["next_cursor"]
    for query in ({"sort": "-name", "cursor": cursor}, {"cursor": cursor}, {"cursor": "x"}, {"cursor": "é"}):
        refused = listed.client.get(ORGANIZATIONS, params=query, headers=listed.headers("operator"))
        assert refused.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": -1},
        {"limit": 201},
        {"limit": "many"},
        {"sort": "uscc"},
        {"sort": "--name"},
        {"role": "operator"},
        {"org_type": "circus"},
        {"industry": "14%"},
        {"industry": ""},
        {"region": "a b"},
        {"q": "x" * 101},
        {"q": "a\0b"},
        {"cursor": "x" * 2001},
        {"cursor": "a\0b"},
        {"include": "contacts"},
        {"name": "甲"},
    ],
)
def test_a_query_out_of_bounds_is_refused(listed, query):
    refused = listed.client.get(ORGANIZATIONS, params=query, headers=listed.headers("operator"))
    assert refused.status_code == 422
    fault = refused.json()["errors"][0]
    assert (fault["location"], fault["pointer"]) == ("query", f"/{next(iter(query))}")
