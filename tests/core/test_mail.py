"""Mail leaves by a file or an SMTP server, and says nothing of itself when it cannot."""

import json
import socketserver
import stat
from threading import Thread

import pytest

from app.core.mail import FileSender, Mail, MailFailed, MailRefused, SmtpSender

MAIL = Mail("li.wei@example.com", "邀请 / Invitation", "您好：\n\nhttps://example.com/#secret-part\n")


class Server(socketserver.ThreadingTCPServer):
    """An SMTP server that keeps what it is told; it refuses recipients by what `refuses` says."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        self.said, self.refuses = [], b""
        super().__init__(("127.0.0.1", 0), Session)


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            text = line.decode().strip()
            self.server.said.append(text)
            word = text.upper()
            if word.startswith("EHLO"):
                self.wfile.write(b"250-here\r\n250-AUTH PLAIN\r\n250 SMTPUTF8\r\n")
            elif word.startswith("AUTH"):
                self.wfile.write(b"235 in\r\n")
            elif word.startswith("RCPT") and self.server.refuses:
                self.wfile.write(self.server.refuses + b" " + line.strip() + b"\r\n")
            elif word == "DATA":
                self.wfile.write(b"354 go on\r\n")
                while (part := self.rfile.readline()) != b".\r\n":
                    self.server.said.append(part.decode().rstrip("\r\n"))
                self.wfile.write(b"250 taken\r\n")
            elif word == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def server():
    with Server() as made:
        thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def _sender(server, **changes):
    given = {"host": "127.0.0.1", "port": server.server_address[1], "sender": "duijie@example.com", "user": None}
    return SmtpSender(**given | {"password": None, "starttls": False} | changes)


def test_the_file_holds_one_mail_a_line_and_is_its_users_own(tmp_path):
    file = tmp_path / "var" / "mail.log"
    sender = FileSender(file)
    sender.send(MAIL)
    sender.send(MAIL._replace(to="+8613900000000"))
    first, second = (json.loads(line) for line in file.read_text("utf-8").splitlines())
    assert (first["to"], first["subject"], first["text"]) == MAIL
    assert first["at"].endswith("+00:00")
    assert second["to"] == "+8613900000000"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_fails_without_the_mail(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(MailFailed) as failed:
        FileSender(tmp_path / "taken" / "mail.log").send(MAIL)
    assert "example.com" not in str(failed.value)


def test_a_server_is_given_the_mail(server):
    _sender(server).send(MAIL)
    said = "\n".join(server.said)
    assert "rcpt to:<li.wei@example.com>" in said.lower()
    assert "From: duijie@example.com" in said
    assert "AUTH" not in said


def test_a_user_signs_in_first(server):
    _sender(server, user="post", password="key").send(MAIL)  # noqa: S106 - of this test
    assert any(line.startswith("AUTH PLAIN") for line in server.said)


def test_without_encryption_where_it_is_asked_for_nothing_is_said(server):
    with pytest.raises(MailFailed):
        _sender(server, starttls=True, user="post", password="key").send(MAIL)  # noqa: S106 - of this test
    assert not [line for line in server.said if line.startswith(("AUTH", "MAIL", "RCPT"))]


def test_what_the_server_refuses_fails_without_the_mail(server):
    server.refuses = b"550 no such box"
    with pytest.raises(MailRefused) as failed:
        _sender(server).send(MAIL)
    assert "example.com" not in str(failed.value)
    assert failed.value.__cause__ is None


def test_what_the_server_takes_later_is_not_refused_for_good(server):
    server.refuses = b"450 busy box"
    with pytest.raises(MailFailed) as failed:
        _sender(server).send(MAIL)
    assert not isinstance(failed.value, MailRefused)


def test_a_server_that_is_not_there_fails(server):
    sender = _sender(server)
    server.server_close()
    server.shutdown()
    with pytest.raises(MailFailed):
        sender.send(MAIL)


@pytest.mark.parametrize("to", ["+8613900000000", "li@example.com\r\nBcc: all@example.com"])
def test_what_is_no_address_is_not_sent(server, to):
    with pytest.raises(MailFailed) as failed:
        _sender(server).send(MAIL._replace(to=to))
    assert isinstance(failed.value, MailRefused) == ("@" not in to)
    assert not [line for line in server.said if "all@example.com" in line]
