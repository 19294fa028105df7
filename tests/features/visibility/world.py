"""A small district full of canaries, and who may see which of them.

What is said here of who sees what is written from the rules as people read them, and takes nothing from the
application: it would otherwise agree with whatever the application does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import time_machine
from sqlalchemy import update

from app.core import clock
from app.features.accounts.models import ApiKey
from tests.features.visibility.canaries import Mint, secrets_in
from tests.support.people import check_character

LEVELS = ("public", "registered", "matched", "on_consent", "confidential")
OPEN_TO_ALL, OPEN_TO_KNOWN = {"public"}, {"public", "registered"}
BUDGETS = {"needs": ("budget_min_cny", "budget_max_cny"), "capabilities": ("price_min_cny", "price_max_cny")}
RUNNING = ("operator", "administrator")

PUBLISHED = ("submit", "publish")
ROADS: Mapping[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "return"),
    "rejected": ("submit", "reject"),
    "published": PUBLISHED,
    "expired": PUBLISHED,
    "published at last": ("submit", "return", "revise", "submit", "publish"),
    "paused": (*PUBLISHED, "pause"),
    "resumed": (*PUBLISHED, "pause", "resume"),
    "closed": (*PUBLISHED, "close"),
    "revision begun": (*PUBLISHED, "revise"),
    "revision submitted": (*PUBLISHED, "revise", "submit"),
    "revision returned": (*PUBLISHED, "revise", "submit", "return"),
    "revision published": (*PUBLISHED, "revise", "submit", "publish"),
}
"""The steps to each state a posting can be in."""
OPEN_STATES = frozenset(
    {"published", "published at last", "resumed"} | {name for name in ROADS if name.startswith("revision")}
)
_AGO = timedelta(days=10)


@dataclass(frozen=True)
class Actor:
    """Whoever asks; `scopes` None means all that the role has."""

    name: str
    headers: Mapping[str, str]
    role: str | None = None
    organization: str | None = None
    scopes: frozenset[str] | None = None

    @property
    def runs_the_platform(self):
        return self.role in RUNNING

    @property
    def open_levels(self):
        return OPEN_TO_KNOWN if self.role else OPEN_TO_ALL

    def may_ask(self, *scopes):
        """Whether any of some scopes is the actor's."""
        return self.scopes is None or bool(self.scopes.intersection(scopes))


ANYBODY = Actor("anonymous", {})


@dataclass(frozen=True)
class Plan:
    """What a posting is to be."""

    kind: str
    owner: int
    state: str
    levels: Mapping[str, str]


@dataclass
class Posting:
    """One posting as it was made."""

    plan: Plan
    id: str
    reference: str
    organization: str
    content: dict[str, Any]
    inner: set[str] = field(default_factory=set)

    @property
    def budget(self):
        return [self.content[name] for name in BUDGETS[self.plan.kind]]


@dataclass(frozen=True)
class Secret:
    """Something that can be found: of which group it is, and whose; `keeper` names the actor who keeps a webhook."""

    group: str
    posting: Posting | None = None
    organization: str | None = None
    keeper: str | None = None


