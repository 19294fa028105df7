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
