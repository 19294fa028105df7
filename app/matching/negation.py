"""What a text denies, read with three degrees of care.

`signs` changes scores, so its cues are plain words of refusal, each with the clause it rules over. `limits` only keeps
a sentence of an offer from being quoted, and `negates` only asks the other side to deny something as well: both may be
wider. All three read normalised text, which is lower case, half width and simplified.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.matching.bounds import DENIED_LESS, DENIED_MORE

# How a text speaks: a need describes (`need`) or asks (`wish`), its title may do both; an offer states (`offer`).
Voice = Literal["need", "title", "wish", "offer"]

# A need that describes may complain of a lack (no traceability, 没有追溯), which it wants filled; one that asks does
# not. Names of figures, keywords and the background of a case, which is a customer's complaint, deny nothing.
NEED_VOICES: Mapping[str, Voice] = {
    "title": "title", "problem": "need", "current_state": "need", "data_readiness": "need",
    "goal": "wish", "requirement": "wish", "partner_requirements": "wish",
}  # fmt: skip
OFFER_VOICES: Mapping[str, Voice] = dict.fromkeys(
    ("title", "summary", "description", "advantages", "spec_evidence", "case_solution"), "offer"
)


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that rule over the rest of their clause, or over the clause before them when they end it.

    Attributes:
        sign: -1 for what is ruled out; 0 for what an offer merely does without, which speaks neither for nor against.
        spares: Whether burdens and harms are left as they are: who wants no rework is well served by talk of rework.
        noun: Whether the cue rules over a noun phrase only, which a preposition ends.
    """

    words: str
    voices: frozenset[Voice]
    sign: Literal[-1, 0] = -1
    spares: bool = False
    noun: bool = False


_NEEDS = frozenset[Voice]({"need", "title", "wish"})
_ASKS = frozenset[Voice]({"title", "wish"})
_WISH = frozenset[Voice]({"wish"})
_OFFER = frozenset[Voice]({"offer"})

_REFUSES = r"不(?:再|予)?(?:考虑|接受|采用|采购|涉及|包含|包括|含(?![糊量]))"
_DOES_WITHOUT = r"(?<![用更])不用(?![户途于说提])|[无毋]需|[无毋]须|不必|而非|而不是|\binstead of\b|\brather than\b"
_NOT = r"(?<=, )not (?!only|just|yet|more|less|even)"
# `no more than` and 不超过 are bounds of figures, not denials.
_NO = r"\bno\b(?! (?:more|less|fewer|later|longer|sooner|earlier|worse|need|interest|matter|doubt)\b)"

_CUES = (
    _Cue(
        r"(?<![需要])不再?需要|(?<!需)不需(?!要)|不欢迎|谢绝"
        r"|\b(?:do|does|did|will|would)(?: not|n['’]t) (?:really )?(?:need|want)\b(?: to (?:buy|use|have)\b|(?! to\b))"
        r"|\b(?:is|are) not (?:wanted|needed|an option)\b"
        r"|\bnot (?:interested in|looking for|for)\b|\bno (?:need (?:of|for)|interest in)\b"
        r"|\bexcluding\b|\bexcept(?: for)?\b|\bother than\b",
        _NEEDS,
    ),
    # With a subject (排产不考虑模具, customers accept no scratches) a description tells of others.
    _Cue(
        rf"(?:^|(?<=[\s,;:。!?、(])){_REFUSES}|\bwe (?:do not|don['’]t|will not) (?:accept|consider)\b"
        r"|(?<!要)不要(?![求紧])|[请应须需要先]排除|排除在外|除外|\bno more\b(?! than\b)",
        _NEEDS,
        spares=True,
    ),
    # 除X外都要 leaves X out; 除X外还要 takes it in.
    _Cue(r"除[了去]?(?P<scope>[^,;。]{1,12}?)(?=[之以]?外,?[^,;。还也另]{0,6}[都均全])", _NEEDS | _OFFER),
    _Cue(r"\bnot (?!only|just)(?=[^,;:!?。]{1,60}\bbut\b)|(?<!是)不是(?=[^,;:!?。]{1,20},?而是)", _NEEDS | _OFFER),
    _Cue(rf"(?<![虑受用购含包]){_REFUSES}|{_DOES_WITHOUT}|(?<!做)不做", _ASKS, spares=True),
    _Cue(rf"{_NO}|\bwithout\b|{_NOT}", _WISH, spares=True, noun=True),
    _Cue(
        r"不适[用合宜于]于?|不(?:能|可)?用于|(?<!不)不支[持援]|暂不(?:支[持援]|提供|适用|包含|含)?"
        r"|不(?:包含|包括|含(?![糊量])|提供|承担|涉及|负责|覆盖)|(?<!做)不做|除外"
        r"|\bnot (?:(?:suitable|suited|intended|designed|meant|made|recommended|applicable|available) )?for\b"
        r"|\b(?:do|does)(?: not|n['’]t) (?:support|include|cover|handle|offer|provide|detect|apply to)\b"
        r"|\b(?:is|are) not (?:yet |currently )?"
        r"(?:supported|covered|included|offered|provided|available|possible|estimated|handled)\b"
        r"|\bexcluding\b|\bexcept(?: for)?\b|\bnot including\b",
        _OFFER,
    ),
    _Cue(_DOES_WITHOUT, _OFFER, sign=0, spares=True),
    _Cue(rf"{_NO}|\bno (?:more|need (?:of|for))\b(?! than\b)|\bwithout\b|{_NOT}", _OFFER, 0, spares=True, noun=True),
)

