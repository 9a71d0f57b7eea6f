"""The desk at which packages are composed: what a package is worth to each party, told at once.

Everything about a case that does not change from package to package is made ready once and kept; judging a
package is then a few sums. The sums are those of `methods.deals`, and tests hold them against it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import xarray as xr

from westphalia.analyses.sampling import sample
from westphalia.case.document import Document
from westphalia.case.inputs import build
from westphalia.case.packages import meant, package_terms
from westphalia.case.schema import Aim, CaseFile
from westphalia.labels import ACTOR, DRAW, ISSUE, OPTION, RULE
from westphalia.methods.arrays import FloatArray
from westphalia.methods.deals.payments import shared
from westphalia.methods.deals.solutions import solutions
from westphalia.methods.deals.solutions_rules import RULES
from westphalia.methods.deals.space import TOLERANCE, Space, linked_issues, space_of
from westphalia.methods.deals.trades import steps
from westphalia.methods.deals.values import deal_inputs
from westphalia.runs.deals import home_of, spoken_of

Package = tuple[int, ...]
"""The place of the option chosen on each issue, in the order of the case."""

EXPECTED: Final = "expected"
REVERTED: Final = "no_deal"
STARTS: Final = (EXPECTED, REVERTED, *RULES)
"""Packages to start from: the expected one, what holds without agreement, and the bargaining solutions."""

_DRAWS, _SEED = 2000, 1
"""As `runs.deals.negotiate` has them, so that the expected package is the same one."""

_MOST_DRAWS, _LEAST_DRAWS, _MOST_CELLS = 400, 20, 4_000_000
_TAIL = 0.05
_PATIENCE = 2.0
"""Seconds that a search for a starting point may take; what was found by then is shown."""

_STEP_PATIENCE = 0.15
_KEPT = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """What a package is worth to an actor, in utility over no deal.

    `gain` holds at central values, nine in ten draws of the inputs lie between `low` and `high`, and in the
    share `accepts` of them it is no worse off. `is_needed`: no deal without its consent; `is_willing`: it
    gains or loses nothing at central values.
    """

    actor: str
    gain: float
    low: float
    high: float
    accepts: float
    is_needed: bool
    is_willing: bool


@dataclass(frozen=True, slots=True)
class AtHome:
    """Whether a principal could carry a package home; `refusing` are the `ratifiers` who do not take it."""

    principal: str
    is_willing: bool
    ratifiers: tuple[str, ...]
    refusing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Halves:
    """Which halves of a linkage a package holds; only with both is the exchange carried out."""

    linkage: str
    gives: bool
    gets: bool


@dataclass(frozen=True, slots=True)
class Paid:
    """The least payments that make a package acceptable, a unit of money being worth 1 utility to all.

    `payment` is what each party receives, below 0 what it pays; `outside` what comes from elsewhere.
    """

    payment: Mapping[str, float]
    outside: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What follows from a package.

    `answers` are of all actors whose no deal is known, those whose consent is needed first. `is_deal`: all
    of these are willing at central values; `accepted` is the share of draws in which they are. `at_home` has
    the principals with ratifiers, `broken` the ids of the commitments that the package breaks, `linked` every
    linkage with an aim on both sides. `paid` is None where nobody would have to be paid.
    """

    package: Package
    answers: tuple[Answer, ...]
    is_deal: bool
    accepted: float
    at_home: tuple[AtHome, ...]
    broken: tuple[str, ...]
    linked: tuple[Halves, ...]
    paid: Paid | None

    @property
    def refusing(self) -> tuple[str, ...]:
        """The actors whose consent is needed and who would refuse."""
        return tuple(one.actor for one in self.answers if one.is_needed and not one.is_willing)


@dataclass(frozen=True)
class DealsDesk:
    """All of a case that packages are judged by.

    `inputs` are the deal inputs at central values, `space` what they describe; `drawn` the same of some
    draws. `home` has the ratifiers of each principal, `expected` and `reverted` the packages that the runs
    speak of. `breaks` and `halves` hold, by id, the options (issue, option) that break a commitment or
    make up a linkage.
    """

    case: CaseFile
    inputs: xr.Dataset
    space: Space
    drawn: xr.Dataset
    home: Mapping[str, tuple[str, ...]]
    expected: Package
    reverted: Package
    breaks: Mapping[str, Any]
    halves: Mapping[str, tuple[Any, Any]]

    @cached_property
    def solved(self) -> xr.Dataset:
        """The bargaining solutions, as far as they are found in two seconds."""
        return solutions(self.inputs, most_ties=1, time_limit=_PATIENCE)


