"""What can go wrong with the vocabulary."""

from collections.abc import Sequence

from app.core.errors import FieldError, Invalid, NotFound
from app.core.text import Bilingual

_UNKNOWN = Bilingual("没有这个代码", "There is no such code")
_NOT_SELECTABLE = Bilingual("该地区为统计单位，不能选用", "This region is a statistical unit and cannot be chosen")


class CatalogNotFound(NotFound):
    """No entry with this code."""

    def __init__(self) -> None:
        super().__init__("目录中没有这个代码。", "The catalogue has no such code.")


class CodesInvalid(Invalid):
    """Codes that do not exist, or regions that may not be chosen."""

    def __init__(self, *, unknown: Sequence[str] = (), not_selectable: Sequence[str] = ()) -> None:
        super().__init__(
            [
                *(FieldError(pointer, _UNKNOWN, "unknown_code") for pointer in unknown),
                *(FieldError(pointer, _NOT_SELECTABLE, "not_selectable") for pointer in not_selectable),
            ]
        )
