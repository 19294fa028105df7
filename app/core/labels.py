"""Enumerations that carry their own labels, so that a code can never be without a word for it."""

from enum import StrEnum
from typing import ClassVar, Self, TypeVar

from app.core.text import Bilingual


class Labelled(StrEnum):
    """A code with its Chinese and English label: `DRAFT = "draft", "草稿", "Draft"`."""

    label: Bilingual

    def __new__(cls, code: str, zh: str = "", en: str = "") -> Self:
        """Make the member a plain string that also knows its label."""
        if not (zh and en):
            raise ValueError(f"{code} needs a word in both languages")
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = Bilingual(zh, en)
        return member


LabelledT = TypeVar("LabelledT", bound=Labelled)


class LabelBook:
    """All enumerations the API speaks, by their public name."""

    enums: ClassVar[dict[str, type[Labelled]]] = {}

    @classmethod
    def publish(cls, enum: type[LabelledT]) -> type[LabelledT]:
        """List an enumeration in `GET /v1/catalog/labels` under its class name in snake_case."""
        name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in enum.__name__)
        cls.enums[name.lstrip("_")] = enum
        return enum
