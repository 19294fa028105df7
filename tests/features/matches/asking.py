"""Asking for rankings over HTTP."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2


@dataclass(frozen=True)
class Caller:
    """A client and whose key it shows; no headers mean anonymous."""

    client: httpx2.Client
    headers: Mapping[str, str]

    def for_need(self, need: str, **query: object) -> dict[str, Any]:
        """The ranking of capabilities for a need."""
        return self.read(f"/v1/needs/{need}/matches", **query)

    def for_capability(self, capability: str, **query: object) -> dict[str, Any]:
        """The ranking of needs for a capability."""
        return self.read(f"/v1/capabilities/{capability}/matches", **query)

    def pair(self, need: str, capability: str) -> dict[str, Any]:
        """One pair."""
        return self.read(f"/v1/matches/{need}/{capability}")

    def preview(self, **body: object) -> dict[str, Any]:
        """The ranking for what is not saved."""
        answer = self.client.post("/v1/matches/preview", json=body, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def simulate(self, need: str, patch: Mapping[str, Any], **query: object) -> dict[str, Any]:
        """What a change of a need would move."""
        answer = self.client.post(f"/v1/needs/{need}/simulate", json=patch, params=query, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def coach(self, need: str, **query: object) -> dict[str, Any]:
        """What a need leaves open."""
        return self.read(f"/v1/needs/{need}/coach", **query)

    def read(self, path: str, **query: object) -> dict[str, Any]:
        """Any address that must answer."""
        answer = self.client.get(path, params=query, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def status(self, path: str) -> int:
        """What an address answers with."""
        return self.client.get(path, headers=self.headers).status_code


def others(ranking: Mapping[str, Any], side: str = "capability") -> list[str]:
    """The references of a ranking's matches, best first."""
    return [match[side]["reference"] for match in ranking["matches"]]


def pairs(ranking: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All matches a ranking shows, also those that were excluded."""
    yield from ranking["matches"]
    yield from ranking["excluded_matches"]
