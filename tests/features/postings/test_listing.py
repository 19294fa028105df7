"""Lists of postings: filters, order, pages, cost."""

import pytest

from tests.features.postings.desk import Desk
from tests.support.clients import client_over
from tests.support.people import read_people
from tests.support.statements import statements

ENTRIES = {
    "food": {"title": "甲 理料 100%", "codes": ("S20", "1432", "nbs-320506103"), "keywords": ["分拣"]},
    "section": {"title": "乙 Under_score", "codes": ("S24", "C", "320506"), "lang": "en"},
    "software": {"title": "丙 under-score", "codes": ("S24", "6513", "320500"), "lang": "zh-Hant"},
    "far": {"title": r"丁 back\slash ＡＢＣ", "codes": (None, None, "310000")},
    "bare": {"title": "戊 100 percent", "codes": (None, None, None)},
}


@pytest.fixture(scope="module")
def shelf(store, side):
    """Published postings as above and one draft, for all tests of this module."""
    with store.fresh("staffed") as database, client_over(database) as client:
        desk = Desk(client, read_people(store.note("staffed")), side, database)
        for number, entry in enumerate(ENTRIES.values()):
            given = {name: value for name, value in entry.items() if name != "codes"}
            desk.put(by="stranger" if number % 2 else "owner", **given, **side.codes(*entry["codes"]))
        desk.draft(title="草稿")
        by_title = {entry["title"]: name for name, entry in ENTRIES.items()} | {"草稿": "draft"}
        desk.names = lambda by="operator", **query: {
            by_title[item["title"]] for item in desk.list(by, **query)["items"]
        }
        yield desk


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {*ENTRIES, "draft"}),
        ({"status": "published"}, set(ENTRIES)),
        ({"status": "draft"}, {"draft"}),
        ({"status": "closed"}, set()),
        ({"lang": "en"}, {"section"}),
        ({"lang": "zh-Hant"}, {"software"}),
        ({"scenario": "S20"}, {"food"}),
        ({"scenario": "S24"}, {"section", "software"}),
        ({"scenario": "S99"}, set()),
        ({"industry": "1432"}, {"food"}),
        ({"industry": "14"}, {"food"}),
        ({"industry": "C"}, {"food", "section"}),
        ({"industry": "I"}, {"software"}),
        ({"industry": "9999"}, set()),
        ({"region": "nbs-320506103"}, {"food"}),
        ({"region": "320506"}, {"food", "section"}),
        ({"region": "320500"}, {"food", "section", "software"}),
        ({"region": "yangtze-river-delta"}, {"food", "section", "software", "far"}),
        ({"region": "nowhere"}, set()),
        ({"q": "理料"}, {"food"}),
        ({"q": "分拣"}, {"food"}),
        ({"q": "%"}, {"food"}),
        ({"q": "100%"}, {"food"}),
        ({"q": "_"}, {"section"}),
        ({"q": "under_score"}, {"section"}),
        ({"q": "\\"}, {"far"}),
        ({"q": "\\%"}, set()),
        ({"q": "abc"}, {"far"}),
        ({"q": "ａｂｃ　ＢＡＣＫ"}, {"far"}),
        ({"q": "percent 100"}, {"bare"}),
        ({"q": "100 理料"}, {"food"}),
        ({"q": "'; DROP TABLE needs; --"}, set()),
        ({"q": " "}, {*ENTRIES, "draft"}),
        ({"industry": "C", "region": "320506", "scenario": "S24", "lang": "en", "q": "乙"}, {"section"}),
        ({"industry": "C", "scenario": "S24", "lang": "zh"}, set()),
    ],
)
def test_postings_are_filtered(shelf, query, found):
    assert shelf.names(**query) == found
    assert shelf.list(**query, include="total", limit=1)["total"] == len(found)


