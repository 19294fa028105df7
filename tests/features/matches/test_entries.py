"""Columns of entries say of every posting what the policy says of one."""

from datetime import date, timedelta
from itertools import product
from uuid import UUID

import numpy as np
import pytest

from app.features.accounts.types import ANONYMOUS, SYSTEM, Actor, Role
from app.features.matches.entries import Entries
from app.features.postings import policy
from app.features.postings.types import PostingHead, PostingStatus, Visibility

TODAY = date(2026, 11, 24)
ENDING_IN_ZERO = UUID("01a20000-0000-7000-8000-000000000000")
ORGANIZATIONS = (UUID(int=7), UUID(int=8), ENDING_IN_ZERO)
HEADS = [
    PostingHead(UUID(int=100 + number), organization, level, identity, until)
    for number, (organization, level, until, identity) in enumerate(
        product(ORGANIZATIONS, Visibility, (None, TODAY, TODAY - timedelta(days=1)), Visibility)
    )
]
ACTORS = [
    ANONYMOUS,
    SYSTEM,
    *(Actor(key_id=UUID(int=1), role=Role.MEMBER, organization_id=one) for one in ORGANIZATIONS),
]


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("except_of", [None, *ORGANIZATIONS])
def test_what_is_open_is_what_the_policy_says(actor, except_of):
    entries = Entries.of(reversed(HEADS))
    mask = entries.open_to(actor, except_of=except_of, today=TODAY)
    assert set(Entries(entries.rows[mask])) == {
        str(head.id)
        for head in HEADS
        if not (head.organization_id == except_of and policy.sight(actor)(except_of, head.identity_level))
        and not (head.valid_until and head.valid_until < TODAY)
        and policy.may_see(
            actor,
            organization_id=head.organization_id,
            status=PostingStatus.PUBLISHED,
            details=head.details_level,
            is_over=False,
        )
    }


def test_changes_replace_add_and_take_away():
    entries = Entries.of(HEADS[:5])
    changed = HEADS[1]._replace(details_level=Visibility.ON_CONSENT)
    after = entries.with_changes([HEADS[0].id, HEADS[1].id, HEADS[9].id], [changed, HEADS[9]])
    assert list(after) == list(Entries.of([changed, *HEADS[2:5], HEADS[9]]))
    assert (after.rows == Entries.of([changed, *HEADS[2:5], HEADS[9]]).rows).all()
    assert entries.with_changes([HEADS[20].id], []) is entries, "a draft that came and went"


def test_entries_follow_the_order_of_other_rows():
    heads = [HEADS[number] for number in (3, 8, 0, 1)]
    ids = np.array([str(head.id).encode() for head in heads])
    ordered = Entries.of([HEADS[0], *HEADS[2:4]]).in_order_of(ids)
    mask = ordered.open_to(SYSTEM, except_of=None, today=TODAY)
    assert mask.tolist() == [True, False, True, False], "nobody may see what is not there"
    assert list(Entries(ordered.rows[mask])) == [str(HEADS[3].id), str(HEADS[0].id)]
    assert not Entries.of([]).in_order_of(ids).open_to(SYSTEM, except_of=None, today=TODAY).any()
