"""The vocabulary over HTTP, without a key."""

import base64
import json

import pytest

from tests.support.clients import client_over

BASE = "/v1/catalog"


@pytest.fixture(scope="module")
def client(store):
    with store.fresh("catalog") as database, client_over(database) as made:
        yield made


@pytest.fixture
def ask(client):
    def get(path, **query):
        answer = client.get(f"{BASE}{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return get


@pytest.fixture
def walk(ask):
    def pages(path, **query):
        items, cursor = [], None
        while True:
            page = ask(path, **query, **({"cursor": cursor} if cursor else {}))
            assert len(page["items"]) <= query["limit"]
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items

    return pages


def _codes(items, key="code"):
    return [item[key] for item in items]


@pytest.mark.parametrize(
    ("path", "key", "count"),
    [
        ("/industries", "code", 1971),
        ("/regions", "code", 221),
        ("/scenarios", "code", 40),
        ("/technologies", "concept_id", 627),
        ("/technology-categories", "code", 19),
    ],
)
def test_cursors_pass_everything_exactly_once(ask, walk, path, key, count):
    limit = 200 if count > 200 else 7
    found = _codes(walk(path, limit=limit), key)

    assert len(found) == len(set(found)) == count
    assert ask(path, include="total", limit=1)["total"] == count


@pytest.mark.parametrize(
    ("path", "sort"),
    [
        ("/industries", "code"),
        ("/regions", "path"),
        ("/scenarios", "number"),
        ("/technologies", "concept_id"),
        ("/technology-categories", "code"),
    ],
)
def test_descending_is_ascending_turned_round(walk, path, sort):
    key = "concept_id" if path == "/technologies" else "code"
    up = _codes(walk(path, limit=200, sort=sort), key)

    assert _codes(walk(path, limit=200, sort=f"-{sort}"), key) == up[::-1]


def test_a_cursor_of_another_list_is_refused(client, ask):
    cursor = ask("/industries", limit=1)["next_cursor"]

    for path in ("/scenarios", "/technologies"):
        assert client.get(f"{BASE}{path}", params={"cursor": cursor}).status_code == 400


@pytest.mark.parametrize("value", ["x", -1, 2**40, None, 1.5])
def test_a_forged_place_in_the_scenarios_is_refused(client, value):
    cursor = base64.urlsafe_b64encode(json.dumps(["number", value, "S01"]).encode()).decode().rstrip("=")

    assert client.get(f"{BASE}/scenarios", params={"cursor": cursor}).status_code == 400


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"parent": "39", "limit": 3}, ["391", "392", "393"]),
        ({"within": "392"}, ["392", "3921", "3922"]),
        ({"within": "392", "level": "class"}, ["3921", "3922"]),
        ({"q": "3922"}, ["3922"]),
        ({"q": "RAIL  transport", "level": "division"}, ["37", "53"]),
        ({"q": "谷物 种植", "level": "group"}, ["011"]),
        ({"parent": "9999"}, []),
    ],
)
def test_industries_are_filtered(ask, query, codes):
    assert _codes(ask("/industries", **query)["items"]) == codes


@pytest.mark.parametrize("q", ["%", "_", "\\"])
def test_a_wildcard_is_only_a_character(ask, q):
    assert ask("/industries", q=q)["items"] == []


@pytest.mark.parametrize("path", ["/industries", "/regions", "/scenarios", "/technologies"])
@pytest.mark.parametrize("q", ["", " ", "\0", "a\x07b", "x" * 101])
def test_an_unfit_search_is_refused(client, path, q):
    assert client.get(f"{BASE}{path}", params={"q": q}).status_code == 422


def test_an_industry_stands_between_what_is_above_and_below(ask):
    group = ask("/industries/392")

    assert (group["level"], group["path"], group["is_industrial"]) == ("group", "C/39/392", True)
    assert _codes(group["ancestors"]) == ["C", "39"]
    assert _codes(group["children"]) == ["3921", "3922"]
    assert ask("/industries/C")["ancestors"] == []


@pytest.mark.parametrize("path", ["/industries/9999", "/regions/nowhere", "/scenarios/S99", "/technologies/T99999"])
@pytest.mark.parametrize(
    ("language", "detail"), [("zh", "目录中没有这个代码。"), ("en", "The catalogue has no such code.")]
)
def test_an_unknown_code_is_not_found(client, path, language, detail):
    answer = client.get(f"{BASE}{path}", headers={"Accept-Language": language})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == detail


def test_the_industry_tree_holds_every_code(ask):
    def count(nodes):
        return sum(1 + count(node["children"]) for node in nodes)

    sections = ask("/industries/tree")["items"]

    assert _codes(sections) == list("ABCDEFGHIJKLMNOPQRST")
    assert count(sections) == 1971
    assert count(ask("/industries/tree", depth=2)["items"]) == 20 + 97
    manufacturing = next(section for section in sections if section["code"] == "C")
    assert _codes(manufacturing["children"])[:2] == ["13", "14"]


def test_the_region_tree_goes_down_to_towns(ask):
    tree = ask("/regions/tree")["items"]

    assert _codes(tree) == ["100000", "global", "southeast-asia"]
    for code in ("320000", "320500", "320506", "nbs-320506103"):
        tree = [node for top in tree for node in top["children"]]
        assert code in _codes(tree)
    assert all(node["children"] == [] for node in tree)
    assert all(top["children"] == [] for top in ask("/regions/tree", depth=1)["items"])