_PAUSE = r"[;:!?。()\n…]|,(?!\d{3})|\.(?=\s|$)"
_END = re.compile(
    rf"{_PAUSE}|但|只[要需用做]|仅[要需]|而是|要的是|还要|改用|[即就便也][可能]"
    r"|\b(?:but|only|just|however|although|though|because|since|so|we)\b"
)
_NOUN_END = re.compile(
    rf"{_END.pattern}|、|\b(?:in|on|at|by|for|from|to|into|during|while|when|if|until|as|than|across|per|before|after|with"
    r"|is|are|was|were|has|have|can|will)\b"
)
# What may follow a cue that ends its clause, and rules over what stands before it.
_REST = re.compile(r"[\s了的啦]*(?:yet|here|currently|at all|today|any ?more)?\s*")

# One wants to be without these; an offer that names them works on them.
_SPARED = re.compile(
    r"^\s*(?:再|去|换|改|停|拆|补|写|看|问|懂)"
    r"|漏|误|错|缺陷|不良|停机|停线|停产|报废|返[工修]|(?<!无)损|(?<!探)伤|坏|故障|异常|延[误迟]|浪费|污染|变[形色]|事故|泄[漏露]|投诉"
    r"|人工(?!智)|手[工动抄]|人$|师傅|工程师|编程|代码|示教|标定|培训|改造|改动|重新|更换"
    r"|\b(?:miss|false|error|defect|scrap|rework|wast|downtime|stop|delay|damag|loss|lost|fail|leak|accident|contaminat"
    r"|complain|excursion|interrupt|scratch|manual|human|operator|cod(?:e|ing)|program|retrain|training|calibrat|chang"
    r"|modif|rebuild|reteach)"
)

# Words with a denying character that deny nothing, and bounds of figures.
_HARMLESS = re.compile(
    rf"{DENIED_MORE}|{DENIED_LESS}|不(?:足以|良|锈|同|断|仅|止|但|到)|未来|无(?:人|纺|线|损|尘|菌|铅|缝|极|论)"
    r"|非(?:标|织造|金属|接触|晶|对称)|免费|\bnot (?:only|just)\b"
)
_LIMITS = re.compile(
    "|".join(cue.words for cue in _CUES if cue.voices == _OFFER and cue.sign)
    + r"|不具备|不接入|不保证|尚[未不]|未覆盖|仅限|另行|需定制|需重新|无[^,。;]{0,6}能力"
    r"|\b(?:not|without|unavailable|cannot|no)\b"
)
_DENIALS = re.compile(r"不|无|未|免|非|\b(?:not|no|never|without|cannot)\b")


def signs(text: str, voice: Voice | None) -> Sequence[int] | None:
    """Say of every character whether it is said (1), ruled out (-1) or says nothing either way (0).

    Args:
        text: A normalised text.
        voice: How it speaks; None for a text that denies nothing.

    Returns:
        One sign per character, the words of refusal themselves 0; None when everything is said.
    """
    marks: list[int] | None = None
    for cue in _CUES:
        if voice not in cue.voices:
            continue
        for start, end, (first, last) in _scopes(text, cue):
            marks = marks or [1] * len(text)
            marks[first:last] = [cue.sign] * (last - first)
            marks[start:end] = [0] * (end - start)
    return marks


def limits(text: str) -> bool:
    """Say whether a sentence of an offer states a limit rather than an ability."""
    return _LIMITS.search(_HARMLESS.sub("", text)) is not None


def negates(text: str) -> bool:
    """Say whether a text denies something at all, as in "no tags" or 不换系统."""
    return _DENIALS.search(_HARMLESS.sub("", text)) is not None


def _scopes(text: str, cue: _Cue) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Find where a cue stands, from and to, and the range it rules over."""
    for match in re.finditer(cue.words, text):
        start, end = match.span()
        if "scope" in match.re.groupindex:
            scope = match.span("scope")
            end = scope[0]
        else:
            stop = (_NOUN_END if cue.noun else _END).search(text, end)
            scope = end, stop.start() if stop else len(text)
            if _REST.fullmatch(text, *scope):
                scope = max((pause.end() for pause in _END.finditer(text, 0, start)), default=0), start
        if not (cue.spares and _SPARED.search(text[slice(*scope)])):
            yield start, end, scope
