"""Followers of the feed, and desks that give them something to follow."""

import pytest

from tests.features.portals.following import Follower
from tests.features.postings.desk import CAPABILITIES_SIDE, NEEDS_SIDE, Desk


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
