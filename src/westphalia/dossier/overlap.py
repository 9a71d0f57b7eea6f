"""How far two stretches of a text are the same place: the one measure for matching and for suggestions."""

from __future__ import annotations

from westphalia.dossier.proposals import Stretch

LEAST_OVERLAP = 0.5
"""How much of the stretch that two spans cover together must be in both."""


def common_share(one: Stretch, other: Stretch) -> float:
    """Return the share of what two stretches cover together that lies in both, 0 if they lie apart."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, common) / (max(one[1], other[1]) - min(one[0], other[0]))
