"""Followers of the feed, and desks that give them something to follow."""

import pytest

from tests.features.portals.following import Follower
from tests.features.portals.hooks import LOCAL, SECRET_KEY, Hooks, Post
from tests.features.postings.desk import CAPABILITIES_SIDE, NEEDS_SIDE, Desk
from tests.support.clients import client_over


@pytest.fixture
def client(staffed_database):
    """A client of an installation that may send to this machine."""
    with client_over(staffed_database, webhooks=LOCAL, secret_key=SECRET_KEY) as made:
        yield made


@pytest.fixture
def hooks(client, people):
    """Where webhooks are made."""
    return Hooks(client, people)


@pytest.fixture
def post(client, staffed_database):
    """A worker's part, in this process."""
    return Post(client, staffed_database)


@pytest.fixture
def needs(client, people, staffed_database):
    """Where needs are posted."""
    return Desk(client, people, NEEDS_SIDE, staffed_database)


@pytest.fixture
def capabilities(client, people, staffed_database):
    """Where capabilities are posted."""
    return Desk(client, people, CAPABILITIES_SIDE, staffed_database)


@pytest.fixture(params=["need", "capability"])
def desk(request, needs, capabilities):
    """One of the two desks, then the other."""
    return needs if request.param == "need" else capabilities


@pytest.fixture
def follower(client, people):
    """`follower("portal")` follows with that person's key, `follower(None)` without one."""
    return lambda by=None: Follower(client, people[by].headers if by else {})
