"""Organisations as tests of this folder enter and change them."""

import json
from types import SimpleNamespace

import pytest

from tests.support.clients import client_over
from tests.support.people import make_uscc, read_people

ORGANIZATIONS = "/v1/organizations"
FULL = {
    "name": "吴中精密制造有限公司",
    "name_en": "Wuzhong Precision Manufacturing",
    "org_type": "manufacturer",
    "size": "medium",
    "industry_code": "1432",
    "region_code": "nbs-320506103",
    "summary": "生产速冻点心，也做 OEM。",
    "contact": {"name": "张三", "phone": "+86 512-6500 0000", "email": "zhang@example.com"},
    "uscc": make_uscc(500),
    "roles": ["enterprise", "provider"],
    "is_fictitious": True,
}
LEAST = {"name": "最简有限公司", "org_type": "other", "uscc": make_uscc(501), "roles": ["provider"]}


class Register:
    """Organisations over HTTP, by whoever is named."""

    def __init__(self, client, people):
        self.client = client
        self.people = people

    def headers(self, by, **more):
        return {**(self.people[by].headers if by else {}), **more}

    def post(self, body, by="operator"):
        headers = self.headers(by, **{"Content-Type": "application/json"})
        return self.client.post(ORGANIZATIONS, content=json.dumps(body), headers=headers)  # may hold lone surrogates

    def enter(self, **changes):
        answer = self.post(LEAST | changes)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def get(self, organization_id, by="operator", **headers):
        return self.client.get(f"{ORGANIZATIONS}/{organization_id}", headers=self.headers(by, **headers))

    def patch(self, organization_id, changes, by="operator", if_match="*"):
        headers = self.headers(by, **({"If-Match": if_match} if if_match is not None else {}))
        return self.client.patch(f"{ORGANIZATIONS}/{organization_id}", json=changes, headers=headers)

    def verify(self, organization_id, by="operator", if_match="*"):
        headers = self.headers(by, **({"If-Match": if_match} if if_match is not None else {}))
        return self.client.post(f"{ORGANIZATIONS}/{organization_id}/verify", headers=headers)

    def list(self, by="operator", **query):
        answer = self.client.get(ORGANIZATIONS, params=query, headers=self.headers(by))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def own(self, name):
        return str(self.people[name].organization_id)


@pytest.fixture
def register(client, people):
    """The register of this test's own database."""
    return Register(client, people)


@pytest.fixture(scope="module")
def standing_register(store):
    """One register for all tests of a module: for those that leave nothing behind."""
    with store.fresh("staffed") as database, client_over(database) as client:
        yield Register(client, read_people(store.note("staffed")))


def faults(answer):
    """Where a refused request is at fault, and by which rule."""
    assert answer.status_code in (409, 422), answer.text
    return [SimpleNamespace(**fault) for fault in answer.json()["errors"]]


def places(answer):
    """The pointers of the faults."""
    return [fault.pointer for fault in faults(answer)]
