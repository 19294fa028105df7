"""The names people sign in by, each in one form: an e-mail address or a phone number."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

# ASCII only: letters of other scripts that look alike, or fold to the same, would name somebody else
_MAIL = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"\+?[0-9]{5,20}")
_BETWEEN_DIGITS = re.compile(r"[ ().-]")


def folded_login(text: str) -> str:
    """The one form of a login: an e-mail address in small letters, a phone number as digits with `+` perhaps.

    Raises:
        ValueError: it is neither.
    """
    text = text.strip()
    if _MAIL.fullmatch(text):
        return text.casefold()
    digits = _BETWEEN_DIGITS.sub("", text)
    if _PHONE.fullmatch(digits):
        return digits
    raise PydanticCustomError("login", "Should be an e-mail address or a phone number")


Login = Annotated[
    str,
    Field(
        min_length=3,
        max_length=256,
        description="An e-mail address or a phone number.",
        examples=["li.wei@example.com", "+86 139 0000 0000"],
    ),
    AfterValidator(folded_login),
]
