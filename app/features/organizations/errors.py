"""What can go wrong with an organisation."""

from app.core.errors import Conflict, FieldError, Forbidden, NotFound
from app.core.text import Bilingual


class OrganizationNotFound(NotFound):
    """No such organisation."""

    def __init__(self) -> None:
        super().__init__("没有这个机构。", "There is no such organisation.")


class OrganizationForbidden(Forbidden):
    """The actor may not do this to this organisation."""

    def __init__(self) -> None:
        super().__init__("您不能对该机构执行此操作。", "You may not do this to this organisation.")


class UsccTaken(Conflict):
    """Another organisation has this code."""

    def __init__(self) -> None:
        rule = Bilingual("已有机构使用此代码", "Another organisation has this code")
        super().__init__(
            "已有机构使用此统一社会信用代码。",
            "An organisation with this Unified Social Credit Code exists.",
            errors=[FieldError("/uscc", rule, "taken")],
        )
