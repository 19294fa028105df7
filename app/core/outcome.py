"""What writing a record by its natural key did."""

from typing import Literal

Put = Literal["created", "updated", "unchanged"]
