"""The space of packages, one option an issue: what each is worth to each party, without listing them all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from westphalia.check import has_dimensions, is_valid
from westphalia.errors import CallError, suggest
from westphalia.labels import (
    ACTOR,
    DRAW,
    ISSUE,
    LINKAGE,
    OPTION,
    OTHER_OPTION,
)
from westphalia.methods.arrays import Array, FloatArray

if TYPE_CHECKING:
    import xarray as xr

TOLERANCE = 1e-9
"""A package is accepted at u ≥ floor − TOLERANCE: what is missing below that is rounding."""

IntArray = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

Pair = tuple[int, int, FloatArray]
"""Issues k < l and what their options together add to each party: (party, option of k, option of l)."""

_BLOCK = 1 << 16


@dataclass(frozen=True)
class Space:
    """Packages of one option an issue: u_p(x) = base_p + Σ_k values_k[p, x_k] + Σ_kl pair_kl[p, x_k, x_l].

    `options` holds the labels of the options of each issue, `values` an array (party, option) for
    each; `base` (party) is the constant part, `floor` (party) the value of no deal, `must` (party)
    whose acceptance is needed. A floor is read only where `must` is true. A package is a row of
    places of options, one an issue.
    """

    parties: tuple[str, ...]
    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    base: FloatArray
    values: tuple[FloatArray, ...]
    pairs: tuple[Pair, ...]
    floor: FloatArray
    must: Array

    @cached_property
    def size(self) -> int:
        """How many packages there are, exactly."""
        return math.prod(self.counts)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many options each issue has."""
        return tuple(len(labels) for labels in self.options)

    def utility(self, packages: Array) -> FloatArray:
        """Return u (n, party) of packages (n, issue). Time and memory are linear in n."""
        utility = np.tile(self.base, (len(packages), 1))
        for at, value in enumerate(self.values):
            utility += value[:, packages[:, at]].T
        for one, other, value in self.pairs:
            utility += value[:, packages[:, one], packages[:, other]].T
        return utility

    def slack(self, packages: Array) -> FloatArray:
        """Return u − floor (n, party) of packages (n, issue); NaN where a floor is not known."""
        slack: FloatArray = self.utility(packages) - self.floor
        return slack

    def in_zone(self, packages: Array) -> Array:
        """Return which packages (n) every party whose acceptance is needed accepts."""
        return np.asarray((self.slack(packages)[:, self.must] >= -TOLERANCE).all(axis=1))

    def enumerate_all(self, limit: int) -> IntArray:
        """Return every package (n, issue), the last issue changing fastest.

        Raises
        ------
        CallError: there are more than `limit` (code ``space-too-large``).
        """
        if self.size > limit:
            raise CallError(
                f"There are {self.size:,} packages, more than the {limit:,} that may be listed.",
                code="space-too-large",
                hint="Raise the limit, or ask for what needs no list of all packages.",
            )
        return self._rows(0, self.size)

    def blocks(self, rows: int = _BLOCK) -> Iterator[IntArray]:
        """Yield every package in the order of `enumerate_all`, at most `rows` at a time."""
        for start in range(0, self.size, rows):
            yield self._rows(start, min(start + rows, self.size))

    def _rows(self, start: int, stop: int) -> IntArray:
        number = np.arange(start, stop, dtype=np.int64)
        columns = []
        for count in reversed(self.counts):
            number, place = np.divmod(number, count)
            columns.append(place)
        return np.stack(columns[::-1], axis=1)

    def sample(self, n: int, rng: np.random.Generator) -> IntArray:
        """Return n packages (n, issue) drawn independently, each as likely as any other."""
        return np.stack([rng.integers(count, size=n) for count in self.counts], axis=1)

    def only(self, keep: Array) -> Space:
        """Return the same packages with the parties of `keep` (party; boolean or places) alone."""
        return Space(
            tuple(np.asarray(self.parties, dtype=object)[keep]),
            self.issues,
            self.options,
            self.base[keep],
            tuple(value[keep] for value in self.values),
            tuple((one, other, value[keep]) for one, other, value in self.pairs),
            self.floor[keep],
            self.must[keep],
        )

    def label(self, package: Array) -> tuple[str, ...]:
        """Return the names of the options of one package (issue)."""
        return tuple(labels[at] for labels, at in zip(self.options, package, strict=True))


@dataclass(frozen=True)
class Part:
    """Issues that interactions tie together, taken as one: u is a plain sum over parts.

    `packages` (m, issues of the part) are the combinations of their options, `values` (party, m)
    what each adds.
    """

    issues: tuple[int, ...]
    packages: IntArray
    values: FloatArray


