import re

import pytest

from tests.features.reports.pages import Page
from tests.features.reports.postings import CAPABILITY, HTML, NEED, UNRELATED, publish
from tests.support.statements import statements

CJK = re.compile(r"[㐀-鿿]")


@pytest.mark.parametrize(
    ("headers", "query", "tag"),
    [
        ({}, {}, "zh-CN"),
        ({"Accept-Language": "en"}, {}, "en"),
        ({"Accept-Language": "en"}, {"lang": "zh"}, "zh-CN"),
        ({}, {"lang": "en"}, "en"),
        ({"Accept-Language": "en"}, {"lang": "xx", "utm": "1"}, "zh-CN"),
    ],
)
def test_the_first_page_in_the_readers_language(demo_client, headers, query, tag):
    answer = demo_client.get("/", headers=headers, params=query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Language"] == tag
    assert answer.headers["Vary"] == "Accept-Language"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = Page(answer.text)
    assert page.language == tag
    own = page.own.replace("中文", "")
    assert bool(CJK.search(own)) == (tag == "zh-CN")


def test_the_numbers_are_those_anybody_can_list(demo_client):
    text = " ".join(Page(demo_client.get("/?lang=en").text).text.split())
    for kind, label in (("needs", "Needs open to all"), ("capabilities", "Capabilities open to all")):
        total = demo_client.get(f"/v1/{kind}", params={"include": "total", "limit": 1}).json()["total"]
        assert f"{label} {total:,}" in text
    assert "Organisations 95" in text


def test_the_newest_needs_with_their_best_candidates(demo_client):
    page = Page(demo_client.get("/?lang=en").text)
    text = " ".join(page.text.split())
    newest = demo_client.get("/v1/needs", params={"limit": 5}).json()["items"]
    for need in newest:
        assert need["title"] in text
        assert f"v1/needs/{need['reference']}/report?format=html&lang=en" in page.links
        query = {"limit": 1, "constraints": "exclude"}
        best = demo_client.get(f"/v1/needs/{need['reference']}/matches", params=query).json()["matches"][0]
        said = text.partition(need["reference"])[2]
        assert said.startswith(f" Best match {best['score']:.1%}" if best["suitable"] else " Best match No suitable")
    assert "Demonstration data: all companies are fictitious." in text


def test_every_link_of_the_first_page_leads_somewhere(demo_client):
    links = Page(demo_client.get("/").text).links
    assert {"docs", "openapi.json"} < {*links}
    assert sum("/report?" in link for link in links) == 7
    for link in links:
        assert not re.match(r"[a-z]+:|//|/", link), "the site may lie below a path"
        assert demo_client.get(f"/{link}").status_code == 200, link


def test_the_page_shows_what_anybody_may_see_whoever_asks(client, people):
    enterprise, provider, operator = (people[name].headers for name in ("enterprise", "provider", "operator"))
    hidden = {"visibility": {"identity": "registered"}}
    publish(client, "needs", enterprise, operator, {**NEED, **hidden})
    publish(
        client, "needs", enterprise, operator, {**NEED, "title": "内部需求", "visibility": {"details": "registered"}}
    )
    publish(client, "capabilities", provider, operator, {**CAPABILITY, **hidden})
    for headers in ({}, enterprise, operator):
        text = Page(client.get("/", headers=headers).text).text
        assert NEED["title"] in text
        assert CAPABILITY["title"] in text
        assert "某制造企业（名称未公开）" in text
        assert "某技术服务企业（名称未公开）" in text
        assert not [name for name in ("测试制造", "测试智能科技", "内部需求", "虚构") if name in text]


def test_a_need_without_a_candidate_says_so(client, enterprise, provider, operator):
    publish(client, "needs", enterprise, operator, NEED)
    publish(client, "capabilities", provider, operator, UNRELATED)
    text = Page(client.get("/").text).text
    assert "暂无合适的对象" in text
    assert UNRELATED["title"] not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_database_says_what_to_do(database, make_client, lang):
    with make_client(database) as client:
        page = Page(client.get("/", params={"lang": lang}).text)
    assert "duijie seed" in page.text
    assert not [link for link in page.links if "report" in link and not link.endswith(".css")]


def test_the_icon_is_there(demo_client):
    answer = demo_client.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"


def test_the_page_is_not_part_of_the_api(demo_client):
    paths = demo_client.get("/openapi.json").json()["paths"]
    assert "/" not in paths
    described = paths["/v1/needs/{posting_id}/report"]["get"]
    assert {"application/json", "text/html"} == {*described["responses"]["200"]["content"]}
    assert {"401", "404", "406", "422", "503"} <= {*described["responses"]}


def test_the_page_has_a_bound_on_its_statements(demo_client):
    demo_client.get("/", headers=HTML)
    with statements(demo_client.app.state.database) as sent:
        demo_client.get("/", headers=HTML)
    assert len(sent) <= 32