def desk_of(document: Document) -> DealsDesk:
    """Return the desk of a case; that of one looked at lately is at hand.

    Raises
    ------
    CallError: there is no package, a party's no deal is unknown, or nobody's consent is needed.
    """
    with _LOCK:
        found = _HELD.get(document.digest)
        if found is None:
            found = _HELD[document.digest] = _made(document.case)
        _HELD.move_to_end(document.digest)
        while len(_HELD) > _KEPT:
            _HELD.popitem(last=False)
    return found


_HELD: OrderedDict[str, DealsDesk] = OrderedDict()
_LOCK = threading.Lock()


def _made(case: CaseFile) -> DealsDesk:
    inputs = build(case)
    terms = package_terms(case, inputs.central, inputs.nominal)
    central = deal_inputs(terms)
    space = space_of(central)
    scaled, nominal = sample(inputs, _DRAWS, _SEED)
    expected, reverted = spoken_of(central, inputs.central, nominal)
    few = {DRAW: slice(_draws(central))}
    points = central["option_point"].transpose(ISSUE, OPTION).values
    return DealsDesk(
        case=case,
        inputs=central,
        space=space,
        drawn=deal_inputs(package_terms(case, scaled.isel(few), nominal.isel(few))),
        home={principal: tuple(names) for principal, names in home_of(case, central).items() if names},
        expected=_package(expected.values),
        reverted=_package(reverted.values),
        breaks=dict(_breaks(case, points)),
        halves=dict(_halves(case, points)),
    )


