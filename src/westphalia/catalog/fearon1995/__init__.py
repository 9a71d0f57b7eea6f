"""Wars as costly lotteries and their bargaining ranges: Fearon 1995."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Lottery:
    """A war: the first side's chance to win, what it costs each side, and the range it leaves."""

    name: str
    win_chance: float
    costs: tuple[float, float]
    bargaining_range: tuple[float, float]


def load_lotteries() -> tuple[Lottery, ...]:
    """Return the examples, shares of what is at stake; the file's first lines say where each is from."""
    text = resources.files(__name__).joinpath("examples.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        Lottery(
            row["name"],
            float(row["win_chance"]),
            (float(row["cost_first"]), float(row["cost_second"])),
            (float(row["range_low"]), float(row["range_high"])),
        )
        for row in rows
    )