class World:
    """Organisations and postings, made the way people make them.

    Attributes:
        organizations: what was sent for each, by id; two of each kind, whose industries lie in one division.
        postings: by id.
        secrets: everything that can be found, by how it reads.
        webhooks: ids of two that two actors keep.
    """

    def __init__(self, client, people, plans, random: Random):
        self.client, self.people = client, people
        self.random, self.mint = random, Mint()
        self.organizations: dict[str, dict[str, Any]] = {}
        self.postings: dict[str, Posting] = {}
        self.secrets: dict[str, Secret] = {}
        self._keys: dict[str, Mapping[str, str]] = {}
        # some days ago, so that some of it is over by now
        with time_machine.travel(datetime.now(UTC) - _AGO):
            for number, (org_type, industry) in enumerate(_KINDS):
                self._enter(number, org_type, industry)
            for plan in plans:
                self._make(plan)
            self.actors = self._everybody()
            self.webhooks = [self._keep_webhook(name) for name in ("a portal", "an administrator")]

    # who sees what

    def sees(self, actor: Actor, posting: Posting) -> bool:
        """Whether a posting exists for an actor."""
        if self.sees_all(actor, posting):
            return True
        return posting.plan.state in OPEN_STATES and posting.plan.levels["details"] in actor.open_levels

    def sees_all(self, actor: Actor, posting: Posting) -> bool:
        """Whether an actor is of the posting's own side, or runs the platform."""
        return actor.runs_the_platform or actor.organization == posting.organization

    def lost(self, actor: Actor, posting: Posting) -> bool:
        """Whether an actor saw a posting that is gone now, and is to remove its copy: of what was never published
        nothing is told, and of what is no longer there no more than its id."""
        was_seen = "publish" in ROADS[posting.plan.state] and posting.plan.levels["details"] in actor.open_levels
        return was_seen and not self.sees(actor, posting)

    def sees_group(self, actor: Actor, posting: Posting, group: str) -> bool:
        """Whether an actor sees a group of a posting's fields."""
        if not self.sees(actor, posting):
            return False
        return self.sees_all(actor, posting) or posting.plan.levels[group] in actor.open_levels

    def may_find(self, actor: Actor, secret: Secret, *, in_register: bool, mentioned: set[str]) -> bool:
        """Whether something may stand in an answer to an actor.

        Args:
            actor: who asked.
            secret: what was found.
            in_register: whether the answer is one of the register of organisations.
            mentioned: the ids of the postings the answer speaks of.
        """
        if actor.runs_the_platform:
            return True
        if secret.posting is not None:
            return self._may_find_of_posting(actor, secret.posting, secret.group)
        if secret.group in ("webhook", "person"):
            manages = actor.role == "manager" and actor.organization == secret.organization
            return manages if secret.group == "person" else actor.name == secret.keeper
        is_registered = in_register and actor.role and secret.group in ("register", "identity")
        if actor.organization == secret.organization or is_registered:
            return True
        named = (self.postings[one] for one in mentioned)
        return secret.group == "identity" and any(
            one.organization == secret.organization and self.sees_group(actor, one, "identity") for one in named
        )

    def _may_find_of_posting(self, actor: Actor, posting: Posting, group: str) -> bool:
        if not actor.may_ask("matches:read", f"{posting.plan.kind}:read"):
            actor = ANYBODY  # what needs no key may be found by whoever has one
        if group == "inner":
            return self.sees_all(actor, posting)
        return self.sees(actor, posting) if group == "details" else self.sees_group(actor, posting, group)

    # how it is made

    def of_kind(self, kind: str) -> list[Posting]:
        """All needs, or all capabilities."""
        return [one for one in self.postings.values() if one.plan.kind == kind]

    def _everybody(self) -> list[Actor]:
        first, second = list(self.organizations)[:2]
        return [
            ANYBODY,
            Actor("a member with postings", self._keys[first], "member", first),
            Actor("a manager with postings", self._issue("manager", second), "manager", second),
            Actor("a member without postings", self.people["stranger"].headers, "member", "another"),
            Actor("a portal", self.people["portal"].headers, "portal"),
            Actor("a portal for needs only", self._issue("portal", None, *_FEW), "portal", None, frozenset(_FEW)),
            Actor("an operator", self.people["operator"].headers, "operator"),
            Actor("an administrator", self.people["administrator"].headers, "administrator"),
        ]

    def _keep_webhook(self, name: str) -> str:
        actor = next(one for one in self.actors if one.name == name)
        word = self.mint.word()
        self.secrets[word] = Secret("webhook", keeper=name)
        body = {"url": f"https://portal.example/{word}"}
        answer = self.client.post("/v1/webhooks", json=body, headers=dict(actor.headers))
        assert answer.status_code == 201, answer.text
        made = answer.json()["id"]
        pinged = self.client.post(f"/v1/webhooks/{made}/ping", headers=dict(actor.headers))
        assert pinged.status_code == 201, pinged.text
        return made

    def _enter(self, number: int, org_type: str, industry: str) -> None:
        word = self.mint.word
        body = f"91320506MCAQ{number:05d}"
        sent = {
            "name": f"{word()}工业有限公司", "name_en": f"{word()} Industries", "summary": f"做{word()}的企业",
            "org_type": org_type, "industry_code": industry, "roles": ["enterprise", "provider"],
            "uscc": body + check_character(body),
            "contact": {"name": word(), "phone": str(self.mint.number()), "email": f"{word()}@{word()}.example"},
        }  # fmt: skip
        made = self._send("POST", "/v1/organizations", "operator", sent)
        self.organizations[made["id"]] = sent
        self._keys[made["id"]] = self._issue("member", made["id"])
        person = {
            "login": f"{word()}@{word()}.example",
            "name": word(),
            "role": "member",
            "organization_id": made["id"],
        }
        invited = self._send("POST", "/v1/people", "administrator", person)
        self._hide(Secret("person", organization=made["id"]), person)
        self.secrets[invited["id"]] = Secret("person", organization=made["id"])
        for name in ("name", "name_en"):
            self._hide(Secret("identity", organization=made["id"]), sent[name])
        self._hide(Secret("register", organization=made["id"]), sent["summary"])
        self._hide(Secret("contact", organization=made["id"]), sent["contact"])
        self.secrets[sent["uscc"].casefold()] = Secret("register", organization=made["id"])
        self.secrets[made["id"]] = Secret("identity", organization=made["id"])

    def _issue(self, role: str, organization: str | None, *scopes: str) -> Mapping[str, str]:
        body = {"name": role, "role": role, "organization_id": organization}
        made = self._send("POST", "/v1/api-keys", "administrator", body)
        if scopes:
            with self.client.app.state.database.write_session() as session:
                session.execute(update(ApiKey).where(ApiKey.id == UUID(made["id"])).values(scopes=list(scopes)))
        return {"Authorization": f"Bearer {made['key']}"}

    def _make(self, plan: Plan) -> None:
        is_over = {"valid_until": (clock.today() + _AGO / 2).isoformat()} if plan.state == "expired" else {}
        owner = list(self.organizations)[plan.owner]
        content = {**content_of(plan.kind, self.mint, self.random), **is_over, "visibility": dict(plan.levels)}
        path = f"/v1/{plan.kind}"
        made = self._send("POST", path, owner, content)
        posting = Posting(plan, made["id"], made["reference"], owner, content)
        is_public = False
        for step in ROADS[plan.state]:
            if step == "revise":
                waiting = content_of(plan.kind, self.mint, self.random)
                self._send("PATCH", f"{path}/{posting.id}", owner, waiting)
                posting.inner |= set(secrets_in(waiting if is_public else posting.content))
                if not is_public:
                    posting.content = {**posting.content, **waiting}
                continue
            note = self.mint.word()
            body = {"return": {"note": note}, "reject": {"note": note}, "close": {"reason": "withdrawn"}}.get(step)
            if body and "note" in body:
                posting.inner.add(note)
            self._send("POST", f"{path}/{posting.id}/{step}", owner if step in _OWN else "operator", body)
            if step == "publish" and is_public:
                # what was public until now stands in the history only
                posting.inner = posting.inner - set(secrets_in(waiting)) | set(secrets_in(posting.content))
                posting.content = {**posting.content, **waiting}
            is_public = is_public or step == "publish"
        self._keep(posting)

    def _keep(self, posting: Posting) -> None:
        self.postings[posting.id] = posting
        budget = BUDGETS[posting.plan.kind]
        for name, value in posting.content.items():
            self._hide(Secret("budget" if name in budget else "details", posting), value)
        for one in posting.inner:
            self.secrets[one] = Secret("inner", posting)
        for one in (posting.id, posting.reference.casefold()):
            self.secrets[one] = Secret("details", posting)

    def _hide(self, secret: Secret, value: object) -> None:
        for one in secrets_in(value):
            self.secrets[one] = secret

    def _send(self, method: str, path: str, who: str, body: object) -> dict[str, Any]:
        headers = self._keys[who] if who in self._keys else self.people[who].headers
        answer = self.client.request(method, path, json=body, headers={**headers, "If-Match": "*"})
        assert answer.status_code in (200, 201), (method, path, answer.text)
        return answer.json()


