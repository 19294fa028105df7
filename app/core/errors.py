"""Errors a caller can act on. The web floor turns each into an RFC 9457 problem.

DuijieError
├── MalformedCursor       400
├── Unauthenticated       401
├── Forbidden             403
│   └── OutOfScope        403
├── NotFound              404
├── Conflict              409
├── StaleVersion          412
├── Invalid               422
├── VersionRequired       428
├── TooManyRequests       429
├── NotReady              503
└── Busy                  503
"""

from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

from app.core.text import Bilingual


class FieldError(NamedTuple):
    """One fault in a request, at a JSON pointer (RFC 6901) such as `/budget_min_cny`."""

    pointer: str
    detail: Bilingual
    code: str


class DuijieError(Exception):
    """The base: a stable code for machines, a sentence in both languages for people."""

    code: ClassVar[str] = "error"
    title: ClassVar[Bilingual]

    def __init__(self, zh: str, en: str, *, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(en)
        self.detail = Bilingual(zh, en)
        self.errors = tuple(errors)


class MalformedCursor(DuijieError):
    """The cursor was not made by this list."""

    code = "malformed-cursor"
    title = Bilingual("游标无效", "Malformed cursor")

    def __init__(self) -> None:
        super().__init__(
            "该游标不是由此列表给出的。请去掉 cursor 参数重新开始。",
            "This cursor was not given by this list. Start again without the cursor parameter.",
        )


class Unauthenticated(DuijieError):
    """No key where one is needed, or one that is not valid."""

    code = "unauthenticated"
    title = Bilingual("需要有效的密钥", "A valid key is required")


class Forbidden(DuijieError):
    """The actor is known and may not do this."""

    code = "forbidden"
    title = Bilingual("无权操作", "Not allowed")


class OutOfScope(Forbidden):
    """The key is valid and not for this kind of thing; `scope` says what it would have to be for."""

    def __init__(self, scope: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.scope = scope


class NotFound(DuijieError):
    """It does not exist, or not for this actor: the two are never told apart."""

    code = "not-found"
    title = Bilingual("未找到", "Not found")


class Conflict(DuijieError):
    """The request is sound but the record's state, or another record, stands against it."""

    code = "conflict"
    title = Bilingual("与现有数据冲突", "Conflict with existing data")


class StaleVersion(DuijieError):
    """If-Match names a version that is no longer the current one."""

    code = "stale-version"
    title = Bilingual("数据已被修改", "The record has changed")

    def __init__(self) -> None:
        super().__init__(
            "该记录已有新版本，请重新读取后再修改。",
            "The record has a newer version. Read it again, then repeat the change.",
        )


class Invalid(DuijieError):
    """The content breaks a rule; `errors` says where."""

    code = "invalid"
    title = Bilingual("内容有误", "Invalid content")

    def __init__(self, errors: Sequence[FieldError], *, location: Literal["body", "header"] = "body") -> None:
        said = self.summary(len(errors))
        super().__init__(said.zh, said.en, errors=errors)
        self.location = location

    @staticmethod
    def summary(count: int) -> Bilingual:
        """How many faults there are."""
        return Bilingual(f"有 {count} 处需要改正。", f"{count} {'place' if count == 1 else 'places'} to correct.")


class VersionRequired(DuijieError):
    """A change without If-Match."""

    code = "version-required"
    title = Bilingual("缺少 If-Match", "If-Match is required")

    def __init__(self) -> None:
        super().__init__(
            "修改时须在 If-Match 中给出所读版本的 ETag。",
            "Send the ETag of the version you read in If-Match.",
        )


class TooManyRequests(DuijieError):
    """It is asked too often; how long to wait is told.

    Args:
        zh: what is asked too often, and what to do.
        en: the same in English.
        retry_after: whole seconds to wait.
    """

    code = "too-many-requests"
    title = Bilingual("请求过于频繁", "Too many requests")

    def __init__(self, zh: str, en: str, *, retry_after: int) -> None:
        super().__init__(zh, en)
        self.retry_after = retry_after


class NotReady(DuijieError):
    """What the answer needs is still being made; asking again later helps."""

    code = "not-ready"
    title = Bilingual("尚未就绪", "Not ready yet")


class Busy(DuijieError):
    """Too many wait for the same slow thing; nothing was done."""

    code = "busy"
    title = Bilingual("服务器繁忙", "Busy")

    def __init__(self) -> None:
        super().__init__("排队的请求过多，请稍后重试。", "Too many requests are waiting. Try again shortly.")
