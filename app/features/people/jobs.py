"""What people need done in the background: mail."""

from uuid import UUID

import structlog

from app.core.mail import MailFailed, MailRefused, Sender
from app.core.sealing import Seal
from app.features.people.service import mailing
from app.features.people.types import SEND_MAIL
from app.jobs.job import Job, Turn

log = structlog.get_logger("duijie.people")


def jobs(*, seal: Seal, sender: Sender, public_url: str) -> tuple[Job, ...]:
    """The jobs of people.

    Args:
        seal: opens mail that was put down.
        sender: takes mail on.
        public_url: where links lead to.
    """
    return (Job(SEND_MAIL, Postman(seal, sender, public_url).run),)


class Postman:
    """Sends one mail. What fails is tried again by the worker, until its link is no longer good or it is refused.

    A worker that dies between sending and forgetting sends it once more: the same mail, with the same link.
    """

    def __init__(self, seal: Seal, sender: Sender, public_url: str) -> None:
        self.seal = seal
        self.sender = sender
        self.public_url = public_url

    def run(self, turn: Turn) -> None:
        """Send it.

        Raises:
            MailFailed: it was not taken on, and may be later.
        """
        mail_id = UUID(turn.key)
        with turn.database.write_session() as session:
            mail = mailing.take(session=session, seal=self.seal, mail_id=mail_id, public_url=self.public_url)
            turn.hold(session)
        if mail is None:
            return
        try:
            self.sender.send(mail)
        except MailRefused as error:
            log.warning("mail given up", mail=turn.key, error=str(error))
        except MailFailed as error:
            # why, which the worker's own line does not say; a sender's words hold nothing of the mail
            log.warning("mail not sent", mail=turn.key, error=str(error))
            raise
        with turn.database.write_session() as session:
            mailing.forget(session=session, mail_id=mail_id)
            turn.hold(session)
