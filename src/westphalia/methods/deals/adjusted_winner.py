"""Adjusted Winner: two parties divide issues by the points they put on them (Brams and Taylor 1996)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from westphalia.check import has_dimensions
from westphalia.errors import CallError
from westphalia.labels import ACTOR, ISSUE, described
from westphalia.methods.power.rules import exact

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Fair:
    """A division in exact fractions: what each party receives of each issue, and the points that is worth.

    `to_first` is the first party's part of each issue; `split` is the place of the issue that is
    divided, None if every issue goes whole to one party.
    """

    to_first: tuple[Fraction, ...]
    won: tuple[Fraction, Fraction]
    split: int | None


def divide(first: tuple[Fraction, ...], second: tuple[Fraction, ...]) -> Fair:
    """Divide issues between two parties by their points (one each issue, both with the same sum).

    1. Each issue goes to the party that puts more points on it; where both put the same, to the
       first. 2. The party ahead gives issues to the other in ascending order of the ratio of its own
       points to the other's, which costs it least for what the other gains. 3. The issue that would
       carry the other past it is split, so that both end with the same points.
    """
    held = [a >= b for a, b in zip(first, second, strict=True)]
    to_first = [Fraction(int(is_first)) for is_first in held]
    won = _won(first, second, to_first)
    ahead = won[0] >= won[1]
    own, others = (first, second) if ahead else (second, first)
    giving = [at for at, is_first in enumerate(held) if is_first == ahead and own[at] + others[at] > 0]
    split = None
    for at in sorted(giving, key=lambda at: (others[at] == 0, own[at] / (others[at] or 1))):
        gap = abs(won[0] - won[1])
        if gap == 0:
            break
        part = min(Fraction(1), gap / (own[at] + others[at]))
        to_first[at] = 1 - part if ahead else part
        won = _won(first, second, to_first)
        split = at if part < 1 else None
    return Fair(tuple(to_first), won, split)


def _won(
    first: tuple[Fraction, ...], second: tuple[Fraction, ...], to_first: list[Fraction]
) -> tuple[Fraction, Fraction]:
    rows = list(zip(first, second, to_first, strict=True))
    return sum((a * x for a, _, x in rows), Fraction(0)), sum((b * (1 - x) for _, b, x in rows), Fraction(0))


def adjusted_winner(points: xr.DataArray) -> xr.Dataset:
    """Divide issues between two parties by Adjusted Winner.

    The division is equitable (both receive the same points), envy-free (each at least half of its
    own points) and efficient (no division gives one more and none less), and splits at most one
    issue. This holds if points are stated as they are felt and issues are worth the same together
    as apart.

    Parameters
    ----------
    points: (actor, issue) the points each of two parties puts on each issue, at least 0; both sums
        are the same, usually 100.

    Returns
    -------
    Dataset with `award` (actor, issue), the part of the issue that the party receives, `points_won`
    (actor), `is_split` (issue) and `points`. Computed in fractions; time is that of sorting the issues.

    Raises
    ------
    CallError: there are not two parties; a number of points is negative or no number; the sums differ.

    References
    ----------
    brams_taylor1996, brams_togman1996
    """
    import xarray as xr

    has_dimensions(points, "points", (ACTOR, ISSUE))
    table = points.transpose(ACTOR, ISSUE)
    rows = _exact_rows(table)
    fair = divide(*rows)
    to_first = [float(part) for part in fair.to_first]
    result = xr.Dataset(
        {
            "award": ((ACTOR, ISSUE), [to_first, [float(1 - part) for part in fair.to_first]]),
            "points_won": ((ACTOR,), [float(won) for won in fair.won]),
            "is_split": ((ISSUE,), [at == fair.split for at in range(len(to_first))]),
            "points": table.astype(float).drop_attrs(),
        }
    )
    return described(result)


def _exact_rows(table: xr.DataArray) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    if table.sizes[ACTOR] != 2 or table.ndim != 2:
        raise CallError(
            f"There are {table.sizes[ACTOR]} parties.",
            code="labels-differ",
            where="points",
            hint="Adjusted Winner divides between two.",
        )
    names = [str(name) for name in table[ACTOR].values] if ACTOR in table.coords else ["first", "second"]
    rows = [
        tuple(exact(value, f"points of {name}") for value in row.tolist())
        for name, row in zip(names, table.values, strict=True)
    ]
    for name, row in zip(names, rows, strict=True):
        if any(value < 0 for value in row):
            raise CallError(
                f"'{name}' puts {float(min(row)):g} points on an issue.",
                code="value-out-of-range",
                where="points",
                hint="Points are at least 0.",
            )
    sums = [sum(row) for row in rows]
    if sums[0] != sums[1] or sums[0] == 0:
        raise CallError(
            f"'{names[0]}' has {float(sums[0]):g} points in all, '{names[1]}' has {float(sums[1]):g}.",
            code="points-differ",
            where="points",
            hint="Both need the same sum above 0, usually 100.",
        )
    return rows[0], rows[1]
