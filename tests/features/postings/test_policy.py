"""Who sees what, as a rule and as SQL: the two must say the same."""

from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.core.clock import now, today
from app.core.ids import new_id
from app.features.accounts.types import ANONYMOUS, SYSTEM, Actor, Role
from app.features.postings import policy
from app.features.postings.kind import columns_of
from app.features.postings.types import Action, PostingStatus, Visibility
from tests.support.people import ENTERPRISE, PROVIDER, STRANGER

OWN, OTHER = uuid4(), uuid4()
MEMBER, RIVAL = Actor(Role.MEMBER, OWN), Actor(Role.MEMBER, OTHER)
PORTAL, OPERATOR = Actor(Role.PORTAL), Actor(Role.OPERATOR)
OPEN = {
    ANONYMOUS: {"public"},
    RIVAL: {"public", "registered"},
    PORTAL: {"public", "registered"},
    OPERATOR: set(Visibility),
    SYSTEM: set(Visibility),
}
REVIEW = {Action.PUBLISH, Action.RETURN, Action.REJECT}


@pytest.mark.parametrize("actor", OPEN)
@pytest.mark.parametrize("level", Visibility)
@pytest.mark.parametrize("status", PostingStatus)
def test_what_others_see_is_published_and_open_to_them(actor, level, status):
    seen = policy.may_see(actor, organization_id=OWN, status=status, details=level, is_over=False)
    assert seen is (actor.is_operator or (status == "published" and level in OPEN[actor]))
    assert policy.sight(actor)(OWN, level) is (level in OPEN[actor])


@pytest.mark.parametrize("actor", OPEN)
def test_the_levels_open_to_an_actor_are_told_as_a_set(actor):
    assert policy.open_levels(actor) == OPEN[actor]


@given(st.sampled_from(list(PostingStatus)), st.sampled_from(list(Visibility)))
def test_the_owner_sees_everything_of_its_own(status, level):
    assert policy.may_see(MEMBER, organization_id=OWN, status=status, details=level, is_over=False)
    assert policy.sight(MEMBER)(OWN, level)


@pytest.mark.parametrize("action", Action)
def test_owners_run_their_postings_and_operators_review(action):
    assert policy.may(MEMBER, action, OWN) is (action not in REVIEW)
    assert policy.may(OPERATOR, action, OWN)
    assert not any(policy.may(actor, action, OWN) for actor in (ANONYMOUS, RIVAL, PORTAL))


def test_members_post_for_their_own_and_operators_for_any():
    assert [policy.may_post_for(actor, OWN) for actor in (MEMBER, OPERATOR, RIVAL, PORTAL, ANONYMOUS)] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_nobody_owns_nothing():
    assert not policy.owns(PORTAL, OWN)
    assert not policy.owns(ANONYMOUS, None)


def _enter(session, kind, organization_id, number, status, level, until):
    content = kind.content.model_validate(
        {
            "title": str(number),
            "problem" if kind.name == "need" else "summary": "x",
            "visibility": {"details": level},
            "valid_until": until,
        }
    )
    moment = now()
    row = kind.repository.model(
        id=new_id(), organization_id=organization_id, reference=f"{kind.prefix}-1999-{number:06d}", status=status,
        close_reason=None, review_note=None, revision=None, revision_status=None, version=1, created_at=moment,
        updated_at=moment, listed_at=moment, published_at=None, search_text="x", **columns_of(content),
    )  # fmt: skip
    session.add(row)
    return row.id, organization_id, status, level, until is not None and until < today()


def test_the_sql_agrees_with_the_rule_for_everybody_and_everything(desk, people):
    kind = desk.side.kind
    owners = [people[name].organization_id for name in (ENTERPRISE, PROVIDER)]
    with desk.database.write_session() as session:
        ends = (None, today(), today() - timedelta(days=1))
        cells = list(product(owners, PostingStatus, Visibility, ends))
        rows = [_enter(session, kind, cell[0], n, *cell[1:]) for n, cell in enumerate(cells)]
    actors = [ANONYMOUS, SYSTEM, OPERATOR, PORTAL, *(Actor(Role.MEMBER, people[name].organization_id)
              for name in (ENTERPRISE, PROVIDER, STRANGER))]  # fmt: skip
    with desk.database.read_session() as session:
        repository = kind.repository(session)
        for actor in actors:
            expected = {
                posting_id
                for posting_id, owner, status, level, is_over in rows
                if policy.may_see(actor, organization_id=owner, status=status, details=level, is_over=is_over)
            }
            found = set(session.scalars(repository.visible_to(actor, select(kind.repository.model.id), today())))
            assert found == expected, actor
            assert {row["id"] for row in repository.list_cards(actor, [row[0] for row in rows])} == expected, actor
            assert {row[0] for row in rows if repository.get(actor, row[0]) is not None} == expected, actor
