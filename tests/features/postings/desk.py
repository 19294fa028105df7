"""Needs and capabilities as tests write them: the two kinds side by side, so that each rule is held for both."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from app.features.accounts.types import SYSTEM, Actor
from app.features.capabilities.kind import CAPABILITY
from app.features.capabilities.service import CAPABILITIES
from app.features.needs.kind import NEED
from app.features.needs.service import NEEDS
from app.features.postings.bound import Postings
from app.features.postings.kind import PostingKind
from app.features.postings.lifecycle import State
from app.features.postings.types import PostingStatus

S = PostingStatus
_numbers = count(1)

_SHARED = {
    "lang": "en",
    "keywords": ["分拣", "装盘"],
    "cooperation_modes": ["turnkey", "leasing"],
    "visibility": {"identity": "registered", "details": "public", "budget": "on_consent"},
    "valid_until": "2099-12-31",
}
_FULL_NEED = _SHARED | {
    "scenario_code": "S20",
    "industry_code": "1432",
    "region_code": "nbs-320506103",
    "problem": "人工理料\n漏拣",
    "current_state": "两班倒",
    "goal": "无人化",
    "requirements": [
        {"text": "快", "kind": "must", "metric": "分拣速度", "operator": ">=", "target": 80.5, "unit": "件/分钟"},
        {"text": "可拆洗", "kind": "nice", "metric": None, "operator": None, "target": None, "unit": None},
        {"text": "零", "kind": "must", "metric": "破损", "operator": "=", "target": 0.0, "unit": ""},
    ],
    "data_readiness": "三个月图像",
    "partner_requirements": "有食品经验",
    "deployment": "edge",
    "budget_min_cny": 0,
    "budget_max_cny": 10**13,
    "complete_by": "2027-06-30",
    "min_trl": 6,
    "ip_terms": "shared",
    "attachments": [
        {"name": "产线照片", "url": "https://example.com/line.pdf", "sha256": "0" * 64},
        {"name": "图纸", "url": "https://example.com/plan?id=7", "sha256": None},
    ],
}
_FULL_CAPABILITY = _SHARED | {
    "summary": "软体夹爪",
    "description": "多机并联",
    "advantages": "换型十分钟",
    "scenario_codes": ["S20", "S24"],
    "industry_codes": ["1432", "C"],
    "region_codes": ["320500", "100000"],
    "specs": [
        {"metric": "速度", "operator": ">=", "value": 90.0, "unit": "件/分钟", "evidence": "现场"},
        {"metric": "破损", "operator": "<=", "value": 0.5, "unit": "", "evidence": None},
    ],
    "cases": [
        {
            "customer": None,
            "industry_code": "1432",
            "scenario_code": "S20",
            "background": "手工",
            "solution": "机器人",
            "results": [{"metric": "人数", "before": 20.0, "after": 2.0, "unit": "人"}],
            "year": 2025,
        }
    ],
    "certifications": ["ISO 9001"],
    "deployment_modes": ["edge", "cloud"],
    "trl": 9,
    "ip_status": "invention",
    "price_min_cny": 600000,
    "price_max_cny": 600000,
    "delivery_weeks": 12,
    "capacity": 3,
}


@dataclass(frozen=True)
class Side:
    """One kind as a test needs it: who owns it, what the least and the fullest of it is."""

    postings: Postings[Any, Any, Any]
    path: str
    owner: str
    wrong: str
    text: str
    budget: tuple[str, str]
    least: Mapping[str, Any]
    full: Mapping[str, Any]
    defaults: Mapping[str, Any]

    @property
    def kind(self) -> PostingKind[Any, Any]:
        return self.postings.kind

    def codes(self, scenario=None, industry=None, region=None):
        """These codes in the fields of this kind."""
        given = {"scenario_code": scenario, "industry_code": industry, "region_code": region}
        if self.kind is NEED:
            return given
        return {f"{name}s": [code] for name, code in given.items() if code}


NEEDS_SIDE = Side(
    postings=NEEDS,
    path="/v1/needs",
    owner="enterprise",
    wrong="provider",
    text="problem",
    budget=("budget_min_cny", "budget_max_cny"),
    least={"problem": "人工"},
    full=_FULL_NEED,
    defaults={
        "scenario_code": None, "industry_code": None, "region_code": None, "current_state": "", "goal": "",
        "requirements": [], "data_readiness": "", "partner_requirements": "", "deployment": None,
        "budget_min_cny": None, "budget_max_cny": None, "complete_by": None, "min_trl": None, "ip_terms": None,
        "attachments": [],
    },
)  # fmt: skip
CAPABILITIES_SIDE = Side(
    postings=CAPABILITIES,
    path="/v1/capabilities",
    owner="provider",
    wrong="enterprise",
    text="summary",
    budget=("price_min_cny", "price_max_cny"),
    least={"summary": "机器人"},
    full=_FULL_CAPABILITY,
    defaults={
        "description": "", "advantages": "", "scenario_codes": [], "industry_codes": [], "region_codes": [],
        "specs": [], "cases": [], "certifications": [], "deployment_modes": [], "trl": None, "ip_status": None,
        "price_min_cny": None, "price_max_cny": None, "delivery_weeks": None, "capacity": None,
    },
)  # fmt: skip
SIDES = {NEED.name: NEEDS_SIDE, CAPABILITY.name: CAPABILITIES_SIDE}
COMMON_DEFAULTS = {
    "lang": "zh",
    "keywords": [],
    "cooperation_modes": [],
    "visibility": {"identity": "public", "details": "public", "budget": "public"},
    "valid_until": None,
}

ROADS: Mapping[State, tuple[str, ...]] = {
    State(S.DRAFT): (),
    State(S.SUBMITTED): ("submit",),
    State(S.RETURNED): ("submit", "return"),
    State(S.REJECTED): ("submit", "reject"),
    State(S.PUBLISHED): ("submit", "publish"),
    State(S.PAUSED): ("submit", "publish", "pause"),
    State(S.CLOSED): ("close",),
    State(S.PUBLISHED, S.DRAFT): ("submit", "publish", "revise"),
    State(S.PUBLISHED, S.SUBMITTED): ("submit", "publish", "revise", "submit"),
    State(S.PUBLISHED, S.RETURNED): ("submit", "publish", "revise", "submit", "return"),
    State(S.PAUSED, S.DRAFT): ("submit", "publish", "pause", "revise"),
    State(S.PAUSED, S.SUBMITTED): ("submit", "publish", "pause", "revise", "submit"),
    State(S.PAUSED, S.RETURNED): ("submit", "publish", "pause", "revise", "submit", "return"),
}
"""The steps from a new draft to every state there is."""

BODIES = {
    "return": {"note": "请补充数据"},
    "reject": {"note": "不在范围内"},
    "close": {"reason": "withdrawn"},
}


class Desk:
    """Postings of one kind over HTTP, by whoever is named: a person of `people`, `owner`, or None for nobody."""

    def __init__(self, client, people, side: Side, database):
        self.client = client
        self.people = people
        self.side = side
        self.database = database

    def person(self, by):
        return self.people[self.side.owner if by == "owner" else by]

    def actor(self, by) -> Actor:
        person = self.person(by)
        return Actor(role=person.role, organization_id=person.organization_id)

    def headers(self, by, if_match=None):
        headers = dict(self.person(by).headers) if by else {}
        return headers | ({"If-Match": if_match} if if_match is not None else {})

    def post(self, by="owner", **body):
        headers = self.headers(by) | {"Content-Type": "application/json"}
        # by hand, as some tests send what an ordinary encoder refuses
        return self.client.post(self.side.path, content=json.dumps(body), headers=headers)

    def draft(self, by="owner", **changes):
        """A draft with a title of its own."""
        made = self.post(by, **({"title": f"第{next(_numbers)}条"} | dict(self.side.least) | changes))
        assert made.status_code == 201, made.text
        return made.json()

    def step(self, posting, action, by="operator", *, if_match="*", **body):
        headers = self.headers(by, if_match)
        content = body or BODIES.get(action)
        return self.client.post(f"{self.side.path}/{posting['id']}/{action}", json=content, headers=headers)

    def patch(self, posting, by="owner", *, if_match="*", **changes):
        headers = self.headers(by, if_match)
        return self.client.patch(f"{self.side.path}/{posting['id']}", json=changes, headers=headers)

    def take(self, posting, *actions, by="operator"):
        """Take steps that must be possible; a `revise` changes the text of the posting to 修改稿."""
        for action in actions:
            if action == "revise":
                taken = self.patch(posting, **{self.side.text: "修改稿"})
            else:
                taken = self.step(posting, action, by)
            assert taken.status_code == 200, taken.text
            posting = taken.json()
        return posting

    def at(self, state: State, **changes):
        """A posting in a state."""
        return self.take(self.draft(**changes), *ROADS[state])

    def published(self, **changes):
        return self.at(State(S.PUBLISHED), **changes)

    def get(self, posting, by="operator", **headers):
        return self.client.get(f"{self.side.path}/{posting['id']}", headers=self.headers(by) | headers)

    def history(self, posting, by="owner"):
        return self.client.get(f"{self.side.path}/{posting['id']}/history", headers=self.headers(by))

    def ask(self, by="operator", **query):
        return self.client.get(self.side.path, params=query, headers=self.headers(by))

    def list(self, by="operator", **query):
        answer = self.ask(by, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ids(self, by="operator", **query):
        return [item["id"] for item in self.list(by, **{"limit": 200} | query)["items"]]

    def put(self, by="owner", actor=SYSTEM, reference=None, **changes):
        """Write by natural key, for the organisation of a person."""
        content = self.side.kind.content.model_validate({"title": "自然键", **self.side.least, **changes})
        owner = self.person(by).organization_id
        with self.database.write_session() as session:
            return self.side.postings.put(
                session=session, actor=actor, content=content, organization_id=owner, reference=reference
            )


def faults(answer):
    """The faults of a refused request as (pointer, code)."""
    assert answer.status_code in (409, 422), answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]