@pytest.mark.parametrize("path", ["/industries/tree", "/regions/tree", "/labels"])
def test_what_the_caller_holds_is_not_sent_again(client, path):
    first = client.get(f"{BASE}{path}")
    etag = first.headers["etag"]

    for held in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = client.get(f"{BASE}{path}", headers={"If-None-Match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    other = client.get(f"{BASE}{path}", headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_two_depths_are_two_answers(client):
    etags = {client.get(f"{BASE}/industries/tree", params={"depth": depth}).headers["etag"] for depth in (1, 2)}

    assert len(etags) == 2


@pytest.mark.parametrize(("path", "depth"), [("/industries/tree", 5), ("/regions/tree", 6), ("/regions/tree", 0)])
def test_depth_is_bounded(client, path, depth):
    assert client.get(f"{BASE}{path}", params={"depth": depth}).status_code == 422


def test_one_number_names_two_places_in_the_two_official_systems(ask):
    by_nbs = ask("/regions", nbs="320506006")["items"]
    by_mca = ask("/regions", mca="320506006")["items"]

    assert _codes(by_nbs, "name_zh") == ["香山街道"]
    assert _codes(by_mca, "name_zh") == ["越溪街道"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"q": "木渎"}, ["nbs-320506103"]),
        ({"q": "mudu town"}, ["nbs-320506103"]),
        ({"q": "nationwide"}, ["100000"]),
        ({"level": "world"}, ["global"]),
        ({"parent": "320506", "selectable": False, "limit": 2}, ["nbs-320506400", "nbs-320506401"]),
        ({"within": "yangtze-river-delta", "level": "province"}, ["310000", "320000", "330000", "340000"]),
        ({"within": "320506", "selectable": True, "limit": 2}, ["320506", "nbs-320506001"]),
    ],
)
def test_regions_are_filtered(ask, query, codes):
    assert _codes(ask("/regions", **query)["items"]) == codes


def test_a_region_shows_its_surroundings(ask):
    district = ask("/regions/320506")

    assert _codes(district["ancestors"]) == ["100000", "320000", "320500"]
    assert len(district["children"]) == 20
    assert set(_codes(district["areas"])) == {"global", "yangtze-river-delta", "east-china"}
    assert district["members"] == []
    assert (district["nbs_code"], district["mca_code"]) == ("320506", "320506")


def test_an_area_shows_its_members_and_aliases(ask):
    area = ask("/regions/yangtze-river-delta")

    assert _codes(area["members"]) == ["310000", "320000", "330000", "340000"]
    assert "YRD" in area["aliases"]


def test_a_park_that_has_only_a_statistical_code_may_be_chosen(ask):
    park = ask("/regions/320576")

    assert (park["nbs_code"], park["mca_code"], park["is_selectable"]) == ("320576", None, True)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"stage": 1}, ["S01", "S02", "S03"]),
        ({"q": "S24"}, ["S24"]),
        ({"q": "智能在线检测"}, ["S24"]),
        ({"q": "APS"}, ["S09"]),
        ({"q": "数字孪生工厂建设"}, ["S03"]),
        ({"q": "digital twin", "stage": 2}, []),
    ],
)
def test_scenarios_are_found_by_their_older_names_too(ask, query, codes):
    assert _codes(ask("/scenarios", **query)["items"]) == codes


def test_a_scenario_shows_its_aliases(ask):
    listed = ask("/scenarios", q="S24")["items"][0]

    assert listed["aliases"] == ["智能在线检测"]
    assert ask("/scenarios/S24") == listed
    assert (listed["stage_number"], listed["stage_zh"], listed["stage_en"]) == (5, "生产作业", "Production operations")
    assert ask("/scenarios/S02")["aliases"] == []


def test_a_concept_has_words_in_both_languages(ask):
    concept = ask("/technologies/T0001")

    assert (concept["category_code"], concept["name_zh"], concept["name_en"]) == (
        "AI",
        "人工智能",
        "artificial intelligence",
    )
    assert {"lang": "zh", "term": "人工智慧", "kind": "synonym"} in concept["terms"]
    assert [term["kind"] for term in concept["terms"]][:2] == ["preferred", "preferred"]


def test_concepts_are_found_by_any_of_their_words(ask):
    by_synonym = ask("/technologies", q="人工智慧")["items"]

    assert _codes(by_synonym, "concept_id") == ["T0001"]
    assert len(by_synonym[0]["terms"]) > 1
    assert ask("/technologies", q="人工智慧", category="ROBOT")["items"] == []
    assert ask("/technologies", category="AI", include="total", limit=1)["total"] == 55


def test_categories_count_their_concepts(ask):
    found = {item["code"]: item["concepts"] for item in ask("/technology-categories")["items"]}

    assert (len(found), found["AI"], sum(found.values())) == (19, 55, 627)


def test_labels_name_every_enumeration(ask):
    labels = ask("/labels")["labels"]

    assert labels["scenario_stage"][0] == {"code": "1", "zh": "工厂建设", "en": "Factory construction"}
    assert len(labels["scenario_stage"]) == 8
    assert {"code": "AI", "zh": "人工智能与大模型", "en": "AI and large models"} in labels["technology_category"]
    assert [label["code"] for label in labels["industry_level"]] == ["section", "division", "group", "class"]
    assert {"org_type", "posting_status", "visibility", "region_level", "requirement_kind", "ip_form"} <= labels.keys()
    assert all(label["zh"] and label["en"] for group in labels.values() for label in group)
    assert list(labels) == sorted(labels)
