"""`Idempotency-Key`: a POST that is sent again is answered as the first time, and nothing is done twice.

The answer is kept in the transaction that made it, sealed, for 24 hours, for the caller that asked. A request that
failed left nothing behind, so it is simply tried again. One that takes several transactions holds its key from the
first on and makes sure in each that it still does: who was silent for so long that another was let in writes nothing
more, and is given what the other is given.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request, Response
from sqlalchemy.orm import Session

from app.core.errors import Conflict, FieldError, Invalid
from app.core.sealing import Seal
from app.core.text import Bilingual
from app.db import kept_answers
from app.db.kept_answers import UNANSWERED, Kept

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_FORM = re.compile(r"[\x21-\x7e]{1,255}")


class KeyMalformed(Invalid):
    """The key is empty, too long or has characters that a header should not have."""

    def __init__(self) -> None:
        rule = Bilingual("应为 1 至 255 个可见 ASCII 字符", "Should be 1 to 255 visible ASCII characters")
        super().__init__([FieldError(f"/{HEADER.lower()}", rule, "idempotency_key")], location="header")


class KeyReused(Invalid):
    """The key was sent before with another request."""

    def __init__(self) -> None:
        rule = Bilingual("此键已用于另一请求，请换一个", "This key was used for another request; take a new one")
        super().__init__([FieldError(f"/{HEADER.lower()}", rule, "idempotency_key_reused")], location="header")


class AnswerPending(Conflict):
    """The same request is being carried out just now, in more than one transaction."""

    def __init__(self) -> None:
        super().__init__(
            "相同的请求正在处理中，请稍后重试。", "The same request is being carried out. Ask again shortly."
        )


class AnsweredBefore(Exception):
    """The request was carried out before; not an error, but the way out of a handler that has begun."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


@dataclass(slots=True)
class Once:
    """A request that must not be carried out twice.

    Attributes:
        name: a hash of the caller and its key.
        request_hash: a hash of what it asks for.
        seal: closes the body of the answer: a new key may be in it.
        holder: names this request among those that were sent with the same key.
        is_claimed: whether this request has begun, in a transaction of its own.
    """

    name: str
    request_hash: str
    seal: Seal
    holder: str = field(default_factory=lambda: secrets.token_hex(16))
    is_claimed: bool = False

    def earlier(self, reader: Session) -> Response | None:
        """The answer given before, if there is one.

        Raises:
            KeyReused: to another request.
            AnswerPending: it is being carried out.
        """
        kept = kept_answers.find(reader, self.name)
        return None if kept is None or kept.status == UNANSWERED else self._again(kept)

    def answered(self, writer: Session, answer: Callable[[], Response]) -> Response:
        """The answer given before, or a new one, which is kept in the same transaction.

        Raises:
            KeyReused: the earlier one was to another request.
            AnswerPending: it is being carried out.
        """
        try:
            self.claim(writer)
        except AnsweredBefore as before:
            return before.answer
        given = answer()
        self._keep(writer, given)
        return given

    def claim(self, writer: Session) -> None:
        """Begin to carry it out, or go on; called first in each transaction.

        Raises:
            AnsweredBefore: it was carried out before, or by another meanwhile.
            KeyReused: the earlier one was another request.
            AnswerPending: it is being carried out.
        """
        kept = kept_answers.claim(writer, self.name, self.request_hash, holder=self.holder)
        if kept is not None:
            raise AnsweredBefore(self._again(kept))
        self.is_claimed = True

    def keep(self, writer: Session, given: Response) -> None:
        """Keep an answer, in a transaction of its own.

        Raises:
            AnsweredBefore: another has been given meanwhile.
            KeyReused: to another request.
            AnswerPending: it is being carried out by another.
        """
        self.claim(writer)
        self._keep(writer, given)

    def _keep(self, writer: Session, given: Response) -> None:
        kept_answers.keep(
            writer,
            self.name,
            holder=self.holder,
            status=given.status_code,
            headers={name: value for name, value in given.headers.items() if name != "content-length"},
            sealed=self.seal.seal(bytes(given.body).decode()),
        )

    def release(self, writer: Session) -> None:
        """Forget a request that failed, so that it may be tried again."""
        kept_answers.release(writer, self.name, holder=self.holder)

    def _again(self, kept: Kept) -> Response:
        if kept.request_hash != self.request_hash:
            raise KeyReused
        if kept.status == UNANSWERED:
            raise AnswerPending
        return Response(
            self.seal.open(kept.sealed), status_code=kept.status, headers={**kept.headers, REPLAYED: "true"}
        )


def once(request: Request, body: bytes, caller: str) -> Once | None:
    """How a request is carried out once; None when it does not ask for it.

    Args:
        request: a POST.
        body: as it came.
        caller: what stays the same from request to request of one caller.

    Raises:
        KeyMalformed: of its key.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return None
    if not _FORM.fullmatch(key):
        raise KeyMalformed
    asked = (request.url.path, request.url.query, request.headers.get("if-match", ""))
    seal: Seal = request.app.state.seal
    return Once(_hash(seal, caller, key), _hash(seal, *asked, body), seal)


def _hash(seal: Seal, *parts: str | bytes) -> str:
    # with a key: there may be a password in the body, which a plain hash would let be guessed at once
    digest = seal.digest()
    for part in parts:
        written = part if isinstance(part, bytes) else part.encode()
        # with their lengths, so that no two lists of parts are written alike
        digest.update(len(written).to_bytes(8) + written)
    return digest.hexdigest()
