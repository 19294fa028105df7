"""Desks: where tests of this folder post needs and capabilities."""

import pytest

from tests.features.postings.desk import SIDES, Desk
from tests.support.clients import client_over
from tests.support.people import read_people


@pytest.fixture(scope="session", params=SIDES)
def side(request):
    """Needs, then capabilities."""
    return SIDES[request.param]


@pytest.fixture
def desk(client, people, side, staffed_database):
    """A desk over this test's own database."""
    return Desk(client, people, side, staffed_database)


@pytest.fixture(scope="module")
def busy_desk(store, side):
    """One desk for all tests of a module: for those that look at nothing but what they posted themselves."""
    with store.fresh("staffed") as database, client_over(database) as client:
        yield Desk(client, read_people(store.note("staffed")), side, database)
