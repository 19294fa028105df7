"""SQL of people and their sign-ins."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.features.accounts.models import Person, SignIn


class SignInRepository:
    """Sign-ins of people."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def person(self, person_id: UUID) -> Person:
        """Whose sign-in it is to be."""
        return self.session.get_one(Person, person_id)

    def add(self, sign_in: SignIn) -> None:
        """Enter a sign-in."""
        self.session.add(sign_in)
        self.session.flush()
