"""What can go wrong with a webhook."""

from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.core.text import Bilingual


class WebhookNotFound(NotFound):
    """No such webhook for this actor."""

    def __init__(self) -> None:
        super().__init__("没有这个回调。", "There is no such webhook.")


class DeliveryNotFound(NotFound):
    """No such message of this webhook."""

    def __init__(self) -> None:
        super().__init__("没有这条投递。", "There is no such delivery.")


class WebhookDisabled(Conflict):
    """Nothing is sent to a webhook that is disabled."""

    def __init__(self) -> None:
        super().__init__("该回调已停用，请先启用。", "The webhook is disabled. Enable it first.")


class TooManyWebhooks(Conflict):
    """Its owner has as many as anybody may have."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"每个门户最多 {most} 个回调，请先删除不用的。", f"There may be {most} webhooks at most. Delete one first."
        )


class UrlRefused(Invalid):
    """Nothing is sent to such an address."""

    def __init__(self) -> None:
        rule = Bilingual("须为公网 https 地址", "Should be a public address that begins with https://")
        super().__init__([FieldError("/url", rule, "address_refused")])
