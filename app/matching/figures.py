"""Is a stated figure what the requirement asks for? Decided by unit, direction and value, or not at all."""

import math
from dataclasses import dataclass

from app.matching.documents import Requirement
from app.matching.evidence import Figure
from app.matching.normalise import normalise
from app.matching.ranking import FindingStatus
from app.matching.statements import names_a_change
from app.matching.units import parse_unit

# A figure short of the target by no more than this part of it is a near miss, worth a talk.
NEAR = 0.1


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict on one figure; `reached` is what hard constraints go by."""

    status: FindingStatus
    reached: bool


def compare(requirement: Requirement, figure: Figure) -> Comparison | None:
    """Hold a stated figure against a requirement.

    Args:
        requirement: With a target.
        figure: A spec, the result of a case, or one written in a sentence.

    Returns:
        met, partial (a spec that misses by at most a tenth) or unmet; None when the two cannot be compared: other
        dimension, other direction, the size of a change against a level, or a figure without a firm bound that fell
        short, which shows no limit of the offer.
    """
    if requirement.target is None or requirement.operator is None:
        return None
    unit = parse_unit(requirement.unit or "")
    if unit.dimension != figure.dimension or not _same_direction(requirement, figure):
        return None
    if figure.source == "text" and figure.relative != names_a_change(normalise(requirement.metric or "").text):
        return None
    target = requirement.target * unit.factor
    if _reaches(requirement.operator, figure.comparable, target):
        return Comparison("met", reached=True)
    if not figure.firm:
        return None
    near = abs(figure.comparable - target) <= NEAR * abs(target)
    return Comparison("partial" if near else "unmet", reached=False)


def _same_direction(requirement: Requirement, figure: Figure) -> bool:
    if figure.rising is not None:
        return requirement.operator == (">=" if figure.rising else "<=")
    return figure.operator in {requirement.operator, "="}


def _reaches(operator: str, value: float, target: float) -> bool:
    if math.isclose(value, target, rel_tol=1e-9):
        return True
    return value > target if operator == ">=" else operator == "<=" and value < target
