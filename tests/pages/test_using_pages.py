"""Everybody can use the pages: in both languages, by keyboard, by screen reader, on a telephone, without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.pages.site import GOOD

PAGES = ("invitation", "password-reset")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SOME_KEY = "#dj_link_nothing"

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # what is looked at knows no database


@pytest.mark.parametrize("page", PAGES)
def test_the_other_language_is_for_the_same_link(site, open_page, page):
    opened = open_page(f"{site.server.base}/{page}{SOME_KEY}")
    heading = opened.page.locator("h1").inner_text()
    opened.page.get_by_role("link", name="English").click()
    opened.page.wait_for_url("**?lang=en*")
    assert opened.page.url.endswith(f"/{page}?lang=en{SOME_KEY}")
    assert opened.page.locator("html").get_attribute("lang") == "en"
    assert opened.page.locator("h1").inner_text() != heading
    assert opened.shown() == ["set"]
    opened.page.get_by_role("link", name="中文").click()
    opened.page.wait_for_url("**?lang=zh*")
    assert opened.page.locator("h1").inner_text() == heading


def test_everything_can_be_done_by_keyboard(site, open_page):
    login, link = site.invite()
    opened = open_page(link)
    press = opened.page.keyboard.press
    press("Tab")
    assert opened.focused("class") == "skip"
    press("Enter")
    assert opened.focused("id") == "content"
    assert opened.page.url == link, "the way past the navigation leaves the key where it is"
    press("Tab")
    assert opened.focused("id") == "password"
    opened.page.keyboard.insert_text("kurz")
    press("Tab")
    assert opened.focused("id") == "show"
    assert opened.page.locator("#password").get_attribute("type") == "password"
    press("Space")
    assert opened.page.locator("#password").get_attribute("type") == "text"
    press("Space")
    assert opened.page.locator("#password").get_attribute("type") == "password"
    press("Tab")
    press("Enter")
    expect(opened.page.locator("#password-fault")).not_to_be_empty()
    assert opened.focused("id") == "password"
    press("Control+A")
    opened.page.keyboard.insert_text(GOOD)
    press("Enter")
    opened.part("done").wait_for()
    assert site.sign_in(login, GOOD).status_code == 201


def test_a_password_can_be_pasted_whole(site, open_page):
    opened = open_page(f"{site.server.base}/invitation{SOME_KEY}", permissions=["clipboard-read", "clipboard-write"])
    long = "一句很长的话 " * 40
    opened.page.evaluate("text => navigator.clipboard.writeText(text)", long)
    field = opened.page.get_by_label("新密码")
    assert field.get_attribute("autocomplete") == "new-password"
    field.focus()
    opened.page.keyboard.press("Control+V")
    assert field.input_value() == long


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("locale", "word"), [("zh-CN", "JavaScript。"), ("en", "needs JavaScript")])
def test_without_a_script_it_is_said_what_to_do(site, open_page, page, locale, word):
    opened = open_page(f"{site.server.base}/{page}{SOME_KEY}", locale, java_script_enabled=False)
    assert word in opened.page.locator("main").inner_text()
    assert not opened.page.locator("form, input, button").first.is_visible()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_keeps_anybody_out_in_any_state(site, open_page, page, locale, size):
    # what looks for faults makes markup of texts, which the page's own policy forbids
    opened = open_page(f"{site.server.base}/{page}{SOME_KEY}", locale, viewport=size, bypass_csp=True)
    parts = opened.page.locator("[data-part]").evaluate_all("all => all.map(one => one.dataset.part)")
    assert {"set", "keyless", "dead", "done"} <= {*parts}
    for part in parts:
        opened.page.evaluate(
            """name => {
              for (const one of document.querySelectorAll("[data-part]")) one.hidden = one.dataset.part !== name;
              for (const one of document.querySelectorAll(".fault, #own-login")) one.textContent = "某某 example";
            }""",
            part,
        )
        found = Axe().run(opened.page)
        assert not found.response["violations"], found.generate_report()
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= size["width"], part
