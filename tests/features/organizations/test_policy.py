"""Who may do what with an organisation."""

from uuid import uuid4

import pytest

from app.features.accounts.types import ANONYMOUS, Actor, Role
from app.features.organizations import policy

OWN, OTHER = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("actor", "runs", "owns"),
    [
        (ANONYMOUS, False, False),
        (Actor(role=Role.PORTAL), False, False),
        (Actor(role=Role.MEMBER, organization_id=OTHER), False, False),
        (Actor(role=Role.MEMBER, organization_id=OWN), False, True),
        (Actor(role=Role.OPERATOR), True, False),
        (Actor(role=Role.ADMINISTRATOR), True, False),
    ],
)
def test_operators_run_the_register_and_members_their_own_entry(actor, runs, owns):
    assert policy.may_create(actor) is runs
    assert policy.may_verify(actor) is runs
    assert policy.may_change(actor, OWN) is (runs or owns)
    assert policy.may_see_contact(actor, OWN) is (runs or owns)
