"""Matching of needs and offers: a pure library without database, HTTP or framework."""

from app.matching.constraints import ConstraintMode
from app.matching.dictionary import Dictionary, cc_cedict
from app.matching.documents import (
    Case,
    CaseResult,
    Language,
    Need,
    Offer,
    Operator,
    Requirement,
    RequirementKind,
    Scenario,
    Spec,
)
from app.matching.matcher import Eligible, Matcher
from app.matching.meaning import Meaning, sentence_encoder
from app.matching.offer_table import Numberings
from app.matching.params import FIELD_WEIGHTS, SIGNAL_WEIGHTS, SUPPORTING, WITH_MEANING, MatcherParams
from app.matching.prepared import Reader
from app.matching.ranking import (
    FindingStatus,
    Match,
    Outcome,
    Ranking,
    RequirementFinding,
    SignalShare,
    Span,
    TermShare,
    Violation,
)
from app.matching.signs import LikeFigure, Sign, Signs
from app.matching.standing import Shift, Standing, shifts
from app.matching.storage import load, save
from app.matching.thesaurus import Concept, Thesaurus
from app.matching.units import in_full
from app.matching.warming import warm

__all__ = [
    "FIELD_WEIGHTS",
    "SIGNAL_WEIGHTS",
    "SUPPORTING",
    "WITH_MEANING",
    "Case",
    "CaseResult",
    "Concept",
    "ConstraintMode",
    "Dictionary",
    "Eligible",
    "FindingStatus",
    "Language",
    "LikeFigure",
    "Match",
    "Matcher",
    "MatcherParams",
    "Meaning",
    "Need",
    "Numberings",
    "Offer",
    "Operator",
    "Outcome",
    "Ranking",
    "Reader",
    "Requirement",
    "RequirementFinding",
    "RequirementKind",
    "Scenario",
    "Shift",
    "Sign",
    "SignalShare",
    "Signs",
    "Span",
    "Spec",
    "Standing",
    "TermShare",
    "Thesaurus",
    "Violation",
    "cc_cedict",
    "in_full",
    "load",
    "save",
    "sentence_encoder",
    "shifts",
    "warm",
]
