"""Rankings and reports of one posting; the kinds are those of postings."""

from tests.features.postings.desk import CAPABILITIES_SIDE, NEEDS_SIDE
from tests.rights.postings import KINDS, named, reference_of
from tests.rights.world import Ask, Caller, Plan, World

_PREVIEW = {"need": {"title": "焊缝外观靠人看", "problem": "夜班漏检"}, "limit": 3}


def _pair(world: World, caller: Caller, kind: str) -> Ask | None:
    """A need of the kind and a public capability; for whoever may own a capability only, the other way round."""
    need = reference_of(world, caller, NEEDS_SIDE, kind)
    capability = reference_of(world, caller, CAPABILITIES_SIDE, "public" if need else kind)
    need = need or reference_of(world, caller, NEEDS_SIDE, "public")
    return None if capability is None else Ask({"need_id": need, "capability_id": capability})


PLANS = {
    "list_need_matches": Plan(named(NEEDS_SIDE, "get"), KINDS),
    "list_capability_matches": Plan(named(CAPABILITIES_SIDE, "get"), KINDS),
    "get_need_report": Plan(named(NEEDS_SIDE, "get"), KINDS),
    "get_capability_report": Plan(named(CAPABILITIES_SIDE, "get"), KINDS),
    "coach_need": Plan(named(NEEDS_SIDE, "get"), KINDS),
    "simulate_need": Plan(named(NEEDS_SIDE, "get", {"min_trl": 8}), KINDS),
    "get_match": Plan(_pair, KINDS),
    "preview_matches": Plan(lambda *_: Ask(body=_PREVIEW)),
}
