"""Sentences that deny something: a limit of the offer, or what a requirement rules out."""

import re

# Both scripts, since passages are quoted as written.
_LIMITS = re.compile(
    r"不支持|不支援|不含|不包含|不提供|不适用|不適用|不具备|不具備|不接入|不负责|不負責|不保证|不保證|暂不|暫不|尚未|尚不|"
    r"未覆盖|未覆蓋|仅限|僅限|另行|需定制|需重新|无[^，。；]{0,6}能力|無[^，。；]{0,6}能力|"
    r"\b(?:not|without|excluding|except|unavailable|cannot|no)\b",
    re.IGNORECASE,
)
_DENIALS = re.compile(r"不|无|無|未|免|非(?!标|標)|\b(?:not|no|never|without|cannot)\b", re.IGNORECASE)


def limits(text: str) -> bool:
    """Say whether a sentence of an offer states a limit rather than an ability."""
    return _LIMITS.search(text) is not None


def negates(text: str) -> bool:
    """Say whether a text denies something at all, as in "no tags" or 不换系统."""
    return _DENIALS.search(text) is not None
