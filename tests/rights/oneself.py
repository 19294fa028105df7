"""Signing in, which is for everybody who knows a secret, and what people do with their own account: no key does."""

from app.core.trail import By
from app.features.accounts.models import Person
from app.features.people.service import links, sessions
from app.features.people.types import LinkKind
from tests.features.people.house import GOOD, OTHER, light_passwords
from tests.rights.world import Ask, Caller, Plan, World
from tests.support.signed_in import sign_in

_HASH = light_passwords().hash(GOOD)
_PROOF = {"password": GOOD}
_TOKEN = {"id_token": "一.二.三"}


def _somebody(session, world: World) -> Person:
    person = session.get(Person, sign_in(session, organization_id=world.other).person_id)
    person.password_hash = _HASH
    session.flush()
    return person


def _password(world: World, *_) -> Ask:
    login = world.once("login", lambda session: _somebody(session, world).login)
    return Ask(body={"login": login, "password": GOOD})


def _lost(world: World, *_) -> Ask:
    return Ask(body={"login": _password(world).body["login"]})


def _refresh(world: World, *_) -> Ask:
    def make(session):
        person = _somebody(session, world)
        return sessions.open_sign_in(session=session, person_id=person.id, portal_id=None, address=None)

    return Ask(body={"refresh_key": world.once("refresh", make).refresh_key})


def _by_link(kind: LinkKind):
    def make(world: World, *_) -> Ask:
        made = world.once(kind, lambda session: links.make(session, kind, _somebody(session, world), By(), ""))
        return Ask(body={"link": made.address, "password": OTHER})

    return make


def _own(body: object):
    """A plan's `make` about the account of who asks, which has a password and an identity."""

    def make(world: World, caller: Caller, _kind: str) -> Ask:
        if caller.person_id is not None:
            with world.database.write_session() as session:
                person = session.get(Person, caller.person_id)
                person.password_hash, person.issuer = _HASH, "https://issuer.example.com"
                person.subject = str(caller.person_id)
        return Ask(body=body)

    return make


PLANS = {
    "create_sign_in": Plan(_password),
    "refresh_sign_in": Plan(_refresh),
    "accept_invitation": Plan(_by_link(LinkKind.INVITATION)),
    "request_password_reset": Plan(_lost),
    "complete_password_reset": Plan(_by_link(LinkKind.PASSWORD_RESET)),
    "change_password": Plan(_own({"current": GOOD, "new": OTHER})),
    "confirm_totp": Plan(lambda *_: Ask(body={"code": "123456"})),
    "remove_totp": Plan(lambda *_: Ask(query={"code": "123456"})),
    "create_oidc_sign_in": Plan(lambda *_: Ask(body=_TOKEN)),
    "enrol_totp": Plan(_own(_PROOF)),
    "link_identity": Plan(_own(_TOKEN | _PROOF)),
    "unlink_identity": Plan(_own(_PROOF)),
}
