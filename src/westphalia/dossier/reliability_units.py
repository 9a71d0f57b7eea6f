"""How far coders agree on where units stand in a text and of which kind they are: two unitising alphas.

Text that nobody coded is agreement in neither. In alpha_u (Krippendorff 1995; 2004, pp. 251-256) it
adds nothing to what is observed and only makes room for chance, so that coders who never meet get 0
or less however long the text is. cu_alpha (Krippendorff, Mathet, Bouvry and Widlöcher 2016) looks at
nothing but text that two coders coded: adding uncoded text leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

from westphalia.dossier.schema import Statement
from westphalia.errors import CallError

Units = Sequence[tuple[int, int, str]]
"""Start, end and kind of each unit of one coder, in characters of one continuum."""
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

_NONE, _SEVERAL = -1, -2


@dataclass(frozen=True, slots=True)
class UnitAlpha:
    """How far unitisings agree.

    `alpha_u` judges place and kind, `by_kind` does so for each kind; `cu_alpha` judges the kinds of
    text that was coded by two coders or more, and `coverage` says how much of all text that anybody
    coded that is, 0 to 1. `several` counts the characters left out of cu_alpha because a coder gave
    them two kinds. Values are NaN where there is nothing to disagree on.
    """

    alpha_u: float
    by_kind: dict[str, float]
    cu_alpha: float
    coverage: float
    several: int


def unitising_alpha(codings: Sequence[Iterable[Statement]], lengths: Mapping[str, int]) -> UnitAlpha:
    """Return how far codings agree on where statements stand and of which kind they are.

    Parameters
    ----------
    codings: the statements of each coder, two coders or more; those without span are left out.
    lengths: the length of each source's text in characters. Texts are laid end to end, and no gap
        reaches from one into the next. Statements of other sources are left out.

    Raises
    ------
    CallError: fewer than two coders, or a span that ends beyond its text.
    """
    starts = dict(zip(lengths, np.cumsum([0, *lengths.values()]).tolist(), strict=False))
    listed = [
        [
            (starts[one.source] + one.span.start, starts[one.source] + _end(one, lengths), one.kind)
            for one in statements
            if one.span is not None and one.source in lengths
        ]
        for statements in codings
    ]
    return alpha_of_units(listed, sum(lengths.values()), borders=tuple(starts.values())[1:])


def _end(statement: Statement, lengths: Mapping[str, int]) -> int:
    end = statement.span.end if statement.span is not None else 0
    if end > lengths[statement.source]:
        message = (
            f"The span of '{statement.id}' ends beyond its text of {lengths[statement.source]} characters."
        )
        raise CallError(message, code="span-out-of-range", where=statement.id)
    return end


def alpha_of_units(codings: Sequence[Units], length: int, *, borders: Sequence[int] = ()) -> UnitAlpha:
    """Return how far unitisings of one continuum of `length` characters agree.

    Units of one coder and kind that overlap count as one. For each kind, with m coders, sections
    (units and gaps) g of begin b and length l, L the length, N the units of all coders:

    D_o = sum_{i != j, g, h} d2(ig, jh) / (m (m - 1) L^2), where d2 of two units that overlap is the
    squared distance of their begins plus that of their ends, of a unit within a gap its squared
    length, and 0 otherwise;

    D_e = 2/L sum_units [(N - 1)/3 (2 l^3 - 3 l^2 + l) + l^2 sum_{gaps as long as l or longer}
    (l_gap - l + 1)] / (m L (m L - 1) - sum_units l (l - 1));

    alpha_u = 1 - sum_kinds D_o / sum_kinds D_e. The cost is that of sorting the units.

    Raises
    ------
    CallError: fewer than two coders.
    """
    if len(codings) < 2:
        raise CallError("Agreement needs two coders or more.", code="too-few-coders", where="codings")
    kinds = sorted({kind for units in codings for _, _, kind in units})
    merged = {kind: [_merged(units, kind) for units in codings] for kind in kinds}
    observed = {kind: _observed(merged[kind], length) for kind in kinds}
    expected = {kind: _expected(merged[kind], length, borders) for kind in kinds}
    cu, coverage, several = _coding_alpha(merged, len(codings))
    return UnitAlpha(
        _alpha(sum(observed.values()), sum(expected.values())),
        {kind: _alpha(observed[kind], expected[kind]) for kind in kinds},
        cu,
        coverage,
        several,
    )


def _alpha(observed: float, expected: float) -> float:
    return 1 - observed / expected if expected > 0 else float("nan")


def _merged(units: Units, kind: str) -> Ints:
    """Return the stretches (unit, 2) of a kind in order; those that overlap are one."""
    stretches: list[list[int]] = []
    for start, end, _ in sorted(unit for unit in units if unit[2] == kind):
        if stretches and start < stretches[-1][1]:
            stretches[-1][1] = max(stretches[-1][1], end)
        else:
            stretches.append([start, end])
    return np.array(stretches, dtype=np.int64).reshape(-1, 2)


def _observed(coders: Sequence[Ints], length: int) -> float:
    total = 0.0
    for mine, others in permutations(coders, 2):
        first = np.searchsorted(others[:, 1], mine[:, 0], side="right")
        last = np.searchsorted(others[:, 0], mine[:, 1], side="left")
        alone = mine[last <= first]
        # A unit in a gap is seen twice: from the unit, and from the gap.
        total += 2.0 * float((((alone[:, 1] - alone[:, 0]).astype(float)) ** 2).sum())
        for unit, low, high in zip(mine.astype(float), first, last, strict=True):
            total += float(((others[low:high] - unit) ** 2).sum())
    count = len(coders)
    return total / (count * (count - 1) * float(length) ** 2)


def _expected(coders: Sequence[Ints], length: int, borders: Sequence[int]) -> float:
    sizes = np.concatenate([units[:, 1] - units[:, 0] for units in coders]).astype(float)
    gaps = np.sort(np.concatenate([_gaps(units, length, borders) for units in coders]).astype(float))
    # The gaps that a unit fits into are the last ones in order: their sum from the end.
    fits = np.searchsorted(gaps, sizes, side="left")
    tail = np.concatenate([np.cumsum(gaps[::-1])[::-1], [0.0]])
    room = tail[fits] - (len(gaps) - fits) * (sizes - 1)
    among = (len(sizes) - 1) / 3 * (2 * sizes**3 - 3 * sizes**2 + sizes)
    every = float(len(coders) * length)
    pairs = every * (every - 1) - float((sizes * (sizes - 1)).sum())
    return 2 / length * float((among + sizes**2 * room).sum()) / pairs if pairs > 0 else 0.0


def _gaps(units: Ints, length: int, borders: Sequence[int]) -> Ints:
    """Return the lengths of the gaps between units, cut at the borders of texts."""
    starts = np.array([*units[:, 0], *borders, length])
    ends = np.array([0, *units[:, 1], *borders])
    order = np.sort(starts), np.sort(ends)
    lengths = order[0] - order[1]
    kept: Ints = lengths[lengths > 0]
    return kept


# --- the kinds of text that two coders coded -----------------------------------------------------------


def _coding_alpha(merged: Mapping[str, Sequence[Ints]], count: int) -> tuple[float, float, int]:
    """Return cu_alpha, its coverage, and how many characters were left out.

    With o_ck the length that one coder gave kind c and another kind k, over m - 1, and o_c its sums:
    e_ck = (o_c o_k - [c = k] sum_{units of c, other coders} x^2 / (m - 1)) / (o - sum x^2 / ((m - 1) o)),
    x being how much of the unit the other coder coded; cu_alpha = 1 - (o - sum o_cc) / (o - sum e_cc).
    Chance never pairs a unit with itself.
    """
    sizes, labels, units, several = _pieces(merged, count)
    observed = np.zeros((len(merged), len(merged)))
    squares = np.zeros(len(merged))
    for one, other in permutations(range(count), 2):
        is_both = (labels[one] >= 0) & (labels[other] >= 0)
        np.add.at(observed, (labels[one][is_both], labels[other][is_both]), sizes[is_both] / (count - 1))
        common = np.bincount(units[one][is_both], weights=sizes[is_both])
        kinds = np.zeros(len(common), dtype=np.int64)
        kinds[units[one][is_both]] = labels[one][is_both]
        np.add.at(squares, kinds, common**2 / (count - 1))
    coded = float(sizes[(labels != _NONE).any(axis=0)].sum())
    twice = float(sizes[((labels >= 0).sum(axis=0) > 1)].sum())
    total = float(observed.sum())
    coverage = twice / coded if coded else float("nan")
    chance = total - float(squares.sum()) / total if total else 0.0
    if chance <= 0:
        return float("nan"), coverage, several
    agreed = float(((observed.sum(axis=1) ** 2 - squares) / chance).sum())
    apart = total - float(np.trace(observed))
    return (
        (_alpha(apart, total - agreed) if total - agreed > 1e-9 * total else float("nan")),
        coverage,
        several,
    )


def _pieces(merged: Mapping[str, Sequence[Ints]], count: int) -> tuple[Floats, Ints, Ints, int]:
    """Cut the continuum at all ends of units.

    Returns the lengths of the pieces (piece,), for each coder the kind (coder, piece) and the number
    of the unit of each piece, and how many characters a coder gave two kinds or more.
    """
    every = [units for coders in merged.values() for units in coders]
    cuts = np.unique(np.concatenate([units.ravel() for units in every])) if every else np.zeros(0, np.int64)
    sizes = np.diff(cuts).astype(float)
    labels = np.full((count, len(sizes)), _NONE, dtype=np.int64)
    numbers = np.zeros((count, len(sizes)), dtype=np.int64)
    number = 0
    for kind, coders in enumerate(merged.values()):
        for coder, units in enumerate(coders):
            for low, high in np.searchsorted(cuts, units).tolist():
                here: Any = labels[coder, low:high]
                here[...] = np.where(here == _NONE, kind, _SEVERAL)
                numbers[coder, low:high] = number
                number += 1
    several = int(sizes[(labels == _SEVERAL).any(axis=0)].sum())
    return sizes, labels, numbers, several
