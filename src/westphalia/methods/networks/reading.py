"""Which statements count for a network, and how: modes, weights, stances, repetitions, windows of time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from westphalia.errors import CallError, suggest
from westphalia.labels import ACTOR, ISSUE, STATEMENT
from westphalia.methods.arrays import Array, FloatArray

if TYPE_CHECKING:
    import xarray as xr

Repetitions = Literal["all", "document", "week", "month", "year", "range"]
Unit = Literal["all", "statements", "days", "weeks", "months", "years"]

Day = Any
"""A day as NumPy holds it, or NaT."""

MOST_WINDOWS = 10_000
_NEEDED = ("statement_actor", "statement_issue", "stance", "is_nominal")
_CALENDAR = {"days": "D", "weeks": "W", "months": "M", "years": "Y"}
_MONDAY = np.datetime64("1970-01-05", "D")


@dataclass(frozen=True, slots=True)
class Reading:
    """How statements are read.

    `modes`: only statements of these modes count; all if empty. `weighting`: each counts 1 (``count``),
    or by how it is told (``reliance``). `repeated`: of several statements of an actor with the same
    stance on the same issue, count all, or one per document, calendar week, month or year, or one in all
    (``range``); the one that weighs most, and of those the first, is kept. `stances`: as they are
    (``graded``), or for or against (``boolean``): for from `threshold` on, as share of the scale. On
    nominal issues two stances are the same option or not, whatever `stances` says.
    """

    modes: tuple[str, ...] = ()
    weighting: Literal["count", "reliance"] = "count"
    repeated: Repetitions = "all"
    stances: Literal["graded", "boolean"] = "graded"
    threshold: float = 0.5


@dataclass(frozen=True, slots=True)
class Windows:
    """How time is cut: in windows of `size` units (statements, days, weeks, months, years).

    A window begins every `step` units, `size` if 0: the windows then do not overlap and every dated
    statement is in one. A `step` of 1 gives moving windows. Weeks begin on Monday, months and years on
    their first day. ``all`` is one window that also holds what has no date.
    """

    unit: Unit = "all"
    size: int = 1
    step: int = 0


@dataclass(frozen=True)
class Told:
    """The statements that count, as arrays over statements, and the labels of actors and issues."""

    actor: Array
    issue: Array
    stance: FloatArray
    weight: FloatArray
    day: Array
    is_nominal: Array
    actors: list[str]
    issues: list[str]

    def only(self, chosen: Array) -> Told:
        """Return the statements that a mask or list of places chooses."""
        return replace(
            self,
            actor=self.actor[chosen],
            issue=self.issue[chosen],
            stance=self.stance[chosen],
            weight=self.weight[chosen],
            day=self.day[chosen],
        )

    def counted(self, chosen: Array | None = None) -> FloatArray:
        """Return the sum of weights (actor, issue) of the statements, or of those chosen."""
        told = self if chosen is None else self.only(chosen)
        found = np.zeros((len(self.actors), len(self.issues)))
        np.add.at(found, (told.actor, told.issue), told.weight)
        return found


def told(statements: xr.Dataset, reading: Reading) -> Told:
    """Return the statements that count, as arrays. Cost is that of sorting them.

    Parameters
    ----------
    statements: a table as `westphalia.case.networks.statement_table` makes it: over `statement`,
        `statement_actor`, `statement_issue` and `stance` are needed; `day`, `reliance`, `mode`, `source`
        only where the reading asks for them.

    Raises
    ------
    CallError: a variable is missing, a place or stance is out of range, a mode is unknown, or the
        threshold is not between 0 and 1.
    """
    _is_complete(statements, reading)
    many = statements.sizes[STATEMENT]
    day = _column(statements, "day", np.full(many, np.datetime64("NaT"))).astype("datetime64[D]")
    found = Told(
        actor=_places(statements, "statement_actor", ACTOR),
        issue=_places(statements, "statement_issue", ISSUE),
        stance=np.asarray(statements["stance"].values, dtype=float),
        weight=np.asarray(statements["reliance"].values, dtype=float)
        if reading.weighting == "reliance"
        else np.ones(many),
        day=day,
        is_nominal=np.asarray(statements["is_nominal"].values, dtype=bool),
        actors=[str(name) for name in statements[ACTOR].values],
        issues=[str(name) for name in statements[ISSUE].values],
    )
    _check_stances(found)
    if reading.stances == "boolean":
        found = _for_or_against(found, reading.threshold)
    keep = np.ones(many, dtype=bool)
    if reading.modes:
        keep = np.isin(_column(statements, "mode", None).astype(str), reading.modes)
    if reading.repeated != "all":
        documents = _column(statements, "source", np.zeros(many)) if reading.repeated == "document" else None
        keep[keep] = _firsts(
            found.only(keep), reading.repeated, None if documents is None else documents[keep]
        )
    return found.only(keep)


def cut(found: Told, windows: Windows) -> list[tuple[Day, Day, Array]]:
    """Return each window as its first and last day and the places of its statements, in order of time.

    The day is NaT where the window's end is not known. Statements without a date are only in the window
    ``all``. Cost is linear in the statements of all windows.

    Raises
    ------
    CallError: size or step are not positive, no statement has a date, or there are over 10,000 windows.
    """
    if windows.size < 1 or windows.step < 0:
        message = f"Windows of {windows.size} {windows.unit} every {windows.step} were asked for."
        raise CallError(message, code="bad-windows", hint="The size is at least 1, the step at least 0.")
    dated = np.flatnonzero(~np.isnat(found.day))
    order = dated[np.argsort(found.day[dated], kind="stable")]
    if windows.unit == "all":
        ends = (found.day[order[0]], found.day[order[-1]]) if len(order) else (np.datetime64("NaT"),) * 2
        return [(*ends, np.arange(len(found.day)))]
    if len(order) == 0:
        raise CallError(
            "No statement has a date, so time cannot be cut.", code="input-missing", hint="Use 'all'."
        )
    return (
        _by_count(found, order, windows) if windows.unit == "statements" else _by_time(found, order, windows)
    )


def _by_count(found: Told, order: Array, windows: Windows) -> list[tuple[Day, Day, Array]]:
    starts = _starts(len(order), windows)
    parts = [order[start : start + windows.size] for start in starts]
    return [(found.day[part[0]], found.day[part[-1]], part) for part in parts]


def _by_time(found: Told, order: Array, windows: Windows) -> list[tuple[Day, Day, Array]]:
    unit = _CALENDAR[windows.unit]
    at = _numbered(found.day[order], unit)
    cuts = []
    for start in _starts(int(at[-1] - at[0]) + 1, windows):
        first, past = int(at[0]) + start, int(at[0]) + start + windows.size
        part = order[np.searchsorted(at, first) : np.searchsorted(at, past)]
        cuts.append((_first_day(first, unit), _first_day(past, unit) - np.timedelta64(1, "D"), part))
    return cuts


def _numbered(day: Array, unit: str) -> Array:
    """Return the number of the day, week, month or year that each day lies in."""
    if unit == "W":
        return np.asarray((day - _MONDAY).astype(int) // 7)
    return day.astype(f"datetime64[{unit}]").astype(int)


def _first_day(at: int, unit: str) -> Day:
    if unit == "W":
        return _MONDAY + np.timedelta64(7 * at, "D")
    day: Day = np.array(at).astype(f"datetime64[{unit}]").astype("datetime64[D]")[()]
    return day


def _starts(length: int, windows: Windows) -> range:
    """Return where windows begin so that the last one reaches the end and no window is needless."""
    step = windows.step or windows.size
    last = max(0, length - windows.size)
    starts = range(0, -(-last // step) * step + 1, step)
    if len(starts) > MOST_WINDOWS:
        message = f"There would be {len(starts)} windows."
        raise CallError(message, code="bad-windows", hint=f"At most {MOST_WINDOWS}: take larger steps.")
    return starts


def _firsts(found: Told, repeated: Repetitions, documents: Array | None) -> Array:
    """Return which statements are the first of their actor, issue, stance and period (mask)."""
    order = np.lexsort((np.isnat(found.day), found.day, -found.weight))
    if documents is not None:
        period = np.unique(documents.astype(str), return_inverse=True)[1]
    else:
        period = _period(found.day, repeated)
    stance = np.where(np.isnan(found.stance), -1.0, found.stance)
    keys = np.stack([found.actor, found.issue, stance, period], axis=1)[order]
    _, first = np.unique(keys, axis=0, return_index=True)
    mask = np.zeros(len(order), dtype=bool)
    mask[order[first]] = True
    return mask


def _period(day: Array, repeated: Repetitions) -> Array:
    """Return the number of each day's period; what has no date is a period of its own."""
    if repeated == "range":
        return np.zeros(len(day))
    unknown = np.isnat(day)
    known = np.where(unknown, np.datetime64("1970-01-01"), day)
    number = _numbered(known, _CALENDAR[f"{repeated}s"])
    return np.where(unknown, -1e9 - np.arange(len(day)), number)


