"""People as tests of this folder invite them, sign them in and out."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
from sqlalchemy import select

from app.core.clock import now
from app.core.ids import new_id
from app.core.mail import MailFailed
from app.db.audit import AuditEntry
from app.features.accounts.models import Person
from app.features.accounts.types import Role
from app.features.people.jobs import jobs
from app.features.people.passwords import Passwords
from tests.support.clients import TestClient
from tests.support.duties import do_due

GOOD = "塘边 7 只白鹭 quiet-harbour"
OTHER = "另一个 89 violet-lantern 密码"
LINK = re.compile(r"http\S+#(dj_link_\S+)")


def light_passwords():
    """Hashes like the real ones that cost next to nothing."""
    return Passwords(memory_kib=64, passes=1, lanes=1)


class Outbox:
    """Keeps mail; `is_down` makes it refuse."""

    def __init__(self):
        self.mails = []
        self.is_down = False

    def send(self, mail):
        if self.is_down:
            raise MailFailed("ConnectionRefusedError")
        self.mails.append(mail)


def bearer(issued):
    """Headers of somebody who signed in."""
    return {"Authorization": f"Bearer {issued['access_key']}"}


def through(portal, issued):
    """Headers of a portal that acts for somebody who signed in."""
    return {**portal, "Duijie-Person": issued["access_key"]}


class House:
    """The application's people, over HTTP from some address and in the database."""

    def __init__(self, client, database, people):
        self.client = client
        self.database = database
        self.people = people
        self.outbox = Outbox()
        self.passwords = client.app.state.passwords = light_passwords()
        self.hashed = self.passwords.hash(GOOD)

    def at(self, address):
        """A client at an address."""
        return TestClient(self.client.app, client=(address, 50_000))

    def organization(self, name):
        return str(self.people[name].organization_id)

    def invite(self, by, login="li.wei@example.com", role="member", organization=None, **more):
        """Invite somebody; members into the inviting organisation or the one named."""
        if role in ("member", "manager") and "organization_id" not in more:
            more["organization_id"] = self.organization(organization or "enterprise")
        body = {"login": login, "name": "李伟", "role": role, **more}
        answer = self.client.post("/v1/people", json=body, headers=self.people[by].headers if by else {})
        self.work()
        return answer

    def ask_reset(self, login="li.wei@example.com"):
        """Ask for a link to set a new password by."""
        answer = self.client.post("/v1/password-resets", json={"login": login})
        self.work()
        return answer

    def work(self):
        """Send the mail that is due."""
        state = self.client.app.state
        do_due(self.database, jobs(seal=state.seal, sender=self.outbox, public_url=state.public_url))

    def link(self, number=-1):
        """The key in a mail, the last one otherwise."""
        return LINK.search(self.outbox.mails[number].text)[1]

    def accept(self, link=None, password=GOOD, **more):
        body = {"link": link or self.link(), "password": password, **more}
        return self.client.post("/v1/invitations/accept", json=body)

    def enter(self, login="li.wei@example.com", role="member", organization="enterprise", **columns):
        """Put somebody straight into the database, with `GOOD` as password."""
        is_member = Role(role).is_of_organization
        moment = now()
        person = Person(
            id=new_id(),
            login=login,
            name="李伟",
            role=Role(role),
            organization_id=self.people[organization].organization_id if is_member else None,
            version=1,
            created_at=moment,
            updated_at=moment,
            **{"password_hash": self.hashed, **columns},
        )
        with self.database.write_session() as session:
            session.add(person)
        return person

    def sign_in(self, login="li.wei@example.com", password=GOOD, *, address=None, headers=None, **more):
        client = self.at(address) if address else self.client
        body = {"login": login, "password": password, **more}
        return client.post("/v1/sign-ins", json=body, headers=headers or {})

    def signed_in(self, **person):
        """Somebody new who signed in, from the answer."""
        entered = self.enter(**person)
        answer = self.sign_in(entered.login)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def refresh(self, refresh_key, headers=None):
        return self.client.post("/v1/sign-ins/refresh", json={"refresh_key": refresh_key}, headers=headers)

    def me(self, headers):
        return self.client.get("/v1/me", headers=headers)

    def enrol(self, issued, password=GOOD, *, headers=None):
        """Ask for a second factor."""
        body = {} if password is None else {"password": password}
        return self.client.post("/v1/me/totp", json=body, headers=headers or bearer(issued))

    def with_totp(self, role="operator", login="op@example.com"):
        """Somebody signed in whose second factor counts: the answer and the secret."""
        issued = self.signed_in(role=role, login=login)
        secret = self.enrol(issued).json()["secret"]
        code = pyotp.TOTP(secret).at(datetime.now(UTC))
        done = self.client.post("/v1/me/totp/confirm", json={"code": code}, headers=bearer(issued))
        assert done.status_code == 204, done.text
        return issued, pyotp.TOTP(secret)

    def stored(self, login="li.wei@example.com"):
        with self.database.read_session() as session:
            return session.scalar(select(Person).where(Person.login == login))

    def audited(self, *actions):
        """Entries of the audit, oldest first: all or those of some actions."""
        with self.database.read_session() as session:
            entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        return [entry for entry in entries if not actions or entry.action in actions]


def wrong_code(totp):
    """A code that is not of now, nor of a minute before or after."""
    moment = datetime.now(UTC)
    near = {totp.at(moment + timedelta(seconds=seconds)) for seconds in (-60, -30, 0, 30, 60)}
    return next(f"{number:06d}" for number in range(9) if f"{number:06d}" not in near)


def faults(answer):
    """Where a refused request is at fault, and by which rule."""
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


def problem(answer):
    """The status and the code of a refusal."""
    return answer.status_code, answer.json()["type"].rpartition("/")[2]
