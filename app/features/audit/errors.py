"""What can go wrong with the audit."""

from app.core.errors import Forbidden


class AuditForbidden(Forbidden):
    """The actor does not run the platform as its administrator."""

    def __init__(self) -> None:
        super().__init__("审计记录只向平台管理员开放。", "The audit is for administrators of the platform.")
