"""Issues and profiles as plain tables, between the files of others and deal inputs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.errors import CallError, FileError
from westphalia.formats.raw import LARGEST_NUMBER, is_number, label_of, name_of
from westphalia.formats.reports import Notes, refusal
from westphalia.labels import ACTOR, DRAW, ISSUE, LINKAGE, OPTION, OTHER_OPTION, described

if TYPE_CHECKING:
    import xarray as xr

FloatArray = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

MOST_ISSUES = 1000
MOST_OPTIONS = 10_000
MOST_IN_ALL = 100_000
MOST_CELLS = 20_000_000


@dataclass(frozen=True)
class Issue:
    """An issue with the labels of its options and their points: numbers, or places in the list."""

    name: str
    labels: tuple[str, ...]
    points: tuple[float, ...]
    is_numeric: bool = False


@dataclass
class Profile:
    """What each option (one array an issue) and each pair of options adds to a party's utility."""

    party: str
    values: list[FloatArray]
    reservation: float = 0.0
    pairs: dict[tuple[int, int], FloatArray] = field(default_factory=dict)


def discrete(name: str, labels: list[str]) -> Issue:
    """Return an issue of named options; where all names are different numbers, these are the points."""
    numbers = [float(label) for label in labels] if all(map(is_number, labels)) else []
    points = numbers if len(set(numbers)) == len(labels) else list(map(float, range(len(labels))))
    return Issue(name, tuple(labels), tuple(points))


def numeric(name: str, points: list[float]) -> Issue:
    """Return an issue whose options are numbers."""
    return Issue(name, tuple(map(label_of, points)), tuple(points), is_numeric=True)


def grid(low: float, high: float, points: int, where: str) -> list[float]:
    """Return evenly spaced points from low to high.

    Raises
    ------
    FileError: low is not below high, or they are too near to be told apart.
    """
    if not low < high:
        raise refusal(f"The range from {low:g} to {high:g} is empty.", where, "Give low before high.")
    spaced = [low + (high - low) * at / (points - 1) for at in range(points - 1)] + [high]
    if len(set(spaced)) < points:
        raise refusal(f"Between {low!r} and {high!r} there are no {points} numbers.", where)
    return spaced


def check_points(points: int) -> None:
    """Refuse a grid without ends or beyond measure with a CallError."""
    if not 2 <= points <= MOST_OPTIONS:
        raise CallError(
            f"A grid of {points} points is no use.", code="bad-points", hint=f"From 2 to {MOST_OPTIONS}."
        )


def gathered(read: Iterable[Issue], where: str) -> list[Issue]:
    """Return the issues as they are read, as long as they are few enough.

    Raises
    ------
    FileError: there is none, there are too many issues or options, or two issues have one name.
    """
    issues: dict[str, Issue] = {}
    options = 0
    for issue in read:
        if issue.name in issues:
            message = f"Two issues are called '{issue.name}'."
            raise refusal(message, where, "Give each issue a name of its own.")
        issues[issue.name] = issue
        options += len(issue.labels)
        if len(issues) > MOST_ISSUES or len(issue.labels) > MOST_OPTIONS or options > MOST_IN_ALL:
            raise refusal(
                f"There are {len(issues):,} issues or more, with at least {options:,} options in all.",
                where,
                f"At most {MOST_ISSUES:,} issues of {MOST_OPTIONS:,} options, {MOST_IN_ALL:,} in all.",
                "too-large",
            )
    if not issues:
        raise refusal("The domain has no issue.", where, "A domain lists its issues and their values.")
    return list(issues.values())


# --- to deal inputs ------------------------------------------------------------------------------


def deal_inputs(issues: list[Issue], profiles: list[Profile], where: str) -> xr.Dataset:
    """Return deal inputs with one actor a profile, every one a party.

    Raises
    ------
    FileError: the tables would not fit into memory.
    """
    import xarray as xr

    width = max(len(issue.labels) for issue in issues)
    ends = sorted({pair for profile in profiles for pair in profile.pairs})
    check_size(issues, len(profiles), where, linkages=len(ends))
    value = np.full((len(profiles), len(issues), width), np.nan)
    point = np.full((len(issues), width), np.nan)
    label = np.full((len(issues), width), "", dtype=object)
    for at, issue in enumerate(issues):
        count = len(issue.labels)
        point[at, :count], label[at, :count] = issue.points, issue.labels
        for party, profile in enumerate(profiles):
            value[party, at, :count] = profile.values[at]
    variables: dict[str, Any] = {
        "option_value": ((ACTOR, ISSUE, OPTION), value),
        "option_count": (ISSUE, np.array([len(issue.labels) for issue in issues])),
        "option_point": ((ISSUE, OPTION), point),
        "option_label": ((ISSUE, OPTION), label.astype(str)),
        "reservation": (ACTOR, np.array([profile.reservation for profile in profiles])),
        "base_utility": (ACTOR, np.zeros(len(profiles))),
        "is_party": (ACTOR, np.ones(len(profiles), dtype=bool)),
    }
    if ends:
        variables |= _interactions(profiles, issues, ends, width)
    coords = {ACTOR: [profile.party for profile in profiles], ISSUE: [issue.name for issue in issues]}
    return described(xr.Dataset(variables, coords=coords))


def check_size(issues: list[Issue], parties: int, where: str, *, linkages: int) -> None:
    """Refuse with a FileError tables that would not fit into memory."""
    width = max(len(issue.labels) for issue in issues)
    if parties * (len(issues) * width + linkages * width**2) > MOST_CELLS:
        raise refusal(
            f"{parties} parties, {len(issues)} issues and up to {width} options are too much.",
            where,
            f"At most {MOST_CELLS:,} numbers are held.",
            "too-large",
        )


