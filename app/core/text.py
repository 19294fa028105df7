"""Words for people, always in both languages."""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
DEFAULT_LANGUAGE: Language = "zh"


class Bilingual(NamedTuple):
    """One sentence or label in Chinese and English; Chinese is the default."""

    zh: str
    en: str

    def said_in(self, language: Language) -> str:
        """The text in the language asked for."""
        return self.en if language == "en" else self.zh


def negotiate(accept_language: str) -> Language:
    """Choose zh or en from an Accept-Language header (RFC 9110, 12.5.4); zh when neither is asked for."""
    best: tuple[float, Language] = (0.0, DEFAULT_LANGUAGE)
    for part in accept_language.split(","):
        tag, _, parameters = part.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        if primary not in ("zh", "en"):
            continue
        quality = _quality(parameters)
        if quality > best[0]:
            best = (quality, "en" if primary == "en" else "zh")
    return best[1]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
