"""What the matcher asks about postings."""

from uuid import UUID, uuid4

import pytest

from app.core.schema import partial
from app.features.accounts.errors import KeyRequired
from app.features.accounts.types import ANONYMOUS
from app.features.postings.errors import PostingForbidden, PostingNotFound
from app.features.postings.lifecycle import State
from tests.features.postings.desk import ROADS, S


def test_only_what_is_published_is_indexed_whatever_its_levels(desk):
    open_one = desk.published()
    closed_one = desk.published(visibility={"details": "confidential", "identity": "confidential"})
    hidden = [desk.at(state) for state in ROADS if state.status != S.PUBLISHED]
    postings = desk.side.postings
    with desk.database.read_session() as session:
        rows = postings.published(session=session)
        assert [str(row.id) for row, _ in rows] == sorted([open_one["id"], closed_one["id"]])
        assert {organization.id for _, organization in rows} == {desk.person("owner").organization_id}
        asked = [UUID(open_one["id"]), UUID(hidden[0]["id"]), uuid4()]
        assert [str(row.id) for row, _ in postings.published(session=session, ids=asked)] == [open_one["id"]]


def test_cards_are_as_much_as_the_actor_may_see(desk):
    levels = {"identity": "registered", "budget": "confidential"}
    shown, draft = desk.published(visibility=levels), desk.draft()
    hidden = desk.published(visibility={"details": "matched"})
    ids = [UUID(posting["id"]) for posting in (shown, draft, hidden)]
    postings = desk.side.postings
    with desk.database.read_session() as session:
        anonymous = postings.cards(session=session, actor=ANONYMOUS, ids=ids)
        stranger = postings.cards(session=session, actor=desk.actor("stranger"), ids=ids)
        owner = postings.cards(session=session, actor=desk.actor("owner"), ids=ids)
    assert anonymous.keys() == stranger.keys() == {shown["id"]}
    assert owner.keys() == {str(one) for one in ids}
    card = anonymous[shown["id"]]
    assert (card.title, card.reference) == (shown["title"], shown["reference"])
    assert (card.organization.id, card.organization.name) == (None, None)
    assert stranger[shown["id"]].organization.id == desk.person("owner").organization_id


def test_one_posting_is_found_for_those_it_exists_for(desk):
    posting = desk.at(State(S.DRAFT))
    postings = desk.side.postings
    with desk.database.read_session() as session:
        row, _ = postings.found(session=session, actor=desk.actor("owner"), posting_id=posting["reference"])
        assert str(row.id) == posting["id"]
        with pytest.raises(PostingNotFound):
            postings.found(session=session, actor=desk.actor("stranger"), posting_id=posting["reference"])


def test_a_posting_may_be_tried_out_by_those_who_may_change_it(desk):
    posting = desk.published()
    postings = desk.side.postings
    with desk.database.read_session() as session:
        for who in ("owner", "operator"):
            row, owner = postings.editable(session=session, actor=desk.actor(who), posting_id=posting["reference"])
            assert (str(row.id), row.organization_id) == (posting["id"], owner.id)
        for actor, refusal in ((ANONYMOUS, KeyRequired), (desk.actor("stranger"), PostingForbidden)):
            with pytest.raises(refusal):
                postings.editable(session=session, actor=actor, posting_id=posting["reference"])
        with pytest.raises(PostingNotFound):
            postings.editable(session=session, actor=desk.actor("owner"), posting_id=uuid4())


def test_a_change_that_is_tried_out_starts_from_the_revision_and_stays_untold(desk):
    posting = desk.published(cooperation_modes=["turnkey", "leasing"])
    assert desk.patch(posting, keywords=["one"]).status_code == 200
    postings = desk.side.postings
    patch = partial(desk.side.kind.content, "Patch")(cooperation_modes=[])
    with desk.database.read_session() as session:
        row, _ = postings.editable(session=session, actor=desk.actor("owner"), posting_id=posting["reference"])
        before = desk.side.kind.draft_of(row)
        after = postings.patched(session=session, row=row, patch=patch)
        assert before.keywords == after.keywords == ["one"]
        assert (before.cooperation_modes, after.cooperation_modes) == (["turnkey", "leasing"], [])
        assert not session.dirty


def test_the_codes_of_a_content_deeper_in_a_request_are_named_deeper(side):
    content = side.kind.content.model_validate({"title": "x", **side.full})
    codes = side.kind.codes(content)
    below = codes.below("/need")
    for here, there in zip(codes, below, strict=True):
        assert there == {f"/need{pointer}": code for pointer, code in here.items()}
    assert {code for given in codes for code in given.values()} >= {"S20", "1432"}
