"""Closed vocabularies of matches."""

from app.core.labels import LabelBook, Labelled


@LabelBook.publish
class MatchOutcome(Labelled):
    """What a ranking comes to."""

    RANKED = "ranked", "有合适的对象", "Suitable candidates found"
    NO_SUITABLE_OFFER = "no_suitable_offer", "暂无合适的对象", "No suitable candidate"


@LabelBook.publish
class MatchSignal(Labelled):
    """What a score is made of."""

    TEXT = "text", "文字", "Text"
    REQUIREMENTS = "requirements", "技术指标", "Requirements"
    CASES = "cases", "同类案例", "Proven cases"
    SCENARIO = "scenario", "场景", "Scenario"
    INDUSTRY = "industry", "行业", "Industry"
    BUDGET = "budget", "预算", "Budget"
    MATURITY = "maturity", "成熟度", "Maturity"
    REGION = "region", "服务区域", "Service region"
    DELIVERY = "delivery", "交付时间", "Delivery"
    DEPLOYMENT = "deployment", "部署方式", "Deployment"
    COOPERATION = "cooperation", "合作方式", "Cooperation"
    MEANING = "meaning", "语义（不限字词）", "Meaning, not words"


@LabelBook.publish
class AdviceKind(Labelled):
    """How a need falls short."""

    MISSING = "missing", "未说明", "Not stated"
    VAGUE = "vague", "不够明确", "Vague"


@LabelBook.publish
class AdviceReason(Labelled):
    """Why a field of a need is pointed out."""

    NOT_STATED = "not_stated", "没有填写", "Nothing is stated"
    NOT_DEEPEST = "not_deepest", "行业可以更细", "A deeper industry code exists"
    FEW_WORDS = "few_words", "文字不到通常需求的一半", "Fewer than half the words needs usually have"
    UNHEARD = "unheard", "没有能力使用这些词", "No capability uses these words"
    COMMON = "common", "很多能力都使用这些词", "Many capabilities use these words"
    WITHOUT_FIGURE = "without_figure", "没有数值，而有能力给出同类数值", "No figure, where capabilities state one"


@LabelBook.publish
class RequirementStatus(Labelled):
    """What an offer says about a requirement."""

    MET = "met", "满足", "Met"
    PARTIAL = "partial", "部分满足", "Partly met"
    UNMET = "unmet", "未满足", "Not met"
    NOT_STATED = "not_stated", "未说明", "Not stated"


@LabelBook.publish
class Constraint(Labelled):
    """A hard constraint that facts decide."""

    REGION = "region", "服务区域不含所需地区", "Region not served"
    TRL = "trl", "成熟度低于要求", "Maturity below what is asked"
    BUDGET = "budget", "报价高于预算", "Price above budget"
    REQUIREMENT = "requirement", "必须指标未达到", "A required figure is not reached"
