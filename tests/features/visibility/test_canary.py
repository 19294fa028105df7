"""For random postings, levels and actors no answer of any route holds what is hidden from whoever asked."""

import json
from collections import Counter
from collections.abc import Iterator
from random import Random
from urllib.parse import quote

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.features.visibility.asking import Question, questions
from tests.features.visibility.canaries import found_in
from tests.features.visibility.world import BUDGETS, LEVELS, OPEN_STATES, OPEN_TO_KNOWN, ROADS, Actor, Plan, World
from tests.support.clients import client_over
from tests.support.people import read_people

_FOLLOWED = {"need": "needs:read", "capability": "capabilities:read", "organization": "organizations:read"}
_DASHES = 4  # of an id; whatever has fewer is a content
_OPEN = ("public", "public", "public", "registered")
BOUNDED = settings(
    max_examples=1,  # with many postings, of which each has its own levels and state
    deadline=None,
    phases=[Phase.generate],  # a world takes half a minute: what fails is told as it is
    suppress_health_check=list(HealthCheck),
)


def planned(random: Random) -> list[Plan]:
    """Postings of both kinds, each hidden by one thing: its state, the level of its details, or that of a group.

    There is one in every state, with details open to those it is published for; the levels of the groups are mixed.
    """
    states = random.sample(sorted(ROADS.keys() - {"published"}), len(ROADS) - 1)
    closed = sorted(set(LEVELS) - OPEN_TO_KNOWN)
    made = []
    for kind, taken in zip(BUDGETS, (states[::2], states[1::2]), strict=True):
        for state in taken:
            levels = {"identity": random.choice(LEVELS), "details": random.choice(_OPEN)}
            made.append(Plan(kind, random.randrange(4), state, levels | {"budget": random.choice(LEVELS)}))
        for number, group in enumerate(("details", "details", "identity", "budget")):
            levels = dict.fromkeys(("identity", "details", "budget"), "public") | {group: random.choice(closed)}
            made.append(Plan(kind, 2 + number % 2, "published", levels))
    return made


@given(st.integers(0, 2**64))
@BOUNDED
def test_no_answer_holds_what_is_hidden(store, seed):
    random = Random(f"{store.backend} {seed}")
    with store.fresh("staffed") as database, client_over(database) as client:
        world = World(client, read_people(store.note("staffed")), planned(random), random)
        watch = _Watch(world)
        for actor in world.actors:
            if not actor.runs_the_platform:  # to whom all is open
                watch.ask_all(actor)
            watch.read_all(actor)
        watch.require_both()


