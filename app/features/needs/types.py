"""What is special to needs."""

from app.core.labels import LabelBook, Labelled


@LabelBook.publish
class RequirementKind(Labelled):
    """How strictly a requirement is meant."""

    MUST = "must", "必须", "Must"
    NICE = "nice", "加分", "Nice to have"


@LabelBook.publish
class IpTerms(Labelled):
    """Who owns what comes out of the work (产权归属)."""

    DEMAND = "demand", "归需求方", "Owned by the demand side"
    SUPPLY = "supply", "归供给方", "Owned by the supply side"
    SHARED = "shared", "双方共有", "Shared"
    NEGOTIABLE = "negotiable", "协商确定", "To be negotiated"
