"""What every posting is: its states, its visibility, its closed vocabularies."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.core.labels import LabelBook, Labelled


@LabelBook.publish
class PostingStatus(Labelled):
    """Where a posting stands."""

    DRAFT = "draft", "草稿", "Draft"
    SUBMITTED = "submitted", "待审核", "Submitted for review"
    RETURNED = "returned", "退回整改", "Returned for revision"
    REJECTED = "rejected", "不予通过", "Rejected"
    PUBLISHED = "published", "已发布", "Published"
    PAUSED = "paused", "已暂停", "Paused"
    CLOSED = "closed", "已关闭", "Closed"


@LabelBook.publish
class CloseReason(Labelled):
    """Why a posting was closed."""

    FULFILLED = "fulfilled", "已解决", "Fulfilled"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"
    EXPIRED = "expired", "已过期", "Expired"


@LabelBook.publish
class Action(Labelled):
    """What can be done to a posting, in order of its life."""

    SUBMIT = "submit", "提交审核", "Submit for review"
    PUBLISH = "publish", "发布", "Publish"
    RETURN = "return", "退回", "Return"
    REJECT = "reject", "不予通过", "Reject"
    PAUSE = "pause", "暂停", "Pause"
    RESUME = "resume", "恢复", "Resume"
    CLOSE = "close", "关闭", "Close"
    REVISE = "revise", "修改", "Revise"


@LabelBook.publish
class Visibility(Labelled):
    """Who may see a group of fields."""

    PUBLIC = "public", "公开", "Public"
    REGISTERED = "registered", "登录可见", "Registered users only"
    MATCHED = "matched", "仅推荐对象可见", "Matched parties only"
    ON_CONSENT = "on_consent", "授权可见", "After owner consent"
    CONFIDENTIAL = "confidential", "保密(仅平台管理员)", "Confidential, administrators only"


@LabelBook.publish
class CooperationMode(Labelled):
    """How two sides may work together."""

    COMMISSIONED_DEV = "commissioned_dev", "技术开发(委托)", "Commissioned development"
    JOINT_DEV = "joint_dev", "技术开发(合作)", "Joint development"
    TRANSFER = "transfer", "技术转让", "Technology transfer"
    LICENCE = "licence", "技术许可", "Technology licence"
    CONSULTING = "consulting", "技术咨询", "Technical consulting"
    SERVICE = "service", "技术服务", "Technical service"
    PRODUCT_PURCHASE = "product_purchase", "产品/设备采购", "Product or equipment purchase"
    TURNKEY = "turnkey", "系统集成/交钥匙", "System integration or turnkey"
    SUBSCRIPTION = "subscription", "软件订阅/SaaS", "Software subscription"
    LEASING = "leasing", "租赁/融资租赁", "Leasing"
    PAY_BY_RESULT = "pay_by_result", "按效果付费/先用后付", "Pay by result or use first, pay later"
    PILOT_POC = "pilot_poc", "试点验证(POC)", "Pilot or proof of concept"
    CHALLENGE = "challenge", "揭榜挂帅", "Open challenge"
    EQUITY = "equity", "股权/共建平台", "Equity or joint platform"
    TALENT = "talent", "人才/培训合作", "Talent or training cooperation"
    NEGOTIABLE = "negotiable", "面议", "Negotiable"


@LabelBook.publish
class Deployment(Labelled):
    """Where a solution runs."""

    ON_PREMISE = "on_premise", "本地部署", "On premise"
    EDGE = "edge", "边缘部署", "Edge"
    CLOUD = "cloud", "云端部署", "Cloud"
    HYBRID = "hybrid", "混合部署", "Hybrid"


@LabelBook.publish
class Comparison(Labelled):
    """How a figure is bounded."""

    AT_LEAST = ">=", "不低于", "At least"
    AT_MOST = "<=", "不高于", "At most"
    EQUAL = "=", "等于", "Equal to"

    @property
    def sign(self) -> str:
        """The sign as it is printed."""
        return {">=": "≥", "<=": "≤"}.get(self, self)


@LabelBook.publish
class PostingLanguage(Labelled):
    """The language a posting is written in."""

    ZH = "zh", "简体中文", "Chinese, simplified"
    ZH_HANT = "zh-Hant", "繁体中文", "Chinese, traditional"
    EN = "en", "英文", "English"


@LabelBook.publish
class MaturityTrl(Labelled):
    """Technology readiness, in nine levels; fields hold the bare number."""

    TRL1 = "1", "TRL1 基本原理", "Basic principles observed"
    TRL2 = "2", "TRL2 技术概念", "Technology concept formulated"
    TRL3 = "3", "TRL3 实验室原理验证", "Experimental proof of concept"
    TRL4 = "4", "TRL4 实验室环境部件验证", "Component validated in laboratory"
    TRL5 = "5", "TRL5 相关环境部件验证", "Component validated in relevant environment"
    TRL6 = "6", "TRL6 相关环境样机演示", "Prototype demonstrated in relevant environment"
    TRL7 = "7", "TRL7 现场样机演示", "Prototype demonstrated in operational environment"
    TRL8 = "8", "TRL8 系统完成并通过鉴定", "System complete and qualified"
    TRL9 = "9", "TRL9 实际应用验证", "Proven in actual operation"


class Standing(NamedTuple):
    """Whether a posting that an actor may know of exists for it now."""

    id: UUID
    is_seen: bool


class PostingHead(NamedTuple):
    """What decides who may see a published posting, and whose it is."""

    id: UUID
    organization_id: UUID
    details_level: Visibility
    identity_level: Visibility
    valid_until: date | None