class _Watch:
    """Asks, and holds every answer against the rules."""

    def __init__(self, world: World):
        self.world = world
        self.shown: Counter[tuple[str, str]] = Counter()
        self.hidden: Counter[tuple[str, str]] = Counter()

    def ask_all(self, actor: Actor) -> None:
        """Everything there is to ask; what is not there for an actor, once."""
        closed = set()
        for question in questions(self.world, actor):
            place = question.url.partition("?")[0]
            if place not in closed and self.ask(actor, question) in (401, 403, 404):
                closed.add(place)

    def ask(self, actor: Actor, question: Question) -> int:
        """One question; gives the status of the answer."""
        return self._answer(actor, question).status_code

    def _answer(self, actor, question):
        answer = self.world.client.request(
            question.method, question.url, json=question.body, headers=dict(actor.headers)
        )
        assert answer.status_code in (200, 401, 403, 404, 406, 422), (actor.name, question.url, answer.text)
        headers = json.dumps(dict(answer.headers))
        if answer.status_code == 200 and question.route == "/v1/changes":
            self._search_changes(actor, question, answer.json(), headers)
        else:
            self._search(actor, question, found_in(answer.text, headers), in_register=question.in_register)
        if answer.status_code == 200 and "json" in answer.headers["content-type"] and question.method != "HEAD":
            self._compare(actor, question, answer.json())
        return answer

    def _search_changes(self, actor, question, page, headers):
        """Each entry by itself: what one tells of an organisation excuses no other."""
        world = self.world
        for entry in page["items"]:
            assert actor.may_ask(_FOLLOWED[entry["kind"]]), (actor.name, entry)
            found = found_in(json.dumps(entry))
            posting = world.postings.get(entry["id"])
            if entry["type"] == "gone":
                told = {name for name, value in entry.items() if value is not None}
                assert told == {"cursor", "kind", "id", "type"}, (actor.name, entry)
                assert world.lost(actor, posting), (actor.name, posting)
                found.discard(posting.id)
            self._search(actor, question, found, in_register=entry["kind"] == "organization")
        self._search(actor, question, found_in(json.dumps({**page, "items": []}), headers), in_register=False)

    def _search(self, actor, question, found, *, in_register):
        world = self.world
        # a refusal names the address it refuses
        found = found - found_in(question.url.partition("?")[0])
        mentioned = {
            secret.posting.id
            for one in (*found, *found_in(question.url))
            if (secret := world.secrets.get(one)) and secret.posting and world.sees(actor, secret.posting)
        }
        for one in found & world.secrets.keys():
            secret = world.secrets[one]
            assert world.may_find(actor, secret, in_register=in_register, mentioned=mentioned), (
                f"{question.method} {question.url} tells {actor.name} {one}: "
                f"{secret.group} of {secret.posting or secret.organization}"
            )
            self.shown[actor.name, secret.group] += 1

    def _compare(self, actor, question, body):
        for record in _records(body):
            posting = self._posting_of(record)
            if posting is not None and record.get("type") != "gone":
                self._compare_record(actor, question, record, posting)
            if "need" in record and "capability" in record and "signals" in record:
                self._compare_pair(actor, question, record)

    def _posting_of(self, record):
        posting = self.world.postings.get(str(record.get("id")))
        if posting is None and record.get("reference"):
            posting = next(one for one in self.world.postings.values() if one.reference == record["reference"])
        return posting

    def _compare_record(self, actor, question, record, posting):
        world, where = self.world, (actor.name, question.url, posting)
        assert world.sees(actor, posting), where
        if "organization" in record:
            brief, sent = record["organization"], world.organizations[posting.organization]
            is_open = world.sees_group(actor, posting, "identity")
            names = [brief["id"], brief["name"], brief["name_en"]]
            assert names == ([posting.organization, sent["name"], sent["name_en"]] if is_open else [None] * 3), where
            industry = sent["industry_code"] if is_open else sent["industry_code"][:2]
            assert (brief["org_type"], brief["industry_code"]) == (sent["org_type"], industry), where
        if BUDGETS[posting.plan.kind][0] in record:
            told = [record[name] for name in BUDGETS[posting.plan.kind]]
            is_open = world.sees_group(actor, posting, "budget")
            assert told == (posting.budget if is_open else [None] * 2), where
            (self.shown if is_open else self.hidden)[actor.name, "budget field"] += 1
        if "revision" in record and not world.sees_all(actor, posting):
            inner = [record[name] for name in ("review_note", "revision", "revision_status", "allowed_actions")]
            assert inner == [None, None, None, []], where

    def _compare_pair(self, actor, question, record):
        """A budget that is hidden from a reader neither counts nor decides."""
        sides = [self._posting_of(record[name]) for name in ("need", "capability") if record[name]]
        if all(self.world.sees_group(actor, side, "budget") for side in sides):
            return
        where = (actor.name, question.url)
        (budget,) = (one for one in record["signals"] if one["name"] == "budget")
        assert budget["value"] is None, where
        assert not [one for one in record["violations"] if one["kind"] == "budget"], where
        self.hidden[actor.name, "budget signal"] += 1

    def read_all(self, actor: Actor) -> None:
        """What is open is there, to the last posting, so that nothing above passes on emptiness."""
        world, client = self.world, self.world.client

        def read(path, **query):
            answer = client.get(path, params=query, headers=dict(actor.headers))
            return answer.json() if answer.status_code == 200 else None

        for kind in BUDGETS:
            if not actor.may_ask(f"{kind}:read"):
                assert read(f"/v1/{kind}") is None
                continue
            for posting in world.of_kind(kind):
                self._read_whole(actor, posting, read)
            self._read_lists(actor, kind, read)
        if actor.may_ask("matches:read"):
            for kind, other in (("needs", "capabilities"), ("capabilities", "needs")):
                for posting in world.of_kind(kind):
                    self._read_ranking(actor, posting, other, read)
        self._read_changes(actor, read)
        self._read_audit(actor)
        for one in world.organizations if actor.role and actor.may_ask("organizations:read") else ():
            sent, found = world.organizations[one], read(f"/v1/organizations/{one}")
            assert [found["name"], found["uscc"]] == [sent["name"], sent["uscc"]]
            is_own = actor.runs_the_platform or actor.organization == one
            assert found["contact"] == (sent["contact"] if is_own else None)

    def _read_whole(self, actor, posting, read):
        """A posting holds every canary of its open groups, and nothing else."""
        world, found = self.world, read(f"/v1/{posting.plan.kind}/{posting.id}")
        assert (found is not None) == world.sees(actor, posting), (actor.name, posting)
        if found is None:
            self.hidden[actor.name, "posting"] += 1
            return
        told = found_in(json.dumps(found))
        for one, secret in world.secrets.items():
            if secret.posting is posting and secret.group != "inner":
                is_open = secret.group == "details" or world.sees_group(actor, posting, secret.group)
                assert (one in told) == is_open, (actor.name, one, secret)
        self.shown[actor.name, "posting"] += 1
        if world.sees_all(actor, posting):
            assert posting.inner <= found_in(json.dumps([found, read(f"/v1/{posting.plan.kind}/{posting.id}/history")]))

    def _read_lists(self, actor, kind, read):
        """Lists, their filters and their totals hold what an actor sees, to the last one."""
        world = self.world
        seen = {one.id for one in world.of_kind(kind) if world.sees(actor, one)}

        def listed(**query):
            page = read(f"/v1/{kind}", limit=200, include="total", **query)
            assert page["total"] == len(page["items"]), query
            return {one["id"] for one in page["items"]}

        assert listed() == seen, actor.name
        followed, page = set(), read(f"/v1/{kind}", limit=2)
        while True:
            followed |= {one["id"] for one in page["items"]}
            if page["next_cursor"] is None:
                break
            page = read(f"/v1/{kind}", limit=2, cursor=page["next_cursor"])
        assert followed == seen
        for organization in world.organizations:
            own = {
                one.id
                for one in world.of_kind(kind)
                if one.organization == organization and world.sees_group(actor, one, "identity")
            }
            assert listed(organization_id=organization) == own, (actor.name, organization)
        for posting in world.of_kind(kind):
            word = posting.content["title"].split()[-1]
            assert listed(q=word) == {posting.id} & seen, (actor.name, posting)
        for word, secret in world.secrets.items():
            if secret.group in ("inner", "budget", "identity", "contact") and world.random.random() < 0.1:
                assert listed(q=word) == set(), (actor.name, word, secret)

    def _read_changes(self, actor, read):
        """The feed, followed to its end, leaves whoever follows it with what the lists hold, and no more."""
        world = self.world
        for limit in (7, 200):
            told: dict[str, dict] = {}
            for page in self._pages(actor, "/v1/changes", f"limit={limit}"):
                told |= {entry["id"]: entry for entry in page["items"]}
            for kind, name in (("needs", "need"), ("capabilities", "capability")):
                is_open = actor.may_ask(_FOLLOWED[name])
                copy = {one: entry for one, entry in told.items() if entry["kind"] == name}
                kept = {one: entry["data"] for one, entry in copy.items() if entry["type"] == "upserted"}
                listed = read(f"/v1/{kind}", limit=200)["items"] if is_open else []
                assert kept == {one["id"]: one for one in listed}, (actor.name, name)
                lost = {one.id for one in world.of_kind(kind) if is_open and world.lost(actor, one)}
                assert copy.keys() - kept.keys() == lost, (actor.name, name)
                self.shown[actor.name, "change"] += len(kept)
                self.hidden[actor.name, "change"] += len(world.of_kind(kind)) - len(copy)
                self.hidden[actor.name, "gone"] += len(lost)
            named = {one: entry["data"]["name"] for one, entry in told.items() if entry["kind"] == "organization"}
            if actor.role and actor.may_ask("organizations:read"):
                assert named.items() >= {(one, sent["name"]) for one, sent in world.organizations.items()}, actor.name
            else:
                assert not named, actor.name

    def _read_audit(self, actor):
        """Administrators read what was done to which record, and no content; nobody else reads any of it."""
        world = self.world
        if actor.role != "administrator":
            assert self.ask(actor, Question("/v1/audit", "/v1/audit")) in (401, 403), actor.name
            return
        pages = list(self._pages(actor, "/v1/audit", "limit=200"))
        found = found_in(json.dumps(pages)) & world.secrets.keys()
        published = {one.id for one in world.postings.values() if "publish" in ROADS[one.plan.state]}
        assert not {one for one in found if one.count("-") < _DASHES}, sorted(found)
        assert found >= published | world.organizations.keys()

    def _pages(self, actor, path, query):
        url = f"{path}?{query}"
        while True:
            answer = self._answer(actor, Question(path, url))
            if answer.status_code != 200:
                assert not actor.may_ask(f"{path.rpartition('/')[2]}:read"), (actor.name, url)
                return
            page = answer.json()
            yield page
            if not page.get("has_more", page["next_cursor"] is not None):
                return
            url = f"{path}?{query}&cursor={quote(page['next_cursor'])}"

    def _read_ranking(self, actor, posting, other, read):
        """All that an actor sees of the other side is ranked; of one organisation's own, what is known to be its own
        is not."""
        world = self.world
        ranking = read(f"/v1/{posting.plan.kind}/{posting.id}/matches", limit=200)
        assert (ranking is not None) == world.sees(actor, posting), (actor.name, posting)
        if ranking is None:
            return
        knows = world.sees_group(actor, posting, "identity")
        fit = {
            one.id
            for one in world.of_kind(other)
            if one.plan.state in OPEN_STATES
            and world.sees(actor, one)
            and not (knows and one.organization == posting.organization and world.sees_group(actor, one, "identity"))
        }
        side = "capability" if other == "capabilities" else "need"
        assert ranking["considered"] == len(fit), (actor.name, posting)
        assert {match[side]["id"] for match in ranking["matches"]} == fit

    def require_both(self):
        """Of each kind of thing some were seen and some were not: otherwise the world had nothing to tell."""
        for group in ("posting", "budget field", "change"):
            for name in ("anonymous", "a portal", "a member with postings"):
                assert self.shown[name, group], (name, group)
                assert self.hidden[name, group], (name, group)
        for group in ("details", "identity"):
            assert self.shown["anonymous", group], group
        assert self.hidden["anonymous", "budget signal"]
        assert self.hidden["anonymous", "gone"]
        assert self.shown["a member with postings", "contact"]
        assert self.shown["a manager with postings", "person"]
        assert self.shown["a portal", "webhook"]


def _records(body: object) -> Iterator[dict]:
    if isinstance(body, dict):
        yield body
        for one in body.values():
            yield from _records(one)
    elif isinstance(body, list):
        for one in body:
            yield from _records(one)
