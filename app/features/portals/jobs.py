"""What portals need done in the background: messages to webhooks, and noting what ceased to be valid."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.outbound import Outbound
from app.core.sealing import Seal
from app.features.portals import service
from app.features.portals.service import ending
from app.features.portals.types import DELIVER
from app.jobs.job import Job, Turn

_AT_ONCE = 50
_STRETCHES = 20


def jobs(*, seal: Seal, outbound: Outbound, delays: Sequence[float]) -> tuple[Job, ...]:
    """The jobs of portals.

    Args:
        seal: opens the secrets of webhooks.
        outbound: sends.
        delays: seconds between the attempts at a message.
    """
    courier = Courier(seal, outbound, delays)
    return (
        Job(DELIVER, courier.run, wanted=_behind),
        Job("postings.end", _note_ended, wanted=lambda session: ending.wanted(session=session)),
    )


class Courier:
    """Brings one webhook up to date: one after another in the order of changes, so none overtakes another.

    What fails is tried again later, when its turn comes, and holds up nothing that comes after it.
    """

    def __init__(self, seal: Seal, outbound: Outbound, delays: Sequence[float]) -> None:
        self.seal = seal
        self.outbound = outbound
        self.delays = delays

    def run(self, turn: Turn) -> datetime | None:
        """Send what is due; gives when the next is."""
        webhook_id = UUID(turn.key)
        is_more = _plan(turn, webhook_id)
        for _ in range(_AT_ONCE):
            if turn.is_ending() or not self._send(turn, webhook_id):
                break
        if is_more:
            return now()
        with turn.database.read_session() as session:
            return service.next_due(session=session, webhook_id=webhook_id)

    def _send(self, turn: Turn, webhook_id: UUID) -> bool:
        """Send one message; tells whether to go on. After a failure others get their turn first."""
        with turn.database.read_session() as session:
            message = service.next_message(session=session, webhook_id=webhook_id, seal=self.seal)
        if message is None:
            return False
        if message.body is None:
            with turn.database.write_session() as session:
                service.note_untold(session=session, message=message)
                turn.hold(session)
            return True
        answer = self.outbound.post(message.to.url, headers=message.headers, content=message.body)
        with turn.database.write_session() as session:
            has_arrived = service.note_outcome(session=session, message=message, answer=answer, delays=self.delays)
            turn.hold(session)
        return has_arrived


def _plan(turn: Turn, webhook_id: UUID) -> bool:
    for _ in range(_STRETCHES):
        with turn.database.read_session() as session:
            if webhook_id not in service.behind(session=session):
                return False
        with turn.database.write_session() as session:
            is_more = service.plan(session=session, webhook_id=webhook_id)
            turn.hold(session)
        if not is_more:
            return False
    return True


def _behind(session: Session) -> list[str]:
    return [str(webhook_id) for webhook_id in service.behind(session=session)]


def _note_ended(turn: Turn) -> None:
    with turn.database.write_session() as session:
        ending.note(session=session, until=date.fromisoformat(turn.key))
        turn.hold(session)
