"""SQL of nonces, and of the identities people are linked to."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.features.accounts.models import Person
from app.features.identities.errors import SubjectTaken
from app.features.identities.models import OidcNonce

_CLEARED = 100  # expired nonces cleared away for each new one


class NonceRepository:
    """Nonces that have not been used, each for the one it was given to."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, nonce: OidcNonce) -> None:
        """Enter a nonce."""
        self.session.add(nonce)
        self.session.flush()

    def clear(self, at: datetime) -> None:
        """Delete some of those that have expired; those another transaction is deleting are left to it."""
        expired = (
            select(OidcNonce.nonce_hash)
            .where(OidcNonce.expires_at <= at)
            .order_by(OidcNonce.expires_at)
            .limit(_CLEARED)
            .with_for_update(skip_locked=True)
        )
        self.session.execute(
            delete(OidcNonce).where(OidcNonce.nonce_hash.in_(expired)), execution_options={"synchronize_session": False}
        )

    def use(self, nonce_hash: str, principal: str, at: datetime) -> bool:
        """Use a nonce up; False when there is none for this principal. Of several at once one gets it."""
        used = self.session.execute(
            delete(OidcNonce)
            .where(OidcNonce.nonce_hash == nonce_hash, OidcNonce.principal == principal, OidcNonce.expires_at > at)
            .returning(OidcNonce.nonce_hash),
            execution_options={"synchronize_session": False},
        )
        return used.first() is not None


class IdentityRepository:
    """People by the identities they are linked to. An identity is shown to nobody but its person: no lists."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def find(self, issuer: str, subject: str) -> Person | None:
        """Who is linked to an identity, kept from other writers: nobody unlinks them while they sign in by it."""
        linked = select(Person).where(Person.issuer == issuer, Person.subject == subject)
        return self.session.scalars(linked.with_for_update()).one_or_none()

    def assign(self, person: Person, issuer: str | None, subject: str | None) -> None:
        """Link a person to an identity, or to none.

        Raises:
            SubjectTaken: somebody else is linked to the same identity; the database decides, so that no race is lost.
        """
        person.issuer, person.subject = issuer, subject
        try:
            self.session.flush()
        except IntegrityError as error:
            raise SubjectTaken from error
