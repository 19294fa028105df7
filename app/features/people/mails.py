"""What is written to people. Nothing in it was typed by somebody else: no names, no words of whoever invites."""

from app.core.mail import Mail
from app.features.people.types import LinkKind

INVITATION_DAYS = 7
RESET_MINUTES = 30
PAGES = {LinkKind.INVITATION: "invitation", LinkKind.PASSWORD_RESET: "password-reset"}
"""What the page is called that a link leads to."""
_SUBJECTS = {
    LinkKind.INVITATION: "对接平台邀请 / Invitation to Duijie",
    LinkKind.PASSWORD_RESET: "重置对接平台密码 / Reset your Duijie password",
}
_TEXTS = {
    LinkKind.INVITATION: """您好：

您受邀加入对接平台。请在 {days} 天内通过以下链接设置密码：

{address}

链接只能使用一次，请勿转发。如果您不了解此邀请，请忽略本邮件。

Hello,

you are invited to Duijie. Set your password by this link within {days} days:

{address}

It works once; do not pass it on. If you know nothing of it, ignore this mail.
""",
    LinkKind.PASSWORD_RESET: """您好：

有人请求重置您在对接平台的密码。请在 {minutes} 分钟内通过以下链接设置新密码：

{address}

链接只能使用一次。如果不是您本人操作，请忽略本邮件，密码不会改变。

Hello,

somebody asked to reset your password at Duijie. Set a new one by this link within {minutes} minutes:

{address}

It works once. If it was not you, ignore this mail: your password stays as it is.
""",
}


def address_of(kind: LinkKind, key: str, public_url: str) -> str:
    """Where a link leads. The key stands behind `#`, which browsers send to no server and write into no log."""
    return f"{public_url}/{PAGES[kind]}#{key}"


def written(kind: LinkKind, *, to: str, address: str) -> Mail:
    """The mail that brings a link."""
    text = _TEXTS[kind].format(address=address, days=INVITATION_DAYS, minutes=RESET_MINUTES)
    return Mail(to, _SUBJECTS[kind], text)
