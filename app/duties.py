"""The only list of what runs in the background.

It stands apart from the registry, whose routes bring the matcher with them: a worker needs none of it.
"""

from collections.abc import Sequence

from app.core.mail import Sender
from app.core.outbound import Outbound
from app.core.sealing import Seal
from app.features.people import jobs as people
from app.features.portals import jobs as portals
from app.jobs.job import Job


def duties(
    *, seal: Seal, outbound: Outbound, delays: Sequence[float], sender: Sender, public_url: str
) -> tuple[Job, ...]:
    """All jobs of all features.

    Args:
        seal: opens what is kept sealed.
        outbound: sends to addresses that others name.
        delays: seconds between the attempts at a message to a webhook.
        sender: takes mail on.
        public_url: where links in mails lead to.
    """
    return (
        *portals.jobs(seal=seal, outbound=outbound, delays=delays),
        *people.jobs(seal=seal, sender=sender, public_url=public_url),
    )
