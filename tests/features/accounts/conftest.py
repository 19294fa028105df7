"""Keys over HTTP, as tests of this folder handle them."""

import pytest
from sqlalchemy import select

from app.db.audit import AuditEntry
from tests.support.signed_in import sign_in

KEYS = "/v1/api-keys"


class Keyring:
    """Issues and handles keys, by whoever is named."""

    def __init__(self, client, people, database):
        self.client = client
        self.people = people
        self.database = database

    def ask(self, method, path="", by="administrator", headers=None, **body):
        """Send a request about keys."""
        shown = headers if headers is not None else self.people[by].headers
        return self.client.request(method, f"{KEYS}{path}", json=body if method != "GET" else None, headers=shown)

    def issue(self, role="portal", by="administrator", **terms):
        """A key that must be made."""
        made = self.ask("POST", by=by, **{"name": "钥匙", "role": role} | terms)
        assert made.status_code == 201, made.text
        return made.json()

    def status(self, key, path="/v1/needs", **headers):
        """What the API says to a key."""
        return self.client.get(path, headers=bearer(key) | headers).status_code

    def sign_in(self, **who):
        """Somebody who is signed in."""
        with self.database.write_session() as session:
            return sign_in(session, **who)

    def audited(self, action):
        """What the audit holds of an action, oldest first."""
        with self.database.read_session() as session:
            wanted = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.number)
            return list(session.scalars(wanted))


def bearer(key):
    """The header that shows a key: its text, or the answer it came in."""
    return {"Authorization": f"Bearer {key if isinstance(key, str) else key['key']}"}


def faults(answer):
    """The faults of a refused request as (pointer, code)."""
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


@pytest.fixture
def keyring(client, people, staffed_database):
    """Keys of this test's own database."""
    return Keyring(client, people, staffed_database)
