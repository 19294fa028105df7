"""What can go wrong with seeds."""

from collections.abc import Iterable, Sequence

from app.core.errors import FieldError, NotFound
from app.features.seeding.types import RowError


class SeedsNotFound(NotFound):
    """The folder has no such file or part, or no seeds at all."""

    def __init__(self, names: Iterable[str]) -> None:
        listed = ", ".join(sorted(names))
        super().__init__(f"没有找到这些种子数据：{listed}", f"These seeds were not found: {listed}")


class FileFaulty(Exception):
    """A file has faults; raised inside its transaction, so that nothing of it is written."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(len(errors))
        self.errors = tuple(errors)


def at_row(number: int, fault: FieldError, pointer: str | None = None) -> RowError:
    """A fault of one record, found on a line; `pointer` if the file calls the place differently."""
    return RowError(number, fault.pointer if pointer is None else pointer, fault.detail, fault.code)
