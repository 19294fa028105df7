"""SQL of mail that is on its way."""

from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.features.people.models import Link, OutgoingMail


class MailRepository:
    """Mail that waits to be sent."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, mail: OutgoingMail) -> None:
        """Store new mail."""
        self.session.add(mail)
        self.session.flush()

    def find(self, mail_id: UUID) -> OutgoingMail | None:
        """Mail whose link, if it has one yet, was not used."""
        statement = (
            select(OutgoingMail)
            .outerjoin(Link, Link.id == OutgoingMail.link_id)
            .where(OutgoingMail.id == mail_id, or_(OutgoingMail.link_id.is_(None), Link.used_at.is_(None)))
        )
        return self.session.scalar(statement)

    def drop(self, mail_id: UUID) -> None:
        """Forget mail."""
        self.session.execute(delete(OutgoingMail).where(OutgoingMail.id == mail_id))
