from collections.abc import Callable, Iterator

import pytest

from app.db.engine import Database
from tests.features.matches.asking import Caller
from tests.features.matches.publishing import Desk
from tests.support.clients import MakeClient, TestClient


@pytest.fixture
def anyone(demo_client) -> Caller:
    """A reader of the demonstration without a key."""
    return Caller(demo_client, {})


@pytest.fixture
def operator_of_demo(demo_client, demo_people) -> Caller:
    """An operator of the demonstration, who sees every posting."""
    return Caller(demo_client, demo_people["operator"].headers)


@pytest.fixture
def desk(client, people) -> Desk:
    """Writes and publishes postings."""
    return Desk(client, people)


@pytest.fixture
def caller(client, people) -> Callable[[str], Caller]:
    """`caller("provider")` asks with that person's key, `caller("anonymous")` with none."""

    def made(name: str) -> Caller:
        return Caller(client, people[name].headers if name in people else {})

    return made


@pytest.fixture
def elsewhere(staffed_database, make_client: MakeClient) -> Iterator[TestClient]:
    """A second application on the same database, as another process would be: its own pool, its own index."""
    again = Database(staffed_database.engine.url.render_as_string(hide_password=False))
    try:
        with make_client(again) as client:
            yield client
    finally:
        again.close()
