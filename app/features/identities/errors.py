"""What can go wrong with an identity from outside."""

from app.core.errors import Conflict, FieldError, NotFound, NotReady, Unauthenticated
from app.core.text import Bilingual
from app.features.identities.types import Refusal


class OidcOff(NotFound):
    """No issuer is set."""

    def __init__(self) -> None:
        super().__init__(
            "此平台没有设置外部身份提供方。管理员可设置 DUIJIE_OIDC__ISSUER 和 DUIJIE_OIDC__CLIENT_ID。",
            "No issuer of identities is set here. An administrator can set DUIJIE_OIDC__ISSUER and "
            "DUIJIE_OIDC__CLIENT_ID.",
        )


class IssuerUnavailable(NotReady):
    """The issuer cannot be asked for its keys, and none of it that could serve are known."""

    code = "issuer-unavailable"
    title = Bilingual("身份提供方暂不可用", "Issuer unavailable")

    def __init__(self) -> None:
        super().__init__(
            "外部身份提供方暂时无法访问，请稍后重试，或改用密码登录。",
            "The issuer of identities cannot be reached. Try again shortly, or sign in by password.",
        )


class TokenRefused(Unauthenticated):
    """An identity token that is not to be believed.

    Args:
        refusal: what is wrong with it.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(
            "身份令牌无效。请向 POST /v1/oidc/nonces 取一个新的 nonce，重新登录身份提供方。",
            "The identity token is not valid. Get a new nonce from POST /v1/oidc/nonces and sign in at the issuer "
            "again.",
            errors=[FieldError("/id_token", refusal.value, refusal.code)],
        )
        self.refusal = refusal


class SubjectUnlinked(Unauthenticated):
    """The token is good, but nobody here is linked to whom it is about."""

    reason = "unlinked"

    def __init__(self) -> None:
        super().__init__(
            "此身份尚未关联平台账号。请先用密码登录，再用 POST /v1/me/identity 关联。",
            "No account is linked to this identity. Sign in by password first, then link it by POST /v1/me/identity.",
        )


class PersonDisabled(Unauthenticated):
    """Who is linked to the identity may not sign in any more."""

    reason = "disabled"

    def __init__(self) -> None:
        super().__init__(
            "此账号已停用。请联系您机构的管理员或平台运营人员。",
            "This account is disabled. Ask the administrator of your organisation or the operator.",
        )


class SecondFactorMissing(Unauthenticated):
    """Who has a second factor here signed in at the issuer with one only."""

    reason = "one_factor"

    def __init__(self) -> None:
        super().__init__(
            "此账号须以多重验证登录：请在身份提供方启用多重验证（令牌的 amr 须含 mfa），或用密码和验证码登录。",
            "This account needs more than one factor. Use several at the issuer (amr must hold mfa), or sign in by "
            "password and code.",
        )


class LinkedAlready(Conflict):
    """The person is linked to another identity."""

    def __init__(self) -> None:
        super().__init__(
            "您已关联另一个身份。请先用 POST /v1/me/identity/unlink 解除。",
            "You are linked to another identity. Unlink it first by POST /v1/me/identity/unlink.",
        )


class SubjectTaken(Conflict):
    """The identity is linked to somebody else."""

    def __init__(self) -> None:
        super().__init__(
            "此身份已关联另一个账号。请用该账号解除关联，或联系平台运营人员。",
            "This identity is linked to another account. Unlink it there, or ask the operator.",
        )


class NothingLinked(NotFound):
    """The person is linked to no identity."""

    def __init__(self) -> None:
        super().__init__("您没有关联外部身份。", "You are linked to no identity.")


class OnlyWayIn(Conflict):
    """Without the identity the person could not sign in any more."""

    def __init__(self) -> None:
        super().__init__(
            "这是您唯一的登录方式。请先设置密码，再解除关联。",
            "It is your only way to sign in. Set a password first, then unlink it.",
        )