def _draws(central: xr.Dataset) -> int:
    """Return how many draws to keep: fewer where each takes much memory."""
    cells = sum(central[name].size for name in ("option_value", "interaction") if name in central)
    return int(np.clip(_MOST_CELLS // cells, _LEAST_DRAWS, _MOST_DRAWS))


def _breaks(case: CaseFile, points: FloatArray) -> Iterator[tuple[str, Any]]:
    for commitment in case.commitments:
        kept = _of_aim(case, commitment.about, points)
        if commitment.about is not None and kept is not None:
            broken = ~kept & ~np.isnan(points)
            others = np.array([issue.id != commitment.about.issue for issue in case.issues])
            broken[others] = False
            yield commitment.id, broken


def _halves(case: CaseFile, points: FloatArray) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for linkage in case.linkages:
        given, got = (_of_aim(case, half, points) for half in (linkage.gives, linkage.gets))
        if given is not None and got is not None:
            yield linkage.id, (given, got)


def _of_aim(case: CaseFile, aim: Aim | None, points: FloatArray) -> Any:
    return None if aim is None else meant(case, aim, points)


def _package(places: Any) -> Package:
    return tuple(int(place) for place in places)


# --- packages --------------------------------------------------------------------------------------


def package_of(desk: DealsDesk, wanted: Mapping[str, str], otherwise: Package | None = None) -> Package:
    """Return the package that names an option for each issue by its label, such as ``50`` or ``moscow``.

    A point between two options means the nearer. What is not named, or names nothing there is, is settled
    as in `otherwise`, the expected package if it is not given: whatever the names, there is a package.
    """
    fallback = desk.expected if otherwise is None else otherwise
    points = desk.inputs["option_point"].transpose(ISSUE, OPTION).values
    found = []
    for at, (issue, options) in enumerate(zip(desk.case.issues, desk.space.options, strict=True)):
        said = wanted.get(issue.id, "")
        if said in options:
            found.append(options.index(said))
        else:
            point = None if issue.kind == "nominal" else _point(said)
            near = fallback[at] if point is None else int(np.nanargmin(np.abs(points[at] - point)))
            found.append(near)
    return tuple(found)


def _point(said: str) -> float | None:
    try:
        point = float(said)
    except ValueError:
        return None
    return point if np.isfinite(point) else None


def labels_of(desk: DealsDesk, package: Package) -> dict[str, str]:
    """Return the label of the option of each issue: what `package_of` takes back."""
    return dict(zip(desk.space.issues, desk.space.label(np.array(package)), strict=True))


def start(desk: DealsDesk, name: str) -> Package | None:
    """Return a package to start from, one of `STARTS`; None if there is none of that name.

    A bargaining solution is not there without a package that all accept, or if none was found in time.
    """
    if name == EXPECTED:
        return desk.expected
    if name == REVERTED:
        return desk.reverted
    if name not in RULES or not bool(desk.solved["has_zone"]):
        return None
    places = desk.solved["package"].sel({RULE: name}).values[0]
    return _package(places) if (places >= 0).all() else None


def better(desk: DealsDesk, package: Package) -> tuple[Package | None, bool]:
    """Return the next step toward the frontier, which leaves nobody worse whose consent is needed.

    None with true: there is none, and this is proved; None with false: none was found in time.
    """
    issues = list(desk.space.issues)
    at = xr.DataArray(np.array(package), dims=(ISSUE,), coords={ISSUE: issues})
    found = steps(desk.inputs, at, time_limit=_STEP_PATIENCE)
    path = found["package"].values
    return (_package(path[1]), True) if len(path) > 1 else (None, bool(found["is_proved"]))


# --- judging ---------------------------------------------------------------------------------------


def judged(desk: DealsDesk, package: Package) -> Judgement:
    """Return what follows from a package. Linear in actors, issues and draws: about a millisecond."""
    space = desk.space
    gain = space.slack(np.array([package]))[0]
    over_draws = gains_over_draws(desk, package)
    willing = gain >= -TOLERANCE
    by_actor = dict(zip(space.parties, willing.tolist(), strict=True))
    return Judgement(
        package=package,
        answers=tuple(_answers(desk, gain, over_draws)),
        is_deal=bool(willing[space.must].all()),
        accepted=float((over_draws[:, space.must] >= -TOLERANCE).all(axis=1).mean()),
        at_home=tuple(_at_home(desk, by_actor)),
        broken=tuple(name for name, flags in desk.breaks.items() if _holds(flags, package)),
        linked=tuple(
            Halves(name, _holds(given, package), _holds(got, package))
            for name, (given, got) in desk.halves.items()
        ),
        paid=_paid(space, gain),
    )


def gains_over_draws(desk: DealsDesk, package: Package) -> FloatArray:
    """Return what each actor gains over no deal from a package in each draw of the desk (draw, actor)."""
    drawn = desk.drawn
    value = drawn["option_value"].transpose(DRAW, ACTOR, ISSUE, OPTION).values
    utility = drawn["base_utility"].values + value[:, :, np.arange(len(package)), package].sum(axis=2)
    if "interaction" in drawn:
        together = drawn["interaction"].values
        for at, (one, other) in enumerate(linked_issues(drawn).tolist()):
            utility = utility + np.nan_to_num(together[:, at, :, package[one], package[other]])
    return np.asarray(utility - drawn["reservation"].transpose(DRAW, ACTOR).values)


def _answers(desk: DealsDesk, gain: FloatArray, over_draws: FloatArray) -> Iterator[Answer]:
    space = desk.space
    known = np.isfinite(gain)
    low, high = np.quantile(over_draws, [_TAIL, 1 - _TAIL], axis=0)
    accepts = (over_draws >= -TOLERANCE).mean(axis=0)
    for at in sorted(np.flatnonzero(known).tolist(), key=lambda place: not space.must[place]):
        yield Answer(
            actor=space.parties[at],
            gain=float(gain[at]),
            low=float(low[at]),
            high=float(high[at]),
            accepts=float(accepts[at]),
            is_needed=bool(space.must[at]),
            is_willing=bool(gain[at] >= -TOLERANCE),
        )


def _at_home(desk: DealsDesk, willing: Mapping[str, bool]) -> Iterator[AtHome]:
    for principal, ratifiers in desk.home.items():
        refusing = tuple(name for name in ratifiers if not willing[name])
        yield AtHome(principal, willing[principal], ratifiers, refusing)


def _holds(flags: Any, package: Package) -> bool:
    """Return whether the package takes one of the options flagged (issue, option)."""
    return bool(flags[np.arange(len(package)), package].any())


def _paid(space: Space, gain: FloatArray) -> Paid | None:
    needed = gain[space.must]
    if (needed >= -TOLERANCE).all():
        return None
    payment = shared(needed, np.ones(len(needed)), True)
    names = [space.parties[at] for at in np.flatnonzero(space.must)]
    return Paid(dict(zip(names, payment.tolist(), strict=True)), max(float(payment.sum()), 0.0))
