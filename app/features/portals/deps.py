"""What webhooks need of the process, from `app.state`."""

from typing import Annotated, cast

from app.core.outbound import Destinations
from app.core.sealing import Seal
from app.web.routing import Given

TheSeal = Annotated[Seal, Given(lambda visit: cast("Seal", visit.request.app.state.seal))]
TheDestinations = Annotated[
    Destinations, Given(lambda visit: cast("Destinations", visit.request.app.state.destinations))
]
