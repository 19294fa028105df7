import re

import pytest

from app.matching import MatcherParams
from tests.features.matches.demo_set import need as need_of_demo
from tests.features.reports.pages import Page, cells
from tests.features.reports.postings import (
    CAPABILITY,
    ENGLISH_CAPABILITY,
    ENGLISH_NEED,
    HTML,
    JSON,
    NEED,
    UNRELATED,
    draft,
    publish,
    report_of,
)
from tests.support.statements import statements

SAMPLE_NEED, SAMPLE_CAPABILITY = "XQ-2026-000001", "NL-2026-000001"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
VARY = "Accept, Accept-Language, Authorization, Duijie-Person"
CJK = re.compile(r"[㐀-鿿]")


@pytest.fixture
def need(client, enterprise, operator):
    return publish(client, "needs", enterprise, operator, NEED)


@pytest.fixture
def capability(client, provider, operator):
    return publish(client, "capabilities", provider, operator, CAPABILITY)


@pytest.fixture
def unrelated(client, provider, operator):
    return publish(client, "capabilities", provider, operator, UNRELATED)


@pytest.mark.parametrize(
    ("accept", "query", "media_type"),
    [
        ("*/*", {}, "application/json"),
        ("application/json", {}, "application/json"),
        ("text/html", {}, "text/html; charset=utf-8"),
        (BROWSER, {}, "text/html; charset=utf-8"),
        (BROWSER, {"format": "json"}, "application/json"),
        ("application/json", {"format": "html"}, "text/html; charset=utf-8"),
        ("image/png", {"format": "html"}, "text/html; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("reference", [SAMPLE_NEED, SAMPLE_CAPABILITY])
def test_a_reader_gets_the_form_asked_for(demo_client, reference, accept, query, media_type):
    answer = report_of(demo_client, reference, {"Accept": accept}, **query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Vary"] == VARY


def test_no_form_that_the_reader_takes(demo_client):
    answer = report_of(demo_client, SAMPLE_NEED, {"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Vary"] == VARY
    assert answer.json()["type"].endswith("/not-acceptable")


@pytest.mark.parametrize(
    ("headers", "query", "tag"),
    [
        ({}, {}, "zh-CN"),
        ({"Accept-Language": "en-GB, zh;q=0.5"}, {}, "en"),
        ({"Accept-Language": "en"}, {"lang": "zh"}, "zh-CN"),
        ({"Accept-Language": "zh"}, {"lang": "en"}, "en"),
    ],
)
def test_the_address_decides_the_language_before_the_header(demo_client, headers, query, tag):
    answer = report_of(demo_client, SAMPLE_NEED, headers, format="html", **query)
    assert answer.headers["Content-Language"] == tag
    assert Page(answer.text).language == tag
    as_json = report_of(demo_client, SAMPLE_NEED, headers, format="json", **query).json()
    assert as_json["language"] == tag[:2]
    assert bool(CJK.search(as_json["ranking"]["text"])) == (tag == "zh-CN")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 51}, {"format": "pdf"}, {"lang": "fr"}, {"other": "1"}])
def test_what_a_report_cannot_be_asked(demo_client, query):
    assert report_of(demo_client, SAMPLE_NEED, **query).status_code == 422


def test_as_many_candidates_as_asked_for(demo_client):
    assert len(report_of(demo_client, SAMPLE_NEED).json()["ranking"]["matches"]) == 10
    assert len(report_of(demo_client, SAMPLE_NEED, limit=50).json()["ranking"]["matches"]) == 50
    page = Page(report_of(demo_client, SAMPLE_NEED, HTML, limit=2).text)
    assert [row[0] for row in cells(page, "ranking")[1:3]] == ["1", "2"]
    assert "?limit=2&format=json&lang=zh" in page.links


def test_a_draft_is_reported_to_its_owner_and_nobody_else(client, enterprise, provider, stranger, operator):
    reference = draft(client, "needs", enterprise, NEED)
    for owner in (enterprise, operator):
        assert report_of(client, reference, owner).json()["need"]["status"] == "draft"
    for other in (provider, stranger, {}):
        for form in ("json", "html"):
            assert report_of(client, reference, other, format=form).status_code == 404


def test_what_is_not_there(demo_client):
    assert report_of(demo_client, "XQ-2026-999999", HTML).status_code == 404
    assert demo_client.get(f"/v1/needs/{SAMPLE_CAPABILITY}/report").status_code == 404
    assert demo_client.get("/v1/needs/nonsense/report").status_code == 422


@pytest.mark.parametrize("reference", [SAMPLE_NEED, SAMPLE_CAPABILITY])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_figures_on_the_page_are_those_of_the_json(demo_client, reference, lang):
    ranking = report_of(demo_client, reference, JSON, lang=lang).json()["ranking"]
    page = Page(report_of(demo_client, reference, HTML, lang=lang).text)

    scores = [f"{match['score']:.1%}" for match in (*ranking["matches"], *ranking["excluded_matches"])]
    listed = [row for row in cells(page, "ranking") if row[-1][-1:] != "分" and row[-1] != "Score"]
    assert [row[-1].split("%")[0] + "%" for row in listed] == scores
    for match, row in zip(ranking["matches"], listed, strict=False):
        card = match["capability"] if reference == SAMPLE_NEED else match["need"]
        assert all(said in row[1] for said in (card["title"], card["reference"], match["coverage"]["text"]))

    assert [row[1] for row in cells(page, "reasons")[1:]] == [f"{reason['count']:,}" for reason in ranking["excluded"]]
    explained = [match for match in ranking["matches"] if match["suitable"]] or ranking["matches"][:3]
    shares = [row[3] for row in cells(page, "shares")]
    at = 0
    for match in explained:
        expected = [f"{signal['share'] * 100:.1f}" for signal in match["signals"]] + [f"{match['score'] * 100:.1f}"]
        assert shares[at + 1 : at + 1 + len(expected)] == expected
        at += 1 + len(expected)
    assert at == len(shares)
    assert len([row for row in cells(page, "requirements") if len(row) == 2]) == sum(
        1 + len(match["requirements"]) for match in explained if match["requirements"]
    )


@pytest.mark.parametrize("reference", [SAMPLE_NEED, SAMPLE_CAPABILITY])
def test_shares_add_up_to_the_score_and_words_to_their_share(demo_client, reference):
    for match in report_of(demo_client, reference, limit=50).json()["ranking"]["matches"]:
        by_name = {signal["name"]: signal["share"] for signal in match["signals"]}
        assert sum(by_name.values()) == pytest.approx(match["score"])
        if match["terms"]:
            assert sum(term["share"] for term in match["terms"]) == pytest.approx(by_name["text"])


def test_codes_come_with_their_names(demo_client):
    zh, en = (report_of(demo_client, SAMPLE_NEED, lang=lang).json() for lang in ("zh", "en"))
    need = zh["need"]
    assert zh["names"]["scenarios"].keys() == {need["scenario_code"]}
    assert zh["names"]["regions"] == {"320506": "吴中区"}
    assert en["names"]["regions"] == {"320506": "Wuzhong District"}
    assert zh["names"]["industries"][need["industry_code"]] == "通信终端设备制造"
    wider = en["names"]["industries"][need["industry_code"]]
    assert wider.endswith("(3922)")
    assert not CJK.search(wider)


@pytest.mark.parametrize("reference", [SAMPLE_NEED, SAMPLE_CAPABILITY])
def test_made_up_companies_are_marked(demo_client, reference):
    assert report_of(demo_client, reference).json()["has_fictitious"] is True
    assert "演示数据，企业均为虚构。" in Page(report_of(demo_client, reference, HTML).text).text


@pytest.mark.usefixtures("capability")
def test_a_met_requirement_quotes_its_evidence(client, need):
    report = report_of(client, need).json()
    assert not report["has_fictitious"]
    assert report["notice"] is None
    [match] = report["ranking"]["matches"]
    page = Page(report_of(client, need, HTML).text)
    assert match["coverage"]["text"] == "满足 2/2 项"
    assert "满足 2/2 项" in page.text
    assert "虚构" not in page.text
    first, second = cells(page, "requirements")[1:]
    assert first == ["焊缝缺陷检出率 ≥ 99 % 必须 依据：缺陷检出率 >= 99.5 %", "满足"]
    assert "气孔、咬边、飞溅" in second[0].partition("依据：")[2]
    assert "mark" in page.tags


def test_a_figure_under_another_name_is_no_evidence(demo_client, demo_people):
    reference, headers = need_of_demo("need-boss-report"), {**HTML, **demo_people["operator"].headers}
    zh, en = (Page(report_of(demo_client, reference, headers, lang=lang).text) for lang in ("zh", "en"))
    said = [row for row in cells(zh, "requirements") if "看板就绪时刻" in row[0]]
    assert [row[-1] for row in said] == ["未说明"]
    assert said[0][0].endswith("相近数字，名称不同：看板就绪时刻 <= 7.5 点")
    assert "A like figure under another name: 看板就绪时刻 <= 7.5 点" in en.text


def test_the_other_side_reads_the_same_pair(client, need, capability):
    of_need, of_offer = (report_of(client, one).json()["ranking"]["matches"][0] for one in (need, capability))
    assert of_need == of_offer
    page = Page(report_of(client, capability, HTML).text)
    assert NEED["title"] in page.text
    assert "30–50 万元" in page.text


@pytest.mark.usefixtures("unrelated")
def test_the_result_comes_first_when_nobody_suits(client, need):
    report = report_of(client, need).json()
    assert report["ranking"]["outcome"] == "no_suitable_offer"
    html = report_of(client, need, HTML).text
    said = Page(html).text
    assert "目前没有合适的对象" in said
    assert said.index("目前没有合适的对象") < said.index("最接近的候选") < said.index(UNRELATED["title"])
    score = report["ranking"]["matches"][0]["score"]
    assert f"得分 {score:.1%}，低于推荐线 {MatcherParams().floor:.1%}。" in said
    assert "没有得分的方面：" in said
    assert "There is no suitable candidate yet" in Page(report_of(client, need, HTML, lang="en").text).text


def test_what_a_posting_leaves_empty_is_not_shown(client, unrelated):
    said = Page(report_of(client, unrelated, HTML).text).text
    assert UNRELATED["summary"] in said
    assert not [label for label in ("资质", "知识产权", "成熟度", "交付周期") if label in said]


def test_nobody_to_compare_with(client, need):
    page = Page(report_of(client, need, HTML).text)
    assert "目前没有可比较的对象。" in page.text
    assert not page.rows


def test_who_breaks_a_hard_condition_is_named_with_the_reason(client, provider, operator, need):
    publish(client, "capabilities", provider, operator, {**CAPABILITY, "trl": 5})
    report = report_of(client, need).json()
    assert report["ranking"]["matches"] == []
    assert [(one["kind"], one["count"]) for one in report["ranking"]["excluded"]] == [("trl", 1)]
    page = Page(report_of(client, need, HTML).text)
    assert cells(page, "reasons")[1:] == [["成熟度低于要求", "1"]]
    assert "成熟度 TRL5，要求不低于 TRL7" in cells(page, "ranking")[-1][0]
    assert "可比较的对象都触及硬性条件" in page.text
    english = Page(report_of(client, need, HTML, lang="en").text)
    assert "Maturity is TRL 5; at least TRL 7 is asked" in english.text


_SECRET_NEED = {
    **NEED,
    "budget_min_cny": 1_234_567,
    "budget_max_cny": 7_654_321,
    "visibility": {"identity": "confidential", "details": "public", "budget": "confidential"},
}
_FIGURES = ("1234567", "7654321", "1,234,567", "7,654,321", "123.4567", "765.4321")


@pytest.mark.parametrize("form", ["json", "html"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_hidden_is_nowhere_in_a_report(client, people, form, lang):
    enterprise, provider, operator = (people[name].headers for name in ("enterprise", "provider", "operator"))
    need = publish(client, "needs", enterprise, operator, _SECRET_NEED)
    dear = {**CAPABILITY, "title": "昂贵的焊缝外观检测", "price_min_cny": 9_000_000, "price_max_cny": 9_000_000}
    offers = [publish(client, "capabilities", provider, operator, body) for body in (CAPABILITY, dear)]
    secrets = ("测试制造有限公司", str(people["enterprise"].organization_id), *_FIGURES)
    for reference in (need, *offers):
        for name in ("provider", "stranger", "portal", None):
            headers = people[name].headers if name else {}
            said = report_of(client, reference, headers, format=form, lang=lang).text
            assert not [secret for secret in secrets if secret in said], (reference, name)
    for headers in (enterprise, operator):
        said = report_of(client, need, headers, format=form, lang=lang).text
        assert "测试制造有限公司" in said
        assert any(figure in said for figure in _FIGURES)


def test_a_hidden_organization_shows_as_its_kind(client, people):
    need = publish(client, "needs", people["enterprise"].headers, people["operator"].headers, _SECRET_NEED)
    page = Page(report_of(client, need, HTML).text)
    assert "发布单位：某制造企业（名称未公开）" in page.text
    assert "未填写或未公开" in page.text


_EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>'\"&"


def test_what_people_write_stays_text(client, enterprise, provider, operator):
    body = {**NEED, "title": f"焊缝{_EVIL}", "problem": f"焊缝外观检测{_EVIL}", "keywords": [_EVIL]}
    body["requirements"] = [{"text": f"气孔、咬边、飞溅自动检出{_EVIL}"}]
    offer = {**CAPABILITY, "title": f"焊缝{_EVIL}", "summary": f"焊缝的气孔、咬边、飞溅自动检出{_EVIL}。"}
    need = publish(client, "needs", enterprise, operator, body)
    capability = publish(client, "capabilities", provider, operator, offer)
    for html in [report_of(client, one, HTML).text for one in (need, capability)] + [client.get("/").text]:
        page = Page(html)
        assert not {"script", "img"} & page.tags
        assert f"焊缝{_EVIL}" in page.text


@pytest.fixture(params=[8, 3], ids=["suits", "excluded"])
def english(request, client, people):
    """A need and a capability in English whose organisations hide their Chinese names."""
    enterprise, provider, operator = (people[name].headers for name in ("enterprise", "provider", "operator"))
    hidden = {"visibility": {"identity": "confidential"}}
    offer = {**ENGLISH_CAPABILITY, "trl": request.param, **hidden}
    return (
        publish(client, "needs", enterprise, operator, {**ENGLISH_NEED, **hidden}),
        publish(client, "capabilities", provider, operator, offer),
    )


def test_the_english_page_of_english_postings_is_english_throughout(client, english):
    for reference in english:
        said = Page(report_of(client, reference, HTML, lang="en").text).text
        assert not CJK.findall(said.replace("中文", ""))


def test_the_chinese_page_has_no_english_words_of_its_own(client, english):
    for reference in english:
        page = Page(report_of(client, reference, HTML, lang="zh").text)
        assert ENGLISH_NEED["title"] in page.text
        words = {*re.findall(r"[A-Za-z]{2,}", page.own)} - {"XQ", "NL", "JSON", "UTC", "TRL", "POC"}
        assert not words


def test_money_is_written_as_the_reader_counts(client, english):
    need, _ = english
    assert "CNY 600,000–1,250,000" in Page(report_of(client, need, HTML, lang="en").text).text
    assert "60–125 万元" in Page(report_of(client, need, HTML, lang="zh").text).text


@pytest.mark.parametrize("reference", [SAMPLE_NEED, SAMPLE_CAPABILITY])
def test_what_is_not_english_on_an_english_page_is_marked(demo_client, reference):
    own = Page(report_of(demo_client, reference, HTML, lang="en").text).own
    for match in report_of(demo_client, reference, lang="en").json()["ranking"]["excluded_matches"]:
        for violation in match["violations"]:
            own = own.replace(violation["text"], "")  # an English sentence may name a figure in the posting's words
    assert not CJK.findall(own)


def test_no_more_than_the_best_excluded_are_named(client, provider, operator, need):
    for number in range(6):
        publish(client, "capabilities", provider, operator, {**CAPABILITY, "title": f"方案 {number}", "trl": 5})
    page = Page(report_of(client, need, HTML).text)
    assert cells(page, "reasons")[1:] == [["成熟度低于要求", "6"]]
    assert len(cells(page, "ranking")[1:]) == 5
    assert "最多列出得分最高的 5 个。" in page.text


def test_the_page_runs_and_loads_nothing(demo_client):
    for reference in (SAMPLE_NEED, SAMPLE_CAPABILITY):
        answer = report_of(demo_client, reference, HTML)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        page = Page(answer.text)
        assert not {"script", "style", "iframe", "img", "form"} & page.tags
        assert not re.search(r'\s(style|on\w+)="', answer.text)
        assert not [link for link in page.links if re.match(r"[a-z]+:|//", link)]


def test_every_link_of_a_report_leads_somewhere(demo_client):
    at = f"/v1/needs/{SAMPLE_NEED}/report"
    for link in Page(report_of(demo_client, SAMPLE_NEED, HTML).text).links:
        address = demo_client.base_url.join(at).join(link)
        assert demo_client.get(address).status_code == 200, link


def test_the_stylesheet_may_be_kept_for_ever(demo_client):
    [link] = [link for link in Page(report_of(demo_client, SAMPLE_NEED, HTML).text).links if link.endswith(".css")]
    answer = demo_client.get(link.removeprefix("../../.."))
    assert answer.headers["Content-Type"].startswith("text/css")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("reference", [SAMPLE_NEED, SAMPLE_CAPABILITY])
def test_a_report_costs_the_same_number_of_statements_however_long(demo_client, reference):
    report_of(demo_client, reference)  # the index is up to date
    counts = []
    for limit in (1, 50):
        with statements(demo_client.app.state.database) as sent:
            report_of(demo_client, reference, HTML, limit=limit)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 10
