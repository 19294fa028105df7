"""Postings for tests of matches, made the way people make them: written by a member, published by an operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.support.people import Person

ANY_VERSION = {"If-Match": "*"}

NEED: Mapping[str, Any] = {
    "title": "焊缝外观靠人工目检，夜班漏检多",
    "problem": "车架焊缝外观靠人工目检，夜班漏检多，气孔和咬边常被客户退货。",
    "goal": "焊缝缺陷自动检出，漏检率明显下降。",
    "requirements": [
        {"text": "漏检率", "kind": "must", "metric": "漏检率", "operator": "<=", "target": 0.5, "unit": "%"},
        {"text": "检出气孔和咬边", "kind": "nice"},
    ],
    "keywords": ["焊缝检测"],
}
OFFER: Mapping[str, Any] = {
    "title": "焊缝机器视觉检测系统",
    "summary": "三维视觉检测焊缝外观缺陷，检出气孔和咬边。",
    "description": "深度学习识别焊缝气孔、咬边与焊瘤，漏检率低。",
    "specs": [{"metric": "漏检率", "operator": "<=", "value": 0.3, "unit": "%"}],
    "keywords": ["焊缝检测", "机器视觉"],
}
_CONTENT = {"needs": NEED, "capabilities": OFFER}


@dataclass(frozen=True)
class Desk:
    """Writes and publishes postings over one client."""

    client: httpx2.Client
    people: Mapping[str, Person]

    def draft(self, kind: str, owner: str, **content: object) -> dict[str, Any]:
        """A draft of `needs` or `capabilities`; content that is not given is about weld inspection."""
        return self._send("post", f"/v1/{kind}", owner, {**_CONTENT[kind], **content})

    def publish(self, kind: str, owner: str, **content: object) -> dict[str, Any]:
        """A published posting."""
        made = self.draft(kind, owner, **content)
        self.act(kind, made["id"], "submit", owner)
        return self.act(kind, made["id"], "publish", "operator")

    def act(self, kind: str, posting: str, action: str, who: str, **body: object) -> dict[str, Any]:
        """One step in a posting's life."""
        return self._send("post", f"/v1/{kind}/{posting}/{action}", who, body or None)

    def revise(self, kind: str, posting: str, owner: str, **content: object) -> dict[str, Any]:
        """A change that waits for review."""
        return self._send("patch", f"/v1/{kind}/{posting}", owner, content)

    def _send(self, method: str, path: str, who: str, body: object) -> dict[str, Any]:
        headers = {**self.people[who].headers, **ANY_VERSION}
        answer = self.client.request(method, path, json=body, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()
