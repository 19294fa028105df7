"""What tests of pages stand on: one browser and one server for a module."""

import pytest

from tests.pages.browser import Watched, chromium
from tests.pages.site import Site
from tests.support.people import read_people
from tests.support.processes import served


@pytest.fixture(scope="module")
def browser():
    """Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(store, tmp_path_factory):
    """A server with a worker beside it, whose mail is kept."""
    folder = tmp_path_factory.mktemp("site")
    mail = folder / "mail.log"
    with store.fresh("staffed") as database:
        address = database.engine.url.render_as_string(hide_password=False)
        settings = {"DUIJIE_DATABASE__URL": address, "DUIJIE_MAIL__FILE": str(mail), "DUIJIE_JOBS__EMBEDDED": "true"}
        with served("serve", cwd=folder, **settings) as server:
            yield Site(server, mail, read_people(store.note("staffed")))


@pytest.fixture
def open_page(browser, site):
    """`open_page(address, locale="en")`: a page that is watched until the test ends."""
    opened = []

    def open_at(address, locale="zh-CN", **context):
        watched = Watched(browser, locale=locale, **context)
        opened.append(watched)
        watched.page.goto(address)
        return watched

    yield open_at
    for one in opened:
        one.context.close()
        assert one.said == []
        assert all(request.url.startswith(site.server.base) for request in one.requests)
