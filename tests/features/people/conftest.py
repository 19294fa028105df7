"""What tests of people stand on."""

import pytest

from tests.features.people.house import House


@pytest.fixture
def house(client, staffed_database, people) -> House:
    """People of this test's own database, with mail that is kept and hashes that cost little."""
    return House(client, staffed_database, people)
