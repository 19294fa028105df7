"""Use case: what would change if a need were changed."""

from uuid import UUID

from app.core.schema import Schema
from app.features.capabilities.service import CAPABILITIES
from app.features.matches.presenting import present_shift
from app.features.matches.schemas import SimulationRead, TrialQuery
from app.features.matches.service import Asking, supply_for
from app.features.matches.wording import simulation_text
from app.features.needs.kind import NEED
from app.features.needs.schemas import is_stated
from app.features.needs.service import NEEDS
from app.features.needs.types import NeedField
from app.matching import shifts


def simulate(asking: Asking, *, need_id: UUID | str, patch: Schema, query: TrialQuery) -> SimulationRead:
    """Rank for a need as it is and as a patch would make it, against the same capabilities; nothing is saved.

    Both contents are those of a change: where a revision waits, the patch is tried on it, as it would be saved on it.

    Raises:
        KeyRequired: no key was shown.
        PostingNotFound: there is no such need for this actor.
        PostingForbidden: it is another's.
        Invalid, TitleTaken: the change would be refused, as in `postings.service.revise`.
    """
    session, actor = asking.session, asking.actor
    row, organization = NEEDS.editable(session=session, actor=actor, posting_id=need_id)
    old = NEED.draft_of(row)
    new = NEEDS.patched(session=session, row=row, patch=patch)
    supply = supply_for(asking, owner=row.organization_id)
    before, after = (supply.standing(supply.document(content, str(row.id))) for content in (old, new))
    found = shifts(before, after, query.limit)
    # a capability may be withdrawn between the ranking and the reading of its card
    capabilities = CAPABILITIES.cards(session=session, actor=actor, ids=[UUID(one.after.offer_id) for one in found])
    shown = [one for one in found if one.after.offer_id in capabilities]
    counts = {
        "newly_suitable": sum(one.after.suitable and not one.before.suitable for one in shown),
        "no_longer_suitable": sum(one.before.suitable and not one.after.suitable for one in shown),
        "moved": sum(one.is_moved for one in shown),
    }
    fields = [field for field in NeedField if getattr(old, field) != getattr(new, field)]
    stated = [field for field in fields if not is_stated(old, field)]
    withdrawn = [field for field in fields if not is_stated(new, field)]
    changed = [field for field in fields if field not in (*stated, *withdrawn)]
    text = simulation_text(stated=stated, changed=changed, withdrawn=withdrawn, **counts)
    params = supply.snapshot.matcher.params
    return SimulationRead(
        need=NEEDS.card(row, organization, actor),
        fields=fields,
        text=text.said_in(asking.language),
        **counts,
        floor=params.floor,
        as_of=supply.today,
        revision=supply.snapshot.revision,
        matcher_version=params.version,
        considered=len(after.offer_ids),
        shifts=[
            present_shift(one, capability=capabilities[one.after.offer_id], language=asking.language) for one in shown
        ],
    )
