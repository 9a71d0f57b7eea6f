"""What the pictures of deals share: packages with a name, and one look for each kind of package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from westphalia.charts.style import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, VERMILION
from westphalia.language import decimal, said

LOOKS = {
    "nash": (BLUE, "circle"),
    "kalai_smorodinsky": (VERMILION, "diamond"),
    "egalitarian": (GREEN, "square"),
    "leximin": (ORANGE, "triangle-up"),
    "utilitarian": (PURPLE, "triangle-down"),
    "expected": (INK, "cross"),
    "reverted": (MUTED, "triangle-right"),
}
"""Colour and shape of each kind of package, the same in every picture."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a package settles an issue: the words, and the place from 0 to 1 of the issue's options.

    `low` and `high` span the places of all packages that are equally good.
    """

    words: str
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class NamedPackage:
    """A package to speak of: what picks it (a key of `LOOKS`), its name, its options and gains by id."""

    kind: str
    name: str
    spots: Mapping[str, Spot]
    gains: Mapping[str, float]


def look_of(packages: Iterable[NamedPackage], channel: str) -> dict[str, Any]:
    """Return the encoding by name of the package: `channel` is color or shape; one legend for both."""
    shown = {package.name: LOOKS[package.kind] for package in packages}
    # One under the other, cut at the edge of a narrow screen: names side by side would be lost there.
    legend: dict[str, Any] = {"title": None, "columns": 1, "symbolSize": 110, "symbolOpacity": 1}
    legend |= {"labelLimit": {"expr": "max(120, width - 24)"}}
    return {
        "field": "package",
        "type": "nominal",
        "scale": {
            "domain": list(shown),
            "range": [look[0 if channel == "color" else 1] for look in shown.values()],
        },
        "legend": legend,
    }


def signed(value: float) -> str:
    """Return a gain with its sign in thousandths; one that is smaller is told to be so."""
    if abs(value) <= 1e-9:
        return "0"
    if abs(value) < 0.0005:
        return said("under +0.001") if value > 0 else said("above −0.001")
    return decimal(f"{value:+.3f}").replace("-", "−")
