"""Links that lead somewhere, and nothing of the machine a page or a file was written on."""

import re
import subprocess
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.pages import anchors, links, named_tests, pages
from tests.support.databases import ROOT

# In two parts, or this file would find itself.
_HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.",
    "registry.npm" + "mirror.",
    "pypi.tuna" + ".tsinghua",
    "mirrors." + "aliyun",
    "mirror." + "ustc",
    "artifact" + "ory",
    "proxy.golang" + ".org",
    "crates" + ".io",
    "ghcr" + ".io",
    "docker" + ".io",
]
_PLACES = re.compile(
    r"(?<![\w.~-])/(?:root|work|home/[a-z][\w.-]*|Users/[A-Za-z][\w.-]*)/[\w.]" + r"|[A-Za-z]:\\Users\\"
)


def _texts():
    """Every file that is or will be committed and is text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - wherever git is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue
        try:
            yield name, path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


@pytest.fixture(scope="module")
def texts():
    """All of them, read once."""
    found = list(_texts())
    assert len(found) > 100
    return found


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_inside_the_project_leads_somewhere(page):
    for link in links(page):
        target = urlsplit(link)
        if target.scheme:
            continue
        path = (page.parent / unquote(target.path)).resolve() if target.path else page
        assert path.exists(), f"{link} is not there"
        assert path.is_relative_to(ROOT), f"{link} leaves the project"
        if target.fragment and path.suffix == ".md":
            assert target.fragment in anchors(path), f"{link}: no such heading"


def test_no_file_names_a_place_of_one_machine(texts):
    found = [
        f"{name}:{text.count(chr(10), 0, place.start()) + 1}: {place[0]}"
        for name, text in texts
        for place in _PLACES.finditer(text)
    ]
    assert not found


def test_no_file_names_a_package_registry(texts):
    found = [f"{name}: {host}" for name, text in texts for host in _HOSTS if host in text.lower()]
    assert not found, "where packages come from is the installer's own setting"


def test_the_changelog_says_what_is_coming():
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert changelog.startswith("# Changelog\n")
    headings = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    assert headings
    assert all(heading == "Unreleased" or re.match(r"\[?\d+\.\d+\.\d+", heading) for heading in headings)
    assert re.search(r"^- \S", changelog, re.MULTILINE)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_test_a_page_names_is_there(page):
    missing = [name for name in named_tests(page) if not (ROOT / name).exists()]
    assert not missing


def test_pages_name_tests():
    assert "tests/rights" in set(named_tests(ROOT / "docs/security.md"))
