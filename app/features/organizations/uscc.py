"""The Unified Social Credit Code, GB 32100-2015."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORM = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")


def check_character(body: str) -> str:
    """The 18th character for the first 17: weights are the powers of 3 modulo 31."""
    total = sum(_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return _ALPHABET[(31 - total % 31) % 31]


def is_valid(code: str) -> bool:
    """Whether a code has the form of the standard and the right check character."""
    return bool(_FORM.fullmatch(code)) and check_character(code[:17]) == code[17]


def _checked(code: str) -> str:
    if not is_valid(code):
        raise PydanticCustomError("uscc", "Not a valid Unified Social Credit Code")
    return code


Uscc = Annotated[
    str,
    Field(description="Unified Social Credit Code, 18 characters", examples=["91350100M000100Y43"], max_length=18),
    AfterValidator(_checked),
]
