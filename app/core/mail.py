"""Mail that leaves the platform, by whatever takes it on.

The file is for a first look and for tests; who serves people sets up an SMTP server.
"""

import json
import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple, Protocol

from app.core.clock import now

_SECONDS = 10
_REFUSED_FOR_GOOD = 500  # RFC 5321, 4.2.1: what begins with 4 may work later


class Mail(NamedTuple):
    """One mail to one address: an e-mail address, or a telephone number where a sender knows what to do with it."""

    to: str
    subject: str
    text: str


class MailFailed(Exception):
    """The mail was not taken on; it holds nothing of the mail."""


class MailRefused(MailFailed):
    """The mail will never be taken on: there is no use in trying again."""


class Sender(Protocol):
    """Takes mail on."""

    def send(self, mail: Mail) -> None:
        """Send one mail; it may take some seconds.

        Raises:
            MailFailed: it was not taken on.
            MailRefused: nor will it be.
        """


class FileSender:
    """Appends each mail to a file as one line of JSON.

    Args:
        file: made at first use, readable by this user only: links that open accounts are in it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def send(self, mail: Mail) -> None:
        """Append a mail.

        Raises:
            MailFailed: the file cannot be written.
        """
        line = json.dumps({"at": now().isoformat(), **mail._asdict()}, ensure_ascii=False) + "\n"
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, line.encode())  # at once, so that lines of several processes do not mix
            finally:
                os.close(handle)
        except OSError as error:
            raise MailFailed(type(error).__name__) from error


class SmtpSender:
    """Hands each mail to an SMTP server.

    Args:
        host: of the server.
        port: of the server.
        sender: the address mail comes from.
        user: to sign in as; None if the server asks for nobody.
        password: of the user.
        starttls: whether to encrypt before anything is said, and to check the server's certificate.
    """

    def __init__(
        self, *, host: str, port: int, sender: str, user: str | None, password: str | None, starttls: bool
    ) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._user = user
        self._password = password
        self._starttls = starttls

    def send(self, mail: Mail) -> None:
        """Send a mail.

        Raises:
            MailFailed: the server did not take it.
            MailRefused: it refused the address for good, or that is a telephone number.
        """
        if "@" not in mail.to:
            raise MailRefused("no mail address")
        try:
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
            message.set_content(mail.text)
            with smtplib.SMTP(self._host, self._port, timeout=_SECONDS) as server:
                if self._starttls:
                    server.starttls(context=ssl.create_default_context())
                if self._user is not None:
                    server.login(self._user, self._password or "")
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            is_final = all(code >= _REFUSED_FOR_GOOD for code, _ in error.recipients.values())
            raise (MailRefused if is_final else MailFailed)(type(error).__name__) from None
        except (OSError, ValueError, smtplib.SMTPException) as error:
            raise MailFailed(type(error).__name__) from None  # what a server says may repeat the mail
