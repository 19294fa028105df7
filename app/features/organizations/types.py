"""What organisations are."""

from typing import NamedTuple

from app.core.labels import LabelBook, Labelled


@LabelBook.publish
class OrgType(Labelled):
    """What kind of organisation it is."""

    MANUFACTURER = "manufacturer", "制造企业", "Manufacturing enterprise"
    TECH_PROVIDER = "tech_provider", "技术服务企业", "Technology company"
    SYSTEM_INTEGRATOR = "system_integrator", "系统集成商", "System integrator"
    EQUIPMENT_VENDOR = "equipment_vendor", "装备/零部件企业", "Equipment or component vendor"
    SOFTWARE_VENDOR = "software_vendor", "工业软件企业", "Industrial software vendor"
    UNIVERSITY = "university", "高等院校", "University"
    RESEARCH_INSTITUTE = "research_institute", "科研院所/新型研发机构", "Research institute"
    INNOVATION_PLATFORM = "innovation_platform", "创新平台/赋能中心", "Innovation platform or empowerment centre"
    PARK_OPERATOR = "park_operator", "园区/载体运营方", "Industrial park operator"
    FINANCIAL_INSTITUTION = "financial_institution", "金融与投资机构", "Financial or investment institution"
    ASSOCIATION = "association", "行业协会/联盟", "Industry association or alliance"
    SERVICE_AGENCY = "service_agency", "科技/咨询服务机构", "Technology or consulting service agency"
    GOVERNMENT = "government", "政府部门", "Government department"
    PUBLIC_INSTITUTION = "public_institution", "事业单位", "Public institution"
    OTHER = "other", "其他", "Other"


@LabelBook.publish
class OrgSize(Labelled):
    """How large an organisation is."""

    LARGE = "large", "大型", "Large"
    MEDIUM = "medium", "中型", "Medium"
    SMALL = "small", "小型", "Small"
    MICRO = "micro", "微型", "Micro"


@LabelBook.publish
class OrgRole(Labelled):
    """Which side of a docking an organisation may take; it may take both."""

    ENTERPRISE = "enterprise", "需求方", "Demand side"
    PROVIDER = "provider", "供给方", "Supply side"


class Counts(NamedTuple):
    """How many organisations there are, and how many of them are made up."""

    all: int
    fictitious: int
