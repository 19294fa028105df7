"""Whoever follows a link from a mail sets a password and can sign in; whatever goes wrong is said in their language."""

import httpx2
import pytest
from playwright.sync_api import expect

from tests.pages.site import GOOD, OTHER, key_of

LANGUAGES = [("zh-CN", "zh"), ("en-GB", "en")]
WEAK = "password12345"


@pytest.mark.parametrize("locale", [locale for locale, _ in LANGUAGES])
def test_whoever_is_invited_sets_a_password_and_signs_in(site, open_page, locale):
    login, link = site.invite()
    opened = open_page(link, locale)
    assert opened.page.locator("html").get_attribute("lang") == locale[:2].replace("zh", "zh-CN")
    assert opened.shown() == ["set"]
    with opened.page.expect_response("**/v1/sign-ins/current") as ended:
        opened.set_password(GOOD)
    assert ended.value.status == 204, "the sign-in that comes with it ends"
    assert opened.shown() == ["done"]
    assert opened.focused("data-part") == "done"
    assert login in opened.part("done").inner_text()

    issued = site.sign_in(login, GOOD)
    assert issued.status_code == 201
    headers = {"Authorization": f"Bearer {issued.json()['access_key']}"}
    listed = httpx2.get(f"{site.server.base}/v1/sign-ins", headers=headers).json()["items"]
    assert [one["is_current"] for one in listed] == [True]


def test_the_key_is_in_no_address_no_log_and_not_kept(site, open_page):
    login, link = site.invite()
    opened = open_page(link)
    asked = opened.requests[0]
    assert "referer" not in asked.all_headers()
    opened.set_password(GOOD)
    opened.part("done").wait_for()
    assert opened.page.url == f"{site.server.base}/invitation"
    assert "#" not in opened.page.locator("nav a[hreflang]").get_attribute("href")
    for request in opened.requests:
        told = [request.url.partition("#")[0], *request.all_headers().values()]
        assert key_of(link) not in " ".join(told)
    assert "/invitation" in site.server.output
    for secret in (key_of(link), key_of(link).split(".")[-1], GOOD):
        assert secret not in site.server.output
    assert opened.keeps() == []
    assert opened.page.locator("#password").input_value() == ""
    opened.page.reload()
    assert opened.shown() == ["keyless"]
    assert site.sign_in(login, GOOD).status_code == 201


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "en"), ("en-GB", "zh")])
@pytest.mark.parametrize("password", ["", "kurz", WEAK, "x" * 200], ids=["none", "short", "weak", "long"])
def test_what_is_wrong_with_a_password_is_said_beside_it(site, open_page, locale, language, password):
    _, link = site.invite()
    # the page's language counts, whatever the browser would say
    opened = open_page(link.replace("#", f"?lang={language}#"), locale)
    expected = site.accept(link, password, language).json()["errors"]
    opened.set_password(password)
    fault = opened.page.locator("#password-fault")
    expect(fault).to_have_text(expected[0]["detail"])
    assert fault.evaluate("one => one.previousElementSibling.id") == "password"
    assert opened.page.locator("#password").get_attribute("aria-invalid") == "true"
    assert "password-fault" in opened.page.locator("#password").get_attribute("aria-describedby").split()
    assert opened.focused("id") == "password"
    assert opened.page.locator("#set [role=alert]").inner_text() == ""

    opened.set_password(GOOD)
    opened.part("done").wait_for()


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
def test_a_used_invitation_says_so(site, open_page, locale, language):
    _, link = site.invite()
    assert site.accept(link).status_code == 201
    expected = site.accept(link, OTHER, language).json()["errors"][0]["detail"]
    opened = open_page(link, locale)
    opened.set_password(OTHER)
    opened.part("dead").wait_for()
    assert opened.shown() == ["dead"]
    assert opened.page.locator("#dead-fault").inner_text() == expected
    assert opened.focused("data-part") == "dead"


