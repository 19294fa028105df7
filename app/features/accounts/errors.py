"""What can go wrong with a key."""

from app.core.errors import FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from app.core.text import Bilingual
from app.features.accounts.types import Scope


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


class ScopeMissing(Forbidden):
    """The key is valid and may not ask for this kind of thing."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(
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


class KeyNotFound(NotFound):
    """No such key for this actor."""

    def __init__(self) -> None:
        super().__init__("没有这个密钥。", "There is no such key.")


class OrganizationUnknown(Invalid):
    """The organisation a key is for does not exist."""

    def __init__(self) -> None:
        rule = Bilingual("没有这个机构", "There is no such organisation")
        super().__init__([FieldError("/organization_id", rule, "unknown_organization")])