_FEW = ("needs:read", "changes:read")
_OWN = ("submit", "pause", "resume", "close")
# Two of each kind, whose industries lie in one division: either may stand for the other where both are hidden.
_KINDS = (("manufacturer", "3670"), ("tech_provider", "6513"), ("manufacturer", "3660"), ("tech_provider", "6520"))
TWINS = {0: 2, 1: 3, 2: 0, 3: 1}


def content_of(kind: str, mint: Mint, random: Random) -> dict[str, Any]:
    """A posting about weld inspection, with a canary of its own in every text and every large number."""
    word, money = mint.word, sorted((mint.number(), mint.number()))
    shared = {
        "title": f"焊缝视觉检测 {word()}",
        "keywords": [f"焊缝检测{word()}", word()],
        "cooperation_modes": random.sample(["turnkey", "leasing", "joint_dev"], 2),
    }
    if kind == "needs":
        return shared | {
            "problem": f"车架焊缝外观靠人工目检，夜班漏检多，{word()}气孔和咬边常被客户退货。",
            "current_state": f"两班倒 {word()}", "goal": f"焊缝缺陷自动检出 {word()}",
            "scenario_code": "S20", "industry_code": "3670", "region_code": "320506",
            "requirements": [
                {
                    "text": f"漏检率 {word()}", "kind": "must", "metric": f"漏检率{word()}", "operator": "<=",
                    "target": mint.fraction(), "unit": word(),
                },
                {"text": f"检出气孔和咬边 {word()}", "kind": "nice"},
            ],
            "data_readiness": f"三年图像 {word()}", "partner_requirements": f"有焊接经验 {word()}",
            "deployment": "edge", "budget_min_cny": money[0], "budget_max_cny": money[1],
            "complete_by": f"2099-0{random.randint(1, 9)}-01", "min_trl": random.randint(5, 9), "ip_terms": "shared",
            "attachments": [{"name": word(), "url": f"https://example.com/{word()}.pdf?{word()}=1"}],
        }  # fmt: skip
    return shared | {
        "summary": f"三维视觉检测焊缝外观缺陷，{word()}检出气孔和咬边。",
        "description": f"深度学习识别焊缝气孔、咬边与焊瘤 {word()}", "advantages": f"换型快 {word()}",
        "scenario_codes": ["S20", "S24"], "industry_codes": ["3670"], "region_codes": ["320500"],
        "specs": [
            {
                "metric": f"漏检率{word()}", "operator": "<=", "value": mint.fraction(), "unit": word(),
                "evidence": word(),
            }
        ],
        "cases": [
            {
                "customer": word(), "industry_code": "3670", "scenario_code": "S20",
                "background": f"人工目检 {word()}", "solution": f"视觉检测 {word()}", "year": 2025,
                "results": [
                    {"metric": f"漏检率{word()}", "before": mint.fraction(), "after": mint.fraction(), "unit": word()}
                ],
            }
        ],
        "certifications": [word()], "deployment_modes": ["edge"], "trl": random.randint(4, 9), "ip_status": "invention",
        "price_min_cny": money[0], "price_max_cny": money[1], "delivery_weeks": random.randint(1, 500),
        "capacity": mint.small(),
    }  # fmt: skip
