"""The quota of a vote by weight, and who holds a veto, as methods on drawn weights share them."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from westphalia.errors import CallError
from westphalia.methods.arrays import Array, FloatArray, Frame
from westphalia.registry import Param

TIE = 1e-9
"""Weights within this share of the quota meet it, so that the order of a sum decides nothing."""

Quota = Annotated[float, Param("Share of the weight on the issue that an outcome needs.", "1", 0.0, 1.0)]
Reach = Annotated[
    Literal["more", "at-least"], Param("Whether more than the quota is needed, or the quota is enough.")
]
Vetoes = Annotated[
    Literal["none", "required"],
    Param("Who can stop an outcome alone: nobody, or every actor whose consent an agreement needs."),
]


def check_quota(quota: float, reach: str) -> None:
    """Raise CallError if nothing, or everything, reaches the quota."""
    if (quota >= 1 and reach == "more") or (quota <= 0 and reach == "at-least"):
        what = "Nobody has more than all" if quota >= 1 else "Everything has at least none"
        raise CallError(
            f"{what} of the weight: a quota of {quota:g} with reach '{reach}' decides nothing.",
            code="rule-contradictory",
            where="quota",
            hint="For unanimity give quota 1 with reach 'at-least'; for any weight at all, 0 with 'more'.",
        )


def reaches(weight: FloatArray, total: FloatArray, quota: float, reach: str) -> Array:
    """Return where a weight reaches the quota of the total (arrays that broadcast)."""
    least = quota * total
    return np.asarray(weight > least * (1 + TIE) if reach == "more" else weight >= least * (1 - TIE))


def veto_holders(frame: Frame, vetoes: str) -> Array:
    """Return who holds a veto on each issue (actor, issue): required actors where they take a stand."""
    holds: Array = frame["is_required"][:, None] & frame["has_stand"]
    return holds if vetoes == "required" else np.zeros_like(holds)
