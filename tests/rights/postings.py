"""Needs and capabilities in the state in which a step can be taken.

own: not yet public, of the caller's organisation · other: not public, of another's · public: another's, published and
open to all · confidential: another's, published for operators only.
"""

from functools import partial

from sqlalchemy.orm import Session

from app.core.rules import validated
from app.features.accounts.types import SYSTEM
from app.features.postings.lifecycle import State
from app.features.postings.types import Action, CloseReason, PostingStatus
from tests.features.postings.desk import BODIES, CAPABILITIES_SIDE, NEEDS_SIDE, ROADS, Side
from tests.rights.world import Ask, Caller, Plan, World

S = PostingStatus
KINDS = ("own", "other", "public", "confidential")
_LEVELS = {"other": "on_consent", "confidential": "confidential"}
_WAITING = {"submit": S.DRAFT, "publish": S.SUBMITTED, "return": S.SUBMITTED, "reject": S.SUBMITTED}
_SUBMITTED = dict.fromkeys(("publish", "return", "reject"), S.SUBMITTED)


def state_for(action: str, kind: str) -> State:
    """A state in which an action is possible."""
    if action == "pause":
        return State(S.PUBLISHED)
    if action == "resume":
        return State(S.PAUSED)
    if kind in ("own", "other"):
        return State(_SUBMITTED.get(action, S.DRAFT))
    return State(S.PUBLISHED, _WAITING.get(action))


def reference_of(world: World, caller: Caller, side: Side, kind: str, action: str = "get") -> str | None:
    """A posting of a kind in a state for an action, by its reference; None if the caller can own none."""
    owner = world.other
    if kind == "own":
        if caller.organization_id != world.people[side.owner].organization_id:
            return None
        owner = caller.organization_id
    state = state_for(action, kind)
    return world.once((side.path, owner, kind, state), partial(_post, world, side, owner, kind, state))


def _post(world: World, side: Side, owner, kind: str, state: State, session: Session) -> str:
    content = side.kind.content.model_validate(
        {"title": f"权限 {world.number()}", **side.least, "visibility": {"details": _LEVELS.get(kind, "public")}}
    )
    posting = side.postings.create(session=session, actor=SYSTEM, content=content, organization_id=owner)
    given = {"session": session, "actor": SYSTEM, "posting_id": posting.id, "accepted": None}
    for step in ROADS[state]:
        if step == "revise":
            changed = content.model_dump(mode="json") | {side.text: "修改稿"}
            side.postings.revise(**given, patch=validated(side.kind.content, changed))
        else:
            note = BODIES.get(step, {}).get("note")
            side.postings.act(**given, action=Action(step), note=note, reason=None)
    return posting.reference


def named(side: Side, action: str, body: object = None):
    """A plan's `make` for a request that names one posting."""

    def make(world: World, caller: Caller, kind: str) -> Ask | None:
        reference = reference_of(world, caller, side, kind, action)
        return None if reference is None else Ask({"posting_id": reference}, body=body)

    return make


def _create(side: Side):
    def make(world: World, caller: Caller, kind: str) -> Ask | None:
        body = {"title": f"新的 {world.number()}", **side.least}
        if kind == "other":
            return Ask(body=body | {"organization_id": str(world.other)})
        return Ask(body=body) if caller.organization_id else None

    return make


def _plans(side: Side) -> dict[str, Plan]:
    noun = side.kind.name
    bodies = BODIES | {"close": {"reason": CloseReason.WITHDRAWN}, "update": {side.text: "改过的"}}
    steps = [*_SUBMITTED, "submit", "pause", "close", "update", "get"]
    plans = {f"{step}_{noun}": Plan(named(side, step, bodies.get(step)), KINDS) for step in steps}
    return plans | {
        # what is paused is open to nobody else
        f"resume_{noun}": Plan(named(side, "resume"), ("own", "other", "confidential")),
        f"create_{noun}": Plan(_create(side), ("own", "other")),
        f"list_{noun}_history": Plan(named(side, "get"), KINDS),
    }


PLANS = _plans(NEEDS_SIDE) | _plans(CAPABILITIES_SIDE)
