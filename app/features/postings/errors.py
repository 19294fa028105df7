"""What can go wrong with a posting."""

from collections.abc import Sequence

from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from app.core.text import Bilingual
from app.features.postings.types import Action, PostingStatus


class PostingNotFound(NotFound):
    """No such posting for this actor."""

    def __init__(self) -> None:
        super().__init__("没有这条信息，或您无权查看。", "There is no such posting, or it is not open to you.")


class PostingForbidden(Forbidden):
    """The actor may not do this."""

    def __init__(self) -> None:
        super().__init__("您不能执行此操作。", "You may not do this.")


class WrongOrganization(Invalid):
    """The organisation a posting is for does not exist or does not take this side."""

    def __init__(self) -> None:
        rule = Bilingual(
            "没有这个机构，或它没有登记为此方", "No such organisation, or it is not registered for this side"
        )
        super().__init__([FieldError("/organization_id", rule, "wrong_organization")])


class TitleTaken(Conflict):
    """The organisation has an open posting with this title."""

    def __init__(self) -> None:
        rule = Bilingual("该机构已有同名信息", "The organisation has an open posting with this title")
        super().__init__(
            "该机构已有同名且未关闭的信息。",
            "The organisation already has an open posting with this title.",
            errors=[FieldError("/title", rule, "taken")],
        )


class ReferenceTaken(Conflict):
    """Another organisation's posting has the reference."""

    def __init__(self) -> None:
        super().__init__("该编号已用于另一机构的信息。", "Another organisation's posting has this reference.")


class ActionNotPossible(Conflict):
    """The posting's state does not allow the action."""

    def __init__(self, status: PostingStatus, possible: Sequence[Action]) -> None:
        zh = "、".join(action.label.zh for action in possible) or "无"
        en = ", ".join(possible) or "none"
        super().__init__(
            f"当前状态为“{status.label.zh}”，可执行的操作：{zh}。",
            f"The posting is {status.label.en.lower()}. Possible now: {en}.",
        )


class PostingExpired(Conflict):
    """Its validity has passed."""

    def __init__(self) -> None:
        rule = Bilingual("有效期已过", "The validity has passed")
        super().__init__(
            "有效期已过，请先延长有效期。",
            "The posting is no longer valid. Extend valid_until first.",
            errors=[FieldError("/valid_until", rule, "expired")],
        )