def test_an_organisation_finds_its_own(shelf):
    owner, stranger = (shelf.person(by).organization_id for by in ("owner", "stranger"))
    assert shelf.names("owner", organization_id=owner) == {"food", "software", "bare", "draft"}
    assert shelf.names(None, organization_id=owner) == {"food", "software", "bare"}
    assert shelf.names(None, organization_id=stranger) == {"section", "far"}


@pytest.mark.parametrize("sort", ["listed_at", "-listed_at", "updated_at", "-updated_at"])
@pytest.mark.parametrize("limit", [1, 4, 6])
def test_cursors_pass_everything_exactly_once_in_order(shelf, sort, limit):
    whole = shelf.list(sort=sort, limit=200)["items"]
    items, cursor = [], None
    while True:
        page = shelf.list(sort=sort, limit=limit, **({"cursor": cursor} if cursor else {}))
        assert page["total"] is None
        assert len(page["items"]) <= limit
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert items == whole
    keys = [(item[sort.removeprefix("-")], item["id"]) for item in items]
    assert keys == sorted(keys, reverse=sort.startswith("-"))
    assert len(set(keys)) == len(ENTRIES) + 1


def test_the_newest_come_first(shelf):
    assert shelf.list()["items"] == shelf.list(sort="-listed_at")["items"]


@pytest.mark.parametrize("sort", ["listed_at", "-listed_at"])
def test_a_walk_is_not_disturbed_by_what_is_published_meanwhile(desk, sort):
    for number in range(5):
        desk.put(title=f"原有{number}")
    standing = desk.ids()
    seen, cursor = [], None
    for turn in range(20):
        page = desk.list(sort=sort, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        if turn < 3:
            desk.put(title=f"插入{turn}")
    assert len(seen) == len(set(seen))
    assert [one for one in seen if one in standing] == (standing if sort.startswith("-") else standing[::-1])


def test_a_listed_posting_is_the_posting(desk):
    body = {"title": "列表", **desk.side.full}
    desk.put(**body)
    (item,) = desk.list()["items"]
    whole = desk.get(item).json()
    assert item.keys() - whole.keys() == {"listed_at"}
    assert {name: whole[name] for name in item if name != "listed_at"} == {
        name: value for name, value in item.items() if name != "listed_at"
    }


def test_a_cursor_of_another_sort_is_refused(shelf):
    cursor = shelf.list(limit=1)["next_cursor"]
    for query in ({"sort": "listed_at", "cursor": cursor}, {"cursor": "x"}, {"cursor": cursor[:-4]}, {"cursor": "é"}):
        refused = shelf.ask(**query)
        assert (refused.status_code, refused.json()["type"].rsplit("/")[-1]) == (400, "malformed-cursor")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 201},
        {"limit": "1.5"},
        {"sort": "title"},
        {"status": "open"},
        {"lang": "fr"},
        {"scenario": "S 2"},
        {"industry": "%"},
        {"region": "x" * 33},
        {"organization_id": "mine"},
        {"q": "x" * 101},
        {"q": "a\0b"},
        {"cursor": "x" * 2001},
        {"include": "everything"},
        {"budget_max_cny": 1},
    ],
)
def test_a_query_out_of_bounds_is_refused(shelf, query):
    refused = shelf.ask(**query)
    assert refused.status_code == 422
    fault = refused.json()["errors"][0]
    assert (fault["location"], fault["pointer"]) == ("query", f"/{next(iter(query))}")


@pytest.mark.parametrize(
    ("by", "query", "bound"),
    [
        (None, {}, 1),
        ("owner", {}, 2),
        ("operator", {"include": "total"}, 3),
        (None, {"industry": "C", "region": "320500"}, 3),
        ("owner", {"industry": "C", "scenario": "S20", "q": "a", "lang": "zh"}, 3),
    ],
)
def test_a_list_costs_three_statements_at_most(shelf, by, query, bound):
    shelf.list(by)
    with statements(shelf.database) as sent:
        shelf.list(by, **query)
    assert len(sent) <= bound, sent