def _for_or_against(found: Told, threshold: float) -> Told:
    """Return the statements with 1 for stances from the threshold on and 0 below, on issues with a scale."""
    for_it = np.where(np.isnan(found.stance), np.nan, (found.stance >= threshold).astype(float))
    stance = np.where(found.is_nominal[found.issue], found.stance, for_it)
    return replace(found, stance=stance)


def _is_complete(statements: xr.Dataset, reading: Reading) -> None:
    asked = {
        "reliance": reading.weighting == "reliance",
        "mode": bool(reading.modes),
        "source": reading.repeated == "document",
        "day": reading.repeated in ("week", "month", "year"),
    }
    for name in (*_NEEDED, *(name for name, is_asked in asked.items() if is_asked)):
        if name not in statements:
            raise CallError(
                f"The statements have no '{name}'.", code="input-missing", where=name, hint="See the docs."
            )
    if not 0 <= reading.threshold <= 1:
        message = f"The threshold is {reading.threshold:g}."
        raise CallError(message, code="bad-option", hint="Give it as share of the scale, 0 to 1.")
    known = set(statements["mode"].values.astype(str)) if reading.modes else set()
    for mode in reading.modes:
        if mode not in known:
            raise CallError(
                f"No statement has the mode '{mode}'.",
                code="unknown-mode",
                where=mode,
                hint=suggest(mode, known),
            )


def _check_stances(found: Told) -> None:
    scaled = ~found.is_nominal[found.issue]
    wrong = np.isinf(found.stance) | (found.stance < 0) | (scaled & (found.stance > 1))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise CallError(
            f"A stance of '{found.actors[found.actor[at]]}' on '{found.issues[found.issue[at]]}' is "
            f"{found.stance[at]:g}.",
            code="value-out-of-range",
            where="stance",
            hint="Give stances on a scale as share of it, 0 to 1.",
        )
    if not (np.isfinite(found.weight) & (found.weight >= 0)).all():
        raise CallError("A weight of a statement is no number of at least 0.", code="value-out-of-range")


def _places(statements: xr.Dataset, name: str, dim: str) -> Array:
    places = np.asarray(statements[name].values)
    if places.dtype.kind not in "iu" or ((places < 0) | (places >= statements.sizes[dim])).any():
        raise CallError(
            f"'{name}' holds something else than places in '{dim}'.",
            code="value-out-of-range",
            where=name,
            hint=f"Whole numbers from 0 to {statements.sizes[dim] - 1}.",
        )
    return places


def _column(statements: xr.Dataset, name: str, absent: Any) -> Array:
    return np.asarray(statements[name].values if name in statements else absent)