def parts(space: Space, limit: int = 100_000) -> tuple[Part, ...]:
    """Return the issues merged so that no interaction is left between any two parts.

    Raises
    ------
    CallError: a part has more than `limit` combinations of options (code ``space-too-large``).
    """
    found = []
    for issues in _tied(len(space.issues), [(one, other) for one, other, _ in space.pairs]):
        at = {issue: place for place, issue in enumerate(issues)}
        inner = Space(
            space.parties,
            tuple(space.issues[issue] for issue in issues),
            tuple(space.options[issue] for issue in issues),
            np.zeros(len(space.parties)),
            tuple(space.values[issue] for issue in issues),
            tuple((at[one], at[other], value) for one, other, value in space.pairs if one in at),
            space.floor,
            space.must,
        )
        packages = inner.enumerate_all(limit)
        found.append(Part(issues, packages, inner.utility(packages).T))
    return tuple(found)


def _tied(count: int, pairs: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return the issues in groups that pairs connect, each group and the groups in ascending order."""
    group = list(range(count))
    for one, other in pairs:
        kept, merged = sorted((group[one], group[other]))
        group = [kept if at == merged else at for at in group]
    return [tuple(i for i in range(count) if group[i] == head) for head in sorted(set(group))]


# --- from labelled inputs --------------------------------------------------------------------------


def space_of(inputs: xr.Dataset, draw: int | None = None) -> Space:
    """Return the space that labelled deal inputs describe (docs/methods/deals.md), for one draw.

    Parameters
    ----------
    inputs: `option_value` (actor, issue, option), NaN past the options an issue has; `option_count`
        (issue); `reservation`, `base_utility`, `is_party` (actor); if options of two issues interact,
        `linked_issue`, `other_issue` (linkage), labels of issues, and `interaction` (linkage, actor,
        option, other_option). All numbers but the count may lead with `draw`.
    draw: place of the draw; may be left out where there is none, or one alone.

    Raises
    ------
    CallError: a variable or dimension is missing (``input-missing``, ``dimension-missing``); a linkage
        is not between two issues there are (``labels-differ``); which
        draw is meant is not said (``draw-missing``); an issue has no option, or there is no issue
        (``no-packages``); nobody's acceptance is needed (``no-party``); a number that counts is not
        finite (``value-out-of-range``); the no deal of a party is not known (``input-missing``).
    """
    data = _one_draw(inputs, draw)
    actors, issues = (tuple(map(str, _labels(data, dim))) for dim in (ACTOR, ISSUE))
    counts = [int(count) for count in data["option_count"].values]
    must = np.asarray(data["is_party"].transpose(ACTOR).values, dtype=bool)
    _has_packages(issues, counts)
    floor = np.asarray(data["reservation"].transpose(ACTOR).values, dtype=float)
    _knows_floors(actors, floor, must)
    table = np.asarray(data["option_value"].transpose(ACTOR, ISSUE, OPTION).values, dtype=float)
    values = tuple(np.ascontiguousarray(table[:, at, :count]) for at, count in enumerate(counts))
    _are_finite(actors, issues, values)
    is_valid(data["base_utility"], "base_utility")
    return Space(
        actors,
        issues,
        _option_labels(data, counts),
        np.asarray(data["base_utility"].transpose(ACTOR).values, dtype=float),
        values,
        _pairs(data, counts),
        floor,
        must,
    )


def draws_of(inputs: xr.Dataset) -> int:
    """Return how many draws the deal inputs have; 1 without the dimension."""
    return int(inputs.sizes.get(DRAW, 1))


_NEEDED = {
    "option_value": (ACTOR, ISSUE, OPTION),
    "option_count": (ISSUE,),
    "reservation": (ACTOR,),
    "base_utility": (ACTOR,),
    "is_party": (ACTOR,),
}


def _one_draw(inputs: xr.Dataset, draw: int | None) -> xr.Dataset:
    for name, dims in _NEEDED.items():
        if name not in inputs:
            raise CallError(
                f"The deal inputs lack '{name}'.",
                code="input-missing",
                where=name,
                hint=suggest(name, map(str, inputs.data_vars)),
            )
        has_dimensions(inputs[name], name, dims)
    if DRAW not in inputs.dims:
        return inputs
    if draw is None and inputs.sizes[DRAW] != 1:
        raise CallError(
            f"The deal inputs hold {inputs.sizes[DRAW]} draws.",
            code="draw-missing",
            hint="Say which is meant.",
        )
    return inputs.isel({DRAW: draw or 0}, drop=True)


def _labels(data: xr.Dataset, dim: str) -> list[object]:
    return data[dim].values.tolist() if dim in data.coords else list(range(data.sizes[dim]))


def _option_labels(data: xr.Dataset, counts: list[int]) -> tuple[tuple[str, ...], ...]:
    if "option_label" not in data:
        return tuple(tuple(map(str, range(count))) for count in counts)
    labels = data["option_label"].transpose(ISSUE, OPTION).values
    return tuple(tuple(map(str, labels[at, :count])) for at, count in enumerate(counts))


def linked_issues(inputs: xr.Dataset) -> IntArray:
    """Return the places of the two issues of each linkage (linkage, 2), in the order given.

    Raises
    ------
    CallError: a linkage is not between two issues there are (code ``labels-differ``), or a variable
        or dimension is missing.
    """
    if "interaction" not in inputs:
        return np.empty((0, 2), dtype=np.int64)
    has_dimensions(inputs["interaction"], "interaction", (LINKAGE, ACTOR, OPTION, OTHER_OPTION))
    issues = _labels(inputs, ISSUE)
    places = []
    for name in ("linked_issue", "other_issue"):
        if name not in inputs:
            raise CallError(
                f"The deal inputs hold 'interaction', but not '{name}'.", code="input-missing", where=name
            )
        has_dimensions(inputs[name], name, (LINKAGE,))
        named = inputs[name].values.tolist()
        strange = next((str(one) for one in named if one not in issues), None)
        if strange is not None:
            raise CallError(
                f"'{name}' names '{strange}', which is no issue.",
                code="labels-differ",
                where=name,
                hint=suggest(strange, map(str, issues)),
            )
        places.append([issues.index(one) for one in named])
    alone = next((one for one, other in zip(*places, strict=True) if one == other), None)
    if alone is not None:
        raise CallError(
            f"A linkage ties '{issues[alone]}' to itself.", code="labels-differ", where="other_issue"
        )
    return np.array(places, dtype=np.int64).T


def _pairs(data: xr.Dataset, counts: list[int]) -> tuple[Pair, ...]:
    """Return the interactions as pairs of issues; those on the same two issues add up."""
    ends = linked_issues(data)
    if not len(ends):
        return ()
    dims = (LINKAGE, ACTOR, OPTION, OTHER_OPTION)
    tables = np.nan_to_num(np.asarray(data["interaction"].transpose(*dims).values, dtype=float))
    found: dict[tuple[int, int], FloatArray] = {}
    for (k, m), table in zip(ends.tolist(), tables, strict=True):
        cut = table[:, : counts[k], : counts[m]]
        ordered = cut if k < m else cut.swapaxes(1, 2)
        pair = (min(k, m), max(k, m))
        found[pair] = ordered + found.get(pair, 0.0)
    return tuple(
        (one, other, np.ascontiguousarray(value))
        for (one, other), value in sorted(found.items())
        if value.any()
    )


def _has_packages(issues: tuple[str, ...], counts: list[int]) -> None:
    blank = next((issue for issue, count in zip(issues, counts, strict=True) if count < 1), None)
    if blank is not None or not issues:
        what = f"'{blank}' has no options" if blank is not None else "there is no issue"
        raise CallError(
            f"There are no packages: {what}.",
            code="no-packages",
            where=blank or "",
            hint="Every issue needs at least one option.",
        )


def _knows_floors(actors: tuple[str, ...], floor: FloatArray, must: Array) -> None:
    if not must.any():
        raise CallError(
            "Nobody's acceptance is needed.", code="no-party", hint="Mark the parties in 'is_party'."
        )
    unknown = must & ~np.isfinite(floor)
    if unknown.any():
        name = actors[int(np.argmax(unknown))]
        raise CallError(
            f"What no deal is worth to '{name}' is unknown.",
            code="input-missing",
            where=name,
            hint="State its no-deal value, or what holds on each issue without agreement.",
        )


def _are_finite(actors: tuple[str, ...], issues: tuple[str, ...], values: tuple[FloatArray, ...]) -> None:
    for issue, value in zip(issues, values, strict=True):
        bad = ~np.isfinite(value)
        if bad.any():
            actor, option = np.unravel_index(int(np.argmax(bad)), bad.shape)
            raise CallError(
                f"'option_value' of '{actors[int(actor)]}' for option {int(option)} of '{issue}' is "
                f"{value[actor, option]}.",
                code="value-out-of-range",
                where="option_value",
                hint="A finite number is needed for every option the issue has.",
            )