@pytest.mark.parametrize("locale", [locale for locale, _ in LANGUAGES])
def test_a_lost_password_is_replaced(site, open_page, locale):
    login = site.member()
    opened = open_page(site.ask_for_reset(login), locale)
    opened.set_password(OTHER)
    opened.part("done").wait_for()
    assert opened.shown() == ["done"]
    assert opened.page.url == f"{site.server.base}/password-reset"
    assert opened.posts == ["password-resets/complete"]
    assert site.sign_in(login, GOOD).status_code == 401
    assert site.sign_in(login, OTHER).status_code == 201


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
def test_a_used_link_is_replaced_by_a_new_one(site, open_page, locale, language):
    login = site.member()
    link = site.ask_for_reset(login)
    body = {"link": link, "password": OTHER}
    assert site.post("/v1/password-resets/complete", body).status_code == 204
    refused = site.post("/v1/password-resets/complete", body, {"Accept-Language": language})
    opened = open_page(link, locale)
    opened.set_password(GOOD)
    opened.part("dead").wait_for()
    assert opened.shown() == ["dead", "ask"]
    assert opened.page.locator("#dead-fault").inner_text() == refused.json()["errors"][0]["detail"]

    opened.page.locator("#login").fill(login)
    opened.page.locator("#login").press("Enter")
    opened.part("asked").wait_for()
    assert opened.shown() == ["asked"]
    assert opened.focused("data-part") == "asked"
    opened.page.goto(site.link_to(login, "/password-reset", but=link))
    opened.set_password(GOOD)
    opened.part("done").wait_for()
    assert site.sign_in(login, GOOD).status_code == 201


def test_without_a_key_there_is_nothing_to_fill_in_but_who_one_is(site, open_page):
    assert open_page(f"{site.server.base}/invitation").shown() == ["keyless"]
    opened = open_page(f"{site.server.base}/password-reset")
    assert opened.shown() == ["keyless", "ask"]
    opened.page.locator("#login").fill("nobody")
    opened.page.locator("#ask button").click()
    expect(opened.page.locator("#login-fault")).to_have_text("应为电子邮件地址或手机号码")
    opened.page.locator("#login").fill("nobody@example.com")
    opened.page.locator("#ask button").click()
    opened.part("asked").wait_for()


def test_two_clicks_do_it_once(site, open_page):
    login, link = site.invite()
    opened = open_page(link)
    opened.page.locator("#password").fill(GOOD)
    opened.page.locator("#set button").dblclick()
    opened.part("done").wait_for()
    assert opened.posts == ["invitations/accept"]
    assert site.sign_in(login, GOOD).status_code == 201


def test_when_an_answer_is_lost_the_same_is_asked_again(site, open_page):
    login, link = site.invite()
    opened = open_page(link)
    lost = []

    def lose(route):
        lost.append(route.fetch().status)
        route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")

    opened.page.route("**/v1/invitations/accept", lose, times=1)
    opened.set_password(GOOD)
    expect(opened.page.locator("#set [role=alert]")).to_contain_text("没有收到服务器的答复")
    assert lost == [201]
    opened.page.locator("#set button").click()
    opened.part("done").wait_for()
    assert site.sign_in(login, GOOD).status_code == 201
    opened.said.clear()  # the browser notes the 502


def test_a_problem_without_a_field_is_said_below_the_form(site, open_page):
    _, link = site.invite()
    opened = open_page(link, "en-GB")
    problem = '{"title": "Too many", "detail": "Too many requests. Try again in 7 s.", "errors": []}'
    kind = "application/problem+json"
    answer = {"status": 429, "content_type": kind, "body": problem}
    opened.page.route("**/v1/invitations/accept", lambda route: route.fulfill(**answer), times=1)
    opened.set_password(GOOD)
    expect(opened.page.locator("#set [role=alert]")).to_have_text("Too many requests. Try again in 7 s.")
    assert opened.page.locator("#password-fault").inner_text() == ""
    assert opened.page.locator("#set button").get_attribute("aria-disabled") == "false"


def test_another_link_in_the_same_tab_is_the_one_that_counts(site, open_page):
    _, first = site.invite()
    login, second = site.invite()
    opened = open_page(first)
    opened.page.goto(second)
    opened.set_password(GOOD)
    opened.part("done").wait_for()
    assert login in opened.part("done").inner_text()
