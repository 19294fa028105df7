"""What can go wrong with people and their sign-ins."""

from app.core.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    TooManyRequests,
    Unauthenticated,
)
from app.core.text import Bilingual


class PersonNotFound(NotFound):
    """No such person for this actor."""

    def __init__(self) -> None:
        super().__init__("没有此人员。", "There is no such person.")


class PersonForbidden(Forbidden):
    """The actor may not do this to this person, or give this role."""

    def __init__(self) -> None:
        super().__init__("您不能管理此人员，或不能授予此角色。", "You may not manage this person, or give this role.")


class OwnAccount(Forbidden):
    """Nobody takes the right to act from themselves: another has to."""

    def __init__(self) -> None:
        super().__init__("不能对自己执行此操作，请由其他管理员进行。", "Somebody else has to do this to your account.")


class PersonRequired(Forbidden):
    """This is for people who signed in, and a machine asks."""

    def __init__(self) -> None:
        super().__init__("此操作只适用于已登录的人员。", "Only a person who signed in can do this.")


class RoleMisfit(Invalid):
    """No person has this role, or not this one."""

    def __init__(self) -> None:
        rule = Bilingual("人员不能为此角色", "This person cannot have this role")
        super().__init__([FieldError("/role", rule, "role_misfit")])


class OrganizationMisfit(Invalid):
    """A member without an organisation, or another with one."""

    def __init__(self) -> None:
        rule = Bilingual(
            "企业成员和企业管理员须指明机构，其他人员不得指明", "Members and managers name one; others do not"
        )
        super().__init__([FieldError("/organization_id", rule, "organization_of_member")])


class LoginTaken(Conflict):
    """Somebody already signs in under this name."""

    def __init__(self) -> None:
        rule = Bilingual("已有人员使用", "Somebody has it")
        super().__init__(
            "此登录名已被使用。",
            "Somebody signs in by this name already.",
            errors=[FieldError("/login", rule, "taken")],
        )


class SignInRefused(Unauthenticated):
    """Unknown, disabled, a wrong password or a wrong code; which of these is not told."""

    def __init__(self) -> None:
        super().__init__("登录名、密码或动态验证码不正确。", "The login, the password or the code is not right.")


class CodeRequired(Unauthenticated):
    """The password is right, and this person also has a second factor."""

    code = "totp-required"
    title = Bilingual("需要动态验证码", "A one-time code is required")

    def __init__(self) -> None:
        super().__init__(
            "请在 code 中给出动态验证码后重试。", "Sign in again with the code of your authenticator app in code."
        )


class RefreshRefused(Unauthenticated):
    """The refresh key is unknown or used, or its sign-in has ended; which of these is not told."""

    def __init__(self) -> None:
        super().__init__("登录已结束，请重新登录。", "This sign-in has ended. Sign in again.")


class TooManyFailures(TooManyRequests):
    """Too many failures; there is a wait before the next attempt."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"失败次数过多，请在 {retry_after} 秒后重试。",
            f"Too many failures. Try again in {retry_after} seconds.",
            retry_after=retry_after,
        )


class LinkInvalid(Invalid):
    """The link is unknown, used or too old; which of these is not told."""

    def __init__(self) -> None:
        rule = Bilingual("链接无效、已使用或已过期，请重新获取", "Not valid, used or expired: ask for a new one")
        super().__init__([FieldError("/link", rule, "link_invalid")])


class ThroughPortal(Forbidden):
    """A portal would change by what somebody signs in."""

    def __init__(self) -> None:
        super().__init__(
            "不能通过门户更改登录方式。请直接在平台登录，再用自己的访问密钥操作。",
            "How somebody signs in is not changed through a portal. Sign in here yourself, and use that access key.",
        )


class PasswordWrong(Invalid):
    """The password shown for a change is not the one.

    Args:
        pointer: where it stood.
    """

    def __init__(self, pointer: str) -> None:
        super().__init__([FieldError(pointer, Bilingual("密码不正确", "Not the right password"), "password_wrong")])


class ProofMissing(Invalid):
    """What is to be changed takes the password, or the code of the second factor, once more.

    Args:
        pointer: where it is missing.
    """

    def __init__(self, pointer: str) -> None:
        rule = Bilingual("更改登录方式须再次证明身份，必填", "Required to change how you sign in")
        super().__init__([FieldError(pointer, rule, "missing")])


class AddressMisplaced(Invalid):
    """Somebody other than a portal says where a person is."""

    def __init__(self) -> None:
        rule = Bilingual("只有门户可以给出", "Only a portal gives it")
        super().__init__([FieldError("/address", rule, "portals_only")])


class TotpForbidden(Forbidden):
    """Second factors are for those who run the platform."""

    def __init__(self) -> None:
        super().__init__("只有平台人员可以使用动态验证码。", "Second factors are for people who run the platform.")


class TotpConfirmed(Conflict):
    """There is a second factor already."""

    def __init__(self) -> None:
        super().__init__("已启用动态验证码，请先停用。", "There is a second factor already. Remove it first.")


class TotpMissing(Conflict):
    """There is no second factor to confirm or remove."""

    def __init__(self) -> None:
        super().__init__("没有可确认或停用的动态验证码。", "There is no second factor to confirm or remove.")


class CodeWrong(Forbidden):
    """The code is not the one of this moment, or was used before."""

    def __init__(self) -> None:
        super().__init__("动态验证码不正确或已使用过。", "The code is not right, or was used before.")
