"""What is special to needs."""

from app.core.labels import LabelBook, Labelled


@LabelBook.publish
class RequirementKind(Labelled):
    """How strictly a requirement is meant."""

    MUST = "must", "必须", "Must"
    NICE = "nice", "加分", "Nice to have"


@LabelBook.publish
class NeedField(Labelled):
    """What an enterprise can state about its need."""

    LANG = "lang", "语言", "Language"
    TITLE = "title", "标题", "Title"
    PROBLEM = "problem", "主要问题", "Problem"
    CURRENT_STATE = "current_state", "现状", "Current state"
    GOAL = "goal", "预期目标", "Goal"
    REQUIREMENTS = "requirements", "技术指标", "Requirements"
    KEYWORDS = "keywords", "关键词", "Keywords"
    SCENARIO_CODE = "scenario_code", "场景", "Scenario"
    INDUSTRY_CODE = "industry_code", "行业", "Industry"
    REGION_CODE = "region_code", "地区", "Region"
    DATA_READINESS = "data_readiness", "数据条件", "Data at hand"
    PARTNER_REQUIREMENTS = "partner_requirements", "合作方要求", "Asked of a partner"
    DEPLOYMENT = "deployment", "部署方式", "Deployment"
    COOPERATION_MODES = "cooperation_modes", "合作方式", "Cooperation"
    BUDGET_MIN_CNY = "budget_min_cny", "预算下限", "Lowest budget"
    BUDGET_MAX_CNY = "budget_max_cny", "预算上限", "Highest budget"
    COMPLETE_BY = "complete_by", "完成时限", "Complete by"
    MIN_TRL = "min_trl", "成熟度要求", "Maturity at least"
    IP_TERMS = "ip_terms", "产权归属", "IP terms"
    ATTACHMENTS = "attachments", "附件", "Attachments"
    VISIBILITY = "visibility", "公开范围", "Visibility"
    VALID_UNTIL = "valid_until", "有效期", "Valid until"


@LabelBook.publish
class IpTerms(Labelled):
    """Who owns what comes out of the work (产权归属)."""

    DEMAND = "demand", "归需求方", "Owned by the demand side"
    SUPPLY = "supply", "归供给方", "Owned by the supply side"
    SHARED = "shared", "双方共有", "Shared"
    NEGOTIABLE = "negotiable", "协商确定", "To be negotiated"
