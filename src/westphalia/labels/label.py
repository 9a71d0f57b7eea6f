"""What a label says of a variable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """What a variable is: its name in full, its unit, and the range its values keep."""

    name: str
    long_name: str
    unit: str = "1"
    low: float | None = None
    high: float | None = None
