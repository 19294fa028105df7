"""Who an issuer says somebody is, and why it may not be believed."""

from enum import Enum
from typing import NamedTuple

from app.core.text import Bilingual


class Identity(NamedTuple):
    """What an identity token says, once it has been checked.

    Attributes:
        issuer: who says it.
        subject: whom it is about, in the issuer's own words.
        nonce: what the sign-in at the issuer was begun with.
        is_multi_factor: whether the issuer asked for more than one factor (`amr`, RFC 8176).
    """

    issuer: str
    subject: str
    nonce: str
    is_multi_factor: bool = False


class Refusal(Enum):
    """What is wrong with a token; the name in lower case is its code."""

    MALFORMED = Bilingual("不是有效的身份令牌", "It is no identity token")
    ALGORITHM = Bilingual("签名算法不被接受", "It is signed in a way that is not accepted")
    KEY = Bilingual("签名所用的密钥不是该身份提供方现有的密钥", "It is signed by a key the issuer does not publish")
    SIGNATURE = Bilingual("签名不符", "Its signature is not valid")
    ISSUER = Bilingual("不是由此平台所设的身份提供方签发", "It is of another issuer than this platform's")
    AUDIENCE = Bilingual("不是为此平台签发", "It is for another audience than this platform")
    EXPIRED = Bilingual("已过期", "It has expired")
    NOT_YET = Bilingual("尚未生效，或缺少签发时间", "It is not valid yet, or does not say when it was issued")
    SUBJECT = Bilingual("没有指明人员", "It does not say whom it is about")
    NONCE = Bilingual(
        "其中的 nonce 不是刚刚发给您的，或已用过", "Its nonce was not given to you just now, or has been used"
    )

    @property
    def code(self) -> str:
        """How programs and the audit call it."""
        return self.name.lower()
