"""The forms a report takes."""

from typing import Literal

Form = Literal["json", "html"]
Side = Literal["need", "capability"]
"""Which side of a docking a report is written for."""
