"""What can go wrong with a key."""

from app.core.errors import FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from app.core.text import Bilingual


class KeyInvalid(Unauthenticated):
    """The key is unknown, revoked or misspelt; which of these is not told."""

    def __init__(self) -> None:
        super().__init__(
            "密钥无效或已吊销。请在 Authorization 中以 Bearer 方式给出。",
            "The key is not valid or was revoked. Send it as Authorization: Bearer.",
        )


class KeyRequired(Unauthenticated):
    """This needs a key and none was shown."""

    def __init__(self) -> None:
        super().__init__(
            "此操作需要密钥。请在 Authorization 中以 Bearer 方式给出。",
            "This needs a key. Send it as Authorization: Bearer.",
        )


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
