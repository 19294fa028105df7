"""Nobody makes an equal or a higher key."""

from uuid import uuid4

import pytest

from app.features.accounts import policy
from app.features.accounts.types import ANONYMOUS, SYSTEM, Actor, Role

MAY_ISSUE = {
    None: set(),
    Role.MEMBER: set(),
    Role.MANAGER: set(),
    Role.PORTAL: set(),
    Role.OPERATOR: {Role.MEMBER, Role.MANAGER, Role.PORTAL},
    Role.ADMINISTRATOR: set(Role),
}


def _actor(role):
    return Actor(role=role, organization_id=uuid4() if role is not None and role.is_of_organization else None)


@pytest.mark.parametrize("role", [None, *Role])
def test_who_may_issue_what(role):
    assert {wanted for wanted in Role if policy.may_issue(_actor(role), wanted)} == MAY_ISSUE[role]


@pytest.mark.parametrize("role", [None, *Role])
def test_keys_are_seen_by_those_who_run_the_platform(role):
    runs = role in (Role.OPERATOR, Role.ADMINISTRATOR)
    assert policy.may_see_keys(_actor(role)) is runs
    assert _actor(role).is_operator is runs


def test_a_reader_without_a_key_is_not_known():
    assert not ANONYMOUS.is_known
    assert not ANONYMOUS.is_operator
    assert all(_actor(role).is_known for role in Role)


def test_the_command_line_is_an_administrator():
    assert SYSTEM.is_operator
    assert SYSTEM.key_id is None