def _interactions(
    profiles: list[Profile], issues: list[Issue], ends: list[tuple[int, int]], width: int
) -> dict[str, Any]:
    table = np.zeros((len(ends), len(profiles), width, width))
    for party, profile in enumerate(profiles):
        for pair, value in profile.pairs.items():
            rows, columns = value.shape
            table[ends.index(pair), party, :rows, :columns] += value
    return {
        "linked_issue": (LINKAGE, [issues[one].name for one, _ in ends]),
        "other_issue": (LINKAGE, [issues[other].name for _, other in ends]),
        "interaction": ((LINKAGE, ACTOR, OPTION, OTHER_OPTION), table),
    }


def merged(issues: list[Issue]) -> Issue:
    """Return all issues as one whose options are the packages, the last issue changing fastest."""
    parts = [[f"{issue.name}: {label}" for label in issue.labels] for issue in issues]
    labels = tuple("; ".join(chosen) for chosen in itertools.product(*parts))
    return Issue("package", labels, tuple(map(float, range(len(labels)))))


def packages(issues: list[Issue]) -> int:
    """Return how many packages there are, exactly."""
    return math.prod(len(issue.labels) for issue in issues)


# --- from deal inputs ----------------------------------------------------------------------------


def tables_of(inputs: xr.Dataset, notes: Notes) -> tuple[list[Issue], list[Profile]]:
    """Return the tables of deal inputs for a format that knows neither constants nor losses.

    Of each issue the worst option of a party becomes 0; what is left of the constants is added to
    all options of its first issue. Utilities of packages stay as they are, up to rounding.

    Raises
    ------
    CallError: there are draws or interactions, a number is missing, or some package is worth less
        than 0 to a party.
    """
    _is_writable(inputs)
    _check_names(inputs)
    count = inputs["option_count"].values
    table = inputs["option_value"].transpose(ACTOR, ISSUE, OPTION).values
    issues = [_issue(inputs, at, int(count[at]), notes) for at in range(len(count))]
    profiles = []
    for at, party in enumerate(map(str, inputs[ACTOR].values)):
        if not bool(inputs["is_party"].values[at]):
            notes.leave(f"'{party}' was left out: the format has no actors whose consent is not needed.")
            continue
        values = [np.array(table[at, row, : int(count[row])], dtype=float) for row in range(len(issues))]
        floor = float(inputs["reservation"].values[at])
        _check_numbers(party, values, floor)
        _shift(party, values, float(inputs["base_utility"].values[at]), issues[0].name, notes)
        profiles.append(Profile(party, values, floor))
    return issues, profiles


def _is_writable(inputs: xr.Dataset) -> None:
    if DRAW in inputs.dims:
        raise CallError("The deal inputs hold draws.", code="draw-missing", hint="Choose one draw.")
    if "interaction" in inputs and bool((inputs["interaction"].values != 0).any()):
        raise CallError(
            "The format carries no value that two options have only together.",
            code="not-carried",
            where="interaction",
            hint="Leave linkages out, or merge the issues concerned.",
        )
    if not bool(inputs["is_party"].values.any()):
        raise CallError("Nobody's acceptance is needed.", code="no-party", where="is_party")


def _check_names(inputs: xr.Dataset) -> None:
    """Refuse names that would not be read back as they are."""
    labels = inputs["option_label"].values.ravel().tolist() if "option_label" in inputs else []
    for name in map(str, [*inputs[ACTOR].values, *inputs[ISSUE].values, *filter(None, labels)]):
        try:
            is_kept = name_of(name, "", Notes()) == name
        except FileError:
            is_kept = False
        if not is_kept:
            raise CallError(
                f"The name {name!r} would not be read back as it is.",
                code="not-carried",
                where=name,
                hint="Use letters, with single blanks between words.",
            )


def _issue(inputs: xr.Dataset, at: int, count: int, notes: Notes) -> Issue:
    name = str(inputs[ISSUE].values[at])
    labels = [str(place) for place in range(count)]
    if "option_label" in inputs:
        labels = list(map(str, inputs["option_label"].transpose(ISSUE, OPTION).values[at, :count]))
    issue = discrete(name, labels)
    if len(set(issue.labels)) < len(issue.labels):
        raise CallError(
            f"Two options of '{name}' have one name.", code="not-carried", where=name, hint="Name them apart."
        )
    if "option_point" in inputs:
        stated = inputs["option_point"].transpose(ISSUE, OPTION).values[at, :count]
        if not np.array_equal(stated, issue.points):
            notes.leave(f"The scale points of '{name}' are not carried, its option names are.")
    return issue


def _check_numbers(party: str, values: list[FloatArray], floor: float) -> None:
    numbers = np.concatenate([*values, [floor]])
    if not np.isfinite(numbers).all() or (np.abs(numbers) > LARGEST_NUMBER).any():
        raise CallError(
            f"Some utility or the no deal of '{party}' is no finite number.",
            code="value-out-of-range",
            where=party,
            hint="Every option and no deal need a value.",
        )


def _shift(party: str, values: list[FloatArray], base: float, first: str, notes: Notes) -> None:
    """Make all values 0 or more, with the utilities of packages as they were."""
    if base == 0.0 and all((value >= 0.0).all() for value in values):
        return
    constant = base
    for value in values:
        constant += float(value.min())
        value -= value.min()
    if constant < -1e-12:
        raise CallError(
            f"Some package is worth {constant:g} to '{party}'; the format knows no utility below 0.",
            code="not-carried",
            where=party,
            hint="Add a constant to the party's utility and to its no deal.",
        )
    values[0] += max(constant, 0.0)
    notes.leave(
        f"What '{party}' has from no option in particular stands in the options of '{first}' now; "
        "utilities of packages are the same."
    )
