"""Pages for people: nothing inside them runs, and browsers are told so."""

from html.parser import HTMLParser

import pytest

from app.features.people.mails import PAGES
from tests.features.matches.publishing import Desk

_HTML = {"Accept": "text/html"}


class _Page(HTMLParser):
    """What a page loads, and what in it would run or style by itself."""

    def __init__(self, text):
        super().__init__()
        self.inline, self.loaded, self._open = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._open = tag
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc") or "javascript:" in (value or "").lower():
                self.inline.append(f"{tag} {name}")
        self.loaded += [given[name] for name in ("src", "href") if name in given and tag in ("script", "link", "img")]

    def handle_endtag(self, tag):  # noqa: ARG002 - its form
        self._open = None

    def handle_data(self, data):
        if self._open == "script" and data.strip():
            self.inline.append("text in a script")


@pytest.fixture
def pages(client, people):
    """`[(path, answer), …]` of every page there is."""
    posting = Desk(client, people).publish("needs", "enterprise", title="<b onclick='x'>需求</b>")
    found = [("/", client.get("/", headers=_HTML)), ("/docs", client.get("/docs"))]
    found += [(f"/{name}", client.get(f"/{name}")) for name in PAGES.values()]
    for language in ("zh", "en"):
        path = f"/v1/needs/{posting['id']}/report?lang={language}"
        found.append((path, client.get(path, headers=_HTML)))
    assert all(answer.status_code == 200 for _, answer in found)
    assert all(answer.headers["content-type"].startswith("text/html") for _, answer in found)
    return found


def test_no_page_has_a_script_a_style_or_a_handler_inside(pages):
    for path, answer in pages:
        assert not _Page(answer.text).inline, path


def test_browsers_are_told_to_run_nothing_that_is_inside(pages):
    for path, answer in pages:
        policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'", path
        assert policy["frame-ancestors"] == "'none'", path
        assert policy["base-uri"] == "'none'", path
        assert policy["form-action"] == "'none'", path
        assert set(policy.get("script-src", "'none'").split()) <= {"'self'", "'none'"}, path
        assert set(policy["style-src"].split()) == {"'self'"}, path
        assert "unsafe" not in str(policy), path


def test_what_a_page_loads_is_served_here(client, pages):
    for path, answer in pages:
        loaded = _Page(answer.text).loaded
        assert loaded, path
        for address in loaded:
            assert "//" not in address, address
            assert client.get(str(answer.url.join(address))).status_code == 200, address


def test_the_page_of_the_api_names_its_document(client):
    script = next(address for address in _Page(client.get("/docs").text).loaded if "assets/docs-" in address)
    answer = client.get(f"/{script}")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "openapi.json" in answer.text
    assert client.get("/docs/oauth2-redirect").status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "<p style='a'>",
        "<style>",
        "<script>x</script>",
        "<a onclick=x>",
        "<a href='javascript:x'>",
        "<script src=a>x</script>",
    ],
)
def test_what_runs_inside_a_page_would_be_found(text):
    assert _Page(text).inline
