"""What both kinds of process, server and worker, make of the settings."""

from app.core.outbound import Destinations
from app.core.sealing import Seal
from app.settings import Settings


def seal_of(settings: Settings) -> Seal:
    """What closes secrets that are read back: with the key in the settings, or one that is made in a file."""
    if settings.secret_key is not None:
        return Seal(settings.secret_key.get_secret_value())
    return Seal.kept_in(settings.secret_key_file)


def destinations_of(settings: Settings) -> Destinations:
    """Where this installation sends what others ask it to send."""
    return Destinations(settings.webhooks.allow_http, settings.webhooks.allowed_networks)
