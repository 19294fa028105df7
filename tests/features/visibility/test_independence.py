"""What is hidden from a reader decides nothing of what the reader gets: without it, every answer is the same.

Where the canary test looks for what is hidden, this one looks for whatever could be concluded: from a rank, a score, a
total, an absence, a tag.
"""

from datetime import UTC, datetime
from random import Random
from uuid import UUID

import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from app.features.capabilities.models import (
    Capability,
    CapabilityEvent,
    CapabilityIndustry,
    CapabilityRegion,
    CapabilityScenario,
)
from app.features.needs.models import Need, NeedEvent
from app.features.organizations.models import Organization
from tests.features.visibility.asking import questions
from tests.features.visibility.test_canary import BOUNDED, planned
from tests.features.visibility.world import BUDGETS, TWINS, Actor, World
from tests.support.clients import client_over
from tests.support.people import read_people

OUTSIDERS = ("anonymous", "a member without postings", "a portal")
_TABLES = {"needs": (Need, NeedEvent), "capabilities": (Capability, CapabilityEvent)}
_LINKS = (CapabilityScenario, CapabilityIndustry, CapabilityRegion)


@given(st.integers(0, 2**64))
@BOUNDED
def test_without_what_is_hidden_every_answer_is_the_same(store, seed):
    random = Random(f"{store.backend} {seed}")
    with store.fresh("staffed") as database:
        with client_over(database) as client:
            world = World(client, read_people(store.note("staffed")), planned(random), random)
            readers = [actor for actor in world.actors if actor.name in OUTSIDERS]
            asked = [(actor, question) for actor in readers for question in questions(world, actor)]
            moment = datetime.now(UTC)
            before = _answers(client, asked, moment)
        counts = _take_away(world, database, readers[-1])
        assert min(counts.values()) > 0, counts
        # another application, as the first one holds in memory what it has read
        with client_over(database) as client:
            after = _answers(client, asked, moment)
    for (actor, question), one, other in zip(asked, before, after, strict=True):
        assert one == other, (actor.name, question)


def _answers(client, asked, moment):
    with time_machine.travel(moment, tick=False):
        answers = [
            client.request(
                question.method, question.url, json=question.body, headers={**actor.headers, "X-Request-ID": "same"}
            )
            for actor, question in asked
        ]
    return [(answer.status_code, _told(answer.headers), answer.text) for answer in answers]


def _told(headers):
    # how much one may still ask says what one has asked
    return {name: value for name, value in headers.items() if not name.startswith("ratelimit")}


def _take_away(world: World, database, reader: Actor):
    """Remove what even a reader with a key may not see, or put something else in its place, past the application."""
    owners = [UUID(one) for one in world.organizations]
    counts = dict.fromkeys(("postings", "owners", "budgets"), 0)
    with database.write_session() as session:
        session.execute(update(Organization).where(Organization.id.in_(owners)).values(contact={"name": "另一位"}))
        for posting in world.postings.values():
            posting_id = UUID(posting.id)
            table, events = _TABLES[posting.plan.kind]
            session.execute(delete(events).where(events.posting_id == posting_id))
            if posting.plan.state == "expired":
                continue  # its words were read by all, and go on counting until it is closed
            if not world.sees(reader, posting):
                for links in _LINKS if table is Capability else ():
                    session.execute(delete(links).where(links.capability_id == posting_id))
                if world.lost(reader, posting):  # the feed of changes tells that it is gone, and nothing else of it
                    others = {"title": "另写", "keywords": [], "organization_id": owners[TWINS[posting.plan.owner]]}
                    others |= dict.fromkeys(BUDGETS[posting.plan.kind], 1)
                    session.execute(update(table).where(table.id == posting_id).values(**others))
                else:
                    session.execute(delete(table).where(table.id == posting_id))
                counts["postings"] += 1
                continue
            others = {"review_note": "另写", "revision": None, "revision_status": None}
            if not world.sees_group(reader, posting, "identity"):
                others["organization_id"] = owners[TWINS[posting.plan.owner]]
                counts["owners"] += 1
            if not world.sees_group(reader, posting, "budget"):
                others |= dict.fromkeys(BUDGETS[posting.plan.kind], 1)
                counts["budgets"] += 1
            session.execute(update(table).where(table.id == posting_id).values(**others))
    return counts
