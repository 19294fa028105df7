"""Numbers for values: terms, units, facts. A number is never taken back, so what is stored by number stays true."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Numbering(Generic[T]):
    """Numbers values in the order they are first met.

    One thread adds while others look up: both lookups are single steps of the interpreter.

    Attributes:
        values: The values in the order of their numbers.
    """

    def __init__(self, values: Iterable[T] = ()) -> None:
        self.values: list[T] = list(values)
        self._numbers = {value: number for number, value in enumerate(self.values)}

    def __len__(self) -> int:
        return len(self.values)

    def get(self, value: T) -> int | None:
        """Give the number of a value, None if it has none."""
        return self._numbers.get(value)

    def number(self, value: T) -> int:
        """Give the number of a value, a new one if it has none."""
        number = self._numbers.get(value)
        if number is None:
            number = len(self.values)
            # The value first: who finds the number finds what it stands for.
            self.values.append(value)
            self._numbers[value] = number
        return number
