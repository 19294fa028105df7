"""What processes make of the settings, the server, the worker and the command alike."""

from app.core.mail import FileSender, Sender, SmtpSender
from app.core.outbound import Destinations
from app.core.sealing import Seal
from app.settings import MailSettings, Settings


def seal_of(settings: Settings) -> Seal:
    """What closes secrets that are read back: with the key in the settings, or one that is made in a file."""
    if settings.secret_key is not None:
        return Seal(settings.secret_key.get_secret_value())
    return Seal.kept_in(settings.secret_key_file)


def destinations_of(settings: Settings) -> Destinations:
    """Where this installation sends what others ask it to send."""
    return Destinations(settings.webhooks.allow_http, settings.webhooks.allowed_networks)


def public_url_of(settings: Settings) -> str:
    """Where links in mails lead to, without a slash at the end."""
    return settings.public_url.rstrip("/")


def sender_of(mail: MailSettings) -> Sender:
    """What takes this installation's mail on."""
    if mail.sender == "file":
        return FileSender(mail.file)
    password = None if mail.password is None else mail.password.get_secret_value()
    return SmtpSender(
        host=mail.host,
        port=mail.port,
        sender=mail.address,
        user=mail.user,
        password=password,
        starttls=mail.starttls,
    )
