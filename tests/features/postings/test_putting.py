"""Writing by natural key, as imports do: publish what is new, update what differs, leave the rest."""

import pytest

from app.core.errors import Invalid
from app.db import changes
from app.features.accounts.types import ANONYMOUS
from app.features.postings.errors import ActionNotPossible, PostingExpired, PostingForbidden, WrongOrganization
from app.features.postings.lifecycle import State
from app.features.postings.types import PostingStatus

S = PostingStatus


def _only(desk):
    (item,) = desk.list(q="自然键")["items"]
    return desk.get(item).json()


def _revision(desk):
    with desk.database.read_session() as session:
        return changes.revision(session)


def test_new_then_unchanged_then_updated(desk):
    assert desk.put() == "created"
    first = _only(desk)
    assert (first["status"], first["version"]) == ("published", 3)
    logged = _revision(desk)

    assert desk.put() == "unchanged"
    assert _only(desk) == first
    assert _revision(desk) == logged

    assert desk.put(**desk.side.full) == "updated"
    last = _only(desk)
    assert (last["id"], last["status"], last["revision"]) == (first["id"], "published", None)
    assert {name: last[name] for name in desk.side.full} == desk.side.full
    assert desk.put(**desk.side.full) == "unchanged"
    assert desk.put() == "updated"
    emptied = _only(desk)
    assert {name: emptied[name] for name in desk.side.defaults} == desk.side.defaults


def test_another_organisation_with_the_same_title_is_another_posting(desk):
    assert [desk.put(), desk.put(by="stranger")] == ["created", "created"]
    assert desk.list(q="自然键", include="total")["total"] == 2


@pytest.mark.parametrize("different", [{}, {"keywords": ["新"]}])
def test_what_was_closed_stays_closed(desk, different):
    desk.put()
    closed = desk.take(_only(desk), "close")
    assert desk.put(**different) == "unchanged"
    assert _only(desk) == closed


def test_an_open_posting_counts_before_a_closed_one(desk):
    desk.put()
    desk.take(_only(desk), "close")
    opened = desk.draft(title="自然键")
    assert desk.put() == "updated"
    assert desk.get(opened).json()["status"] == "published"


@pytest.mark.parametrize(
    ("state", "ends"),
    [
        (State(S.DRAFT), "published"),
        (State(S.SUBMITTED), "published"),
        (State(S.RETURNED), "published"),
        (State(S.PAUSED), "paused"),
    ],
)
def test_different_content_is_published_from_any_state(desk, state, ends):
    posting = desk.at(state, title="自然键")
    assert desk.put(**desk.side.full) == "updated"
    shown = desk.get(posting).json()
    assert (shown["status"], shown["revision"], shown["revision_status"]) == (ends, None, None)
    assert {name: shown[name] for name in desk.side.full} == desk.side.full


@pytest.mark.parametrize("state", [State(S.DRAFT), State(S.SUBMITTED), State(S.RETURNED)])
def test_the_same_content_is_published_from_any_state_of_review(desk, state):
    posting = desk.at(state, title="自然键")
    assert desk.put() == "updated"
    assert desk.get(posting).json()["status"] == "published"


@pytest.mark.parametrize("revision", [S.DRAFT, S.SUBMITTED, S.RETURNED])
def test_different_content_leaves_a_revision_alone_too(desk, revision):
    posting = desk.at(State(S.PUBLISHED, revision), title="自然键")
    before = desk.get(posting, by="operator").json()
    assert desk.put(**desk.side.full) == "unchanged"
    assert desk.get(posting, by="operator").json() == before


def test_a_reference_finds_a_posting_whose_title_has_changed(desk):
    reference = f"{desk.side.kind.prefix}-2020-000001"
    assert desk.put(reference=reference) == "created"
    posting = _only(desk)
    changed = desk.patch(posting, by="operator", title="改过的标题").json()
    desk.take(changed, "submit", "publish")
    assert desk.put(reference=reference) == "updated"
    assert desk.get(posting).json()["title"] == "自然键"


@pytest.mark.parametrize("revision", [S.DRAFT, S.SUBMITTED, S.RETURNED])
def test_the_same_public_content_leaves_a_revision_alone(desk, revision):
    posting = desk.at(State(S.PUBLISHED, revision), title="自然键")
    assert desk.put() == "unchanged"
    assert desk.get(posting).json() == posting


def test_what_was_rejected_is_not_published_by_the_back_door(desk):
    posting = desk.at(State(S.REJECTED), title="自然键")
    for different in ({}, {"keywords": ["新"]}):
        with pytest.raises(ActionNotPossible):
            desk.put(**different)
    assert desk.get(posting).json() == posting


@pytest.mark.parametrize("by", ["owner", "portal", None])
def test_only_operators_put(desk, by):
    actor = ANONYMOUS if by is None else desk.actor(by)
    with pytest.raises(PostingForbidden):
        desk.put(actor=actor)
    assert desk.list(q="自然键")["items"] == []


def test_nothing_is_put_half_way(desk):
    logged = _revision(desk)
    with pytest.raises(WrongOrganization):
        desk.put(by=desk.side.wrong)
    with pytest.raises(PostingExpired):
        desk.put(valid_until="2020-01-01")
    with pytest.raises(Invalid):
        desk.put(**{name: code for name, code in desk.side.codes(industry="9999").items() if code})
    assert desk.list(q="自然键")["items"] == []
    assert _revision(desk) == logged


def test_a_reference_given_from_outside_is_kept_and_never_given_again(desk):
    year = desk.draft()["reference"][3:7]
    prefix = f"{desk.side.kind.prefix}-{year}-"
    assert desk.put(reference=f"{prefix}000123") == "created"
    assert _only(desk)["reference"] == f"{prefix}000123"
    assert desk.draft()["reference"] == f"{prefix}000124"
    desk.put(title="更早的", reference=f"{prefix}000050")
    assert desk.draft()["reference"] == f"{prefix}000125"
