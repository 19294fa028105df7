"""What can go wrong with a key."""

from collections.abc import Sequence
from typing import ClassVar

from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, OutOfScope, Unauthenticated
from app.core.text import Bilingual
from app.features.accounts.types import Role, Scope


class KeyInvalid(Unauthenticated):
    """The key is unknown, expired, revoked, misspelt or shown from a wrong address; which of these is not told."""

    def __init__(self) -> None:
        super().__init__(
            "密钥无效、已过期或已吊销。请在 Authorization 中以 Bearer 方式给出。",
            "The key is not valid, has expired or was revoked. Send it as Authorization: Bearer.",
        )


class KeyRequired(Unauthenticated):
    """This needs a key and none was shown."""

    def __init__(self) -> None:
        super().__init__(
            "此操作需要密钥。请在 Authorization 中以 Bearer 方式给出。",
            "This needs a key. Send it as Authorization: Bearer.",
        )


class ScopeMissing(OutOfScope):
    """The key is valid and may not ask for this kind of thing."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(
            scope,
            f"此密钥没有“{scope.label.zh}”的权限（{scope}）。",
            f"This key may not be used for it: it lacks the scope {scope}.",
        )


class PersonNotAllowed(Forbidden):
    """Somebody other than a portal shows a person's key beside its own."""

    def __init__(self) -> None:
        super().__init__("只有门户可以代表已登录的人员操作。", "Only a portal acts for a person.")


class KeyNotAllowed(Forbidden):
    """The actor may not handle this kind of key."""

    def __init__(self) -> None:
        super().__init__("您不能管理此类密钥。", "You may not handle keys of this kind.")


class ScopeNotOfRole(Invalid):
    """A key is to be for something that its role may not do."""

    @staticmethod
    def rule(role: Role) -> Bilingual:
        """The rule that is broken."""
        return Bilingual(f"“{role.label.zh}”不能有此权限", f"The role {role} may not have this scope")


class ScopeNotHeld(Forbidden):
    """Somebody would give, or get, a key for more than they may do themselves."""

    rule: ClassVar[Bilingual] = Bilingual("您自己没有此权限", "You do not have this scope yourself")

    def __init__(self, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(
            "密钥的权限不能超出您自己的权限。",
            "A key cannot be for more than you may do yourself. Use a key that has all of its scopes.",
            errors=errors,
        )


class NoKeyOfItsOwn(Forbidden):
    """Only a machine has a key to read and rotate; people sign in."""

    def __init__(self) -> None:
        super().__init__(
            "此操作针对所出示的 API 密钥本身，请直接以该密钥请求。",
            "This is about the API key that is shown. Ask with that key alone, not as or for a person.",
        )


class KeyEnded(Conflict):
    """The key was revoked or has expired; what has ended stays as it is."""

    def __init__(self) -> None:
        super().__init__(
            "此密钥已过期或已吊销，请签发新的密钥。", "The key has expired or was revoked. Issue a new one."
        )


class KeyReplaced(Conflict):
    """There is a key in its place already."""

    def __init__(self) -> None:
        super().__init__(
            "此密钥已轮换过，请使用或轮换新的密钥。",
            "The key has been rotated already. Use the key that took its place, or rotate that one.",
        )


class KeyNotFound(NotFound):
    """No such key for this actor."""

    def __init__(self) -> None:
        super().__init__("没有这个密钥。", "There is no such key.")


class OrganizationUnknown(Invalid):
    """The organisation a key is for does not exist."""

    def __init__(self) -> None:
        rule = Bilingual("没有这个机构", "There is no such organisation")
        super().__init__([FieldError("/organization_id", rule, "unknown_organization")])
