"""Deal inputs as a GeniusWeb domain and profiles."""

from __future__ import annotations

import itertools
import json
import math
from decimal import Decimal, localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.errors import CallError
from westphalia.formats.raw import file_names
from westphalia.formats.reports import Notes
from westphalia.formats.tables import FloatArray, Issue, Profile, packages, tables_of
from westphalia.formats.writing import write_files

if TYPE_CHECKING:
    import xarray as xr

_LISTED = 1_000_000
_DIGITS = 40
_SAME = 1e-12


def write_geniusweb(inputs: xr.Dataset, folder: str | Path, *, name: str = "domain") -> tuple[str, ...]:
    """Write a domain and a profile for each party; the folder is made, and must be new or empty.

    Weights must sum to 1 and no deal must be worth some package: utilities are divided by the sum of
    the best options if that is above 1, and no deal becomes the package that is worth as much or,
    failing that, the one just above.

    Returns
    -------
    Sentences on what the format does not carry; there are none for what `read_geniusweb` gave.

    Raises
    ------
    CallError: the inputs hold draws, interactions, a value that is missing, a package worth less than
        0, or more than a million packages where a no deal above 0 must be found among them.
    FileError: the folder holds something, or cannot be written.
    """
    notes = Notes()
    issues, profiles = tables_of(inputs, notes)
    domain = {"name": name, "issuesValues": {issue.name: {"values": list(issue.labels)} for issue in issues}}
    files = {"domain.json": _text(domain) + "\n"}
    for file, profile in zip(file_names([one.party for one in profiles], ".json"), profiles, strict=True):
        files[file] = _text(_wrapped(issues, profile, domain, notes)) + "\n"
    write_files(Path(folder), files)
    return tuple(notes.not_carried)


def _wrapped(issues: list[Issue], profile: Profile, domain: dict[str, Any], notes: Notes) -> dict[str, Any]:
    values, floor = profile.values, profile.reservation
    top = sum(float(value.max()) for value in values)
    if top > 1.0 + _SAME:
        notes.leave(f"Utilities of '{profile.party}' were divided by {top:.6g}, to lie between 0 and 1.")
        values, floor = [value / top for value in values], floor / top
    bid = _bid(issues, profile.party, values, floor, notes)
    weights = _weights(values)
    held = {
        "issueUtilities": {
            issue.name: {"discreteutils": {"valueUtilities": _shares(issue, value, weight)}}
            for issue, value, weight in zip(issues, values, weights, strict=True)
        },
        "issueWeights": {issue.name: weight for issue, weight in zip(issues, weights, strict=True)},
        "domain": domain,
        "name": profile.party,
        "reservationBid": None if bid is None else {"issuevalues": bid},
    }
    return {"LinearAdditiveUtilitySpace": held}


def _weights(values: list[FloatArray]) -> list[Decimal]:
    """Return weights that sum to 1 exactly, each at least the value of the issue's best option."""
    with localcontext() as context:
        context.prec = 2 * _DIGITS
        least = [Decimal(float(value.max())) for value in values]
        spare = 1 - sum(least, Decimal(0))
        if spare < 0:
            least = _lowered(least, -spare)
            spare = 1 - sum(least, Decimal(0))
        short = [Decimal(repr(float(value.max()))) for value in values]
        if sum(short) == 1:
            return short
        weights = [(one + spare / len(least)).quantize(Decimal(10) ** -_DIGITS) for one in least]
        weights[-1] = 1 - sum(weights[:-1], Decimal(0))
        return weights


def _lowered(weights: list[Decimal], excess: Decimal) -> list[Decimal]:
    """Return weights lowered by the excess in all, each within its rounding if that is enough."""
    slack = [(weight - Decimal(math.nextafter(float(weight), 0.0))) / 2 for weight in weights]
    total = sum(slack, Decimal(0))
    if excess < total:
        return [weight - room * excess / total for weight, room in zip(weights, slack, strict=True)]
    return [weight / (1 + excess) for weight in weights]


def _shares(issue: Issue, value: FloatArray, weight: Decimal) -> dict[str, Decimal]:
    return {label: _share(float(one), weight) for label, one in zip(issue.labels, value, strict=True)}


def _share(value: float, weight: Decimal) -> Decimal:
    """Return the shortest decimal between 0 and 1 that times the weight is the value again."""
    if value == 0.0 or weight == 0:
        return Decimal(0)
    with localcontext() as context:
        context.prec = _DIGITS
        exact = Decimal(value) / weight
        for digits in (6, 12, 17):
            context.prec = digits
            rounded = min(+exact, Decimal(1))
            context.prec = _DIGITS
            if float(weight * rounded) == value:
                return rounded
        return min(exact, Decimal(1))


def _bid(
    issues: list[Issue], party: str, values: list[FloatArray], floor: float, notes: Notes
) -> dict[str, str] | None:
    """Return the package that is worth as much as no deal, None where no deal is worth 0."""
    if floor == 0.0:
        return None
    count = packages(issues)
    if count > _LISTED:
        raise CallError(
            f"No deal of '{party}' must be a package, and there are {count:,}.",
            code="space-too-large",
            where=party,
            hint=f"GeniusWeb can be written up to {_LISTED:,} packages, or where no deal is worth 0.",
        )
    utility = np.zeros(1)
    for value in values:
        utility = (utility[:, None] + value).reshape(-1)
    exact = np.flatnonzero(utility == floor)
    enough = np.where(utility >= floor - _SAME, utility, np.inf)
    best = int(exact[0]) if len(exact) else int(np.argmin(enough))
    if not np.isfinite(enough[best]):
        raise CallError(
            f"No package is worth what no deal is worth to '{party}', {floor:g}.",
            code="not-carried",
            where=party,
            hint="GeniusWeb states no deal as a package.",
        )
    if abs(utility[best] - floor) > _SAME:
        notes.leave(f"No deal of '{party}', {floor:.6g}, became a package worth {utility[best]:.6g}.")
    chosen = next(itertools.islice(itertools.product(*(issue.labels for issue in issues)), best, None))
    return {issue.name: label for issue, label in zip(issues, chosen, strict=True)}


def _text(data: Any, indent: str = "") -> str:
    """Return data as JSON, decimal fractions with all their digits, as the standard writer cannot."""
    if isinstance(data, Decimal):
        return f"{data.normalize():f}"
    if not isinstance(data, dict):
        return json.dumps(data, ensure_ascii=False)
    inner = indent + " "
    lines = [
        f"{inner}{json.dumps(key, ensure_ascii=False)}: {_text(item, inner)}" for key, item in data.items()
    ]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
