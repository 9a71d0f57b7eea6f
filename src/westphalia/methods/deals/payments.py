"""Side payments: the least money that opens an empty zone, or makes one package acceptable to all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np

from westphalia.check import has_dimensions, is_valid, same_labels
from westphalia.errors import CallError
from westphalia.labels import ACTOR, ISSUE, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.solutions import TimeLimit
from westphalia.methods.deals.space import TOLERANCE, IntArray, Part, Space, parts, space_of
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

Transfers = Annotated[
    bool, Param("Whether parties may pay one another; otherwise all money is from outside.")
]


class Paid(NamedTuple):
    """A package (issue) with payments (party; received, in money), and what is proved.

    `outside` is the money put in from outside, `bound` what it cannot be less than. `is_found` is
    false if no money does it, or none was found in time.
    """

    package: IntArray
    payment: FloatArray
    outside: float
    bound: float
    is_found: bool
    is_proved: bool


def side_payments(
    inputs: xr.Dataset,
    money_rate: xr.DataArray | None = None,
    *,
    transfers: Transfers = True,
    time_limit: TimeLimit = 60.0,
) -> xr.Dataset:
    """Find the package that all accept with the least money from outside and, then, the least transfers.

    With a payment t_p party p has u_p(x) + rate_p · t_p. Payments sum to the money from outside.

    Parameters
    ----------
    inputs: deal inputs of one draw (docs/methods/deals.md).
    money_rate: (actor), utility of one unit of money, at least 0; 1 for all if it is not given. A
        party with rate 0 cannot be paid and does not pay.
    transfers, time_limit: see the sentence of each.

    Returns
    -------
    Dataset with `package` (issue; places of options), `utility` (actor; without the
    payment), `payment` (actor), `outside_money`, `bound` (what it cannot be
    less than), `transfer_total` (what parties pay),
    `is_enough` (with the payments all accept) and `is_proved` (no cheaper way exists). A zone that is
    open already needs no money. NaN and place −1 where nothing was found. Two mixed-integer
    programs: hundredths of a second for 5 parties and a dozen issues, exponential at worst.

    Raises
    ------
    CallError: the inputs do not describe a space of packages; a rate is negative or not finite.

    References
    ----------
    raiffa1982
    """
    space = space_of(inputs)
    rate = _rates(space, inputs, money_rate)
    held = space.only(space.must)
    return _labelled(space, rate, cheapest(held, rate[space.must], transfers, time_limit))


def payments_for(
    inputs: xr.Dataset,
    package: xr.DataArray,
    money_rate: xr.DataArray | None = None,
    *,
    transfers: Transfers = True,
) -> xr.Dataset:
    """Find the least payments that make one package acceptable to all.

    Whoever is below its no deal gets just what it lacks. Those above pay for it, in proportion to
    what they gain in money's worth, as far as that goes; the rest comes from outside.

    Parameters
    ----------
    inputs: deal inputs of one draw (docs/methods/deals.md).
    package: (issue), places of options.
    money_rate, transfers: as for `side_payments`.

    Returns
    -------
    Dataset as of `side_payments`. Exact; time is linear in parties and issues.

    Raises
    ------
    CallError: as `side_payments`; the package names an option an issue does not have
        (code ``unknown-option``).

    References
    ----------
    raiffa1982
    """
    space = space_of(inputs)
    rate = _rates(space, inputs, money_rate)
    places = package_of(space, package)
    held = space.only(space.must)
    needed = rate[space.must]
    payment = shared(held.slack(places[None])[0], needed, transfers)
    is_found = bool(np.isfinite(payment).all())
    outside = max(float(payment.sum()), 0.0) if is_found else np.inf
    return _labelled(space, rate, Paid(places, payment, outside, outside, is_found, True))


def shared(gain: FloatArray, rate: FloatArray, transfers: bool) -> FloatArray:
    """Return payments (party) that lift all gains to 0 or above; infinite where money is worth nothing."""
    worth = np.divide(gain, rate, out=np.where(gain < -TOLERANCE, -np.inf, 0.0), where=rate > 0)
    lacking = np.maximum(-worth, 0.0)
    spare = np.maximum(worth, 0.0) if transfers else np.zeros_like(worth)
    paid = min(float(lacking.sum()), float(spare.sum()))
    share = spare / spare.sum() if spare.sum() > 0 else spare
    return np.asarray(lacking - paid * share)


def cheapest(space: Space, rate: FloatArray, transfers: bool, time_limit: float) -> Paid:
    """Return the package with the least money from outside, and of those the one with least transfers."""
    program = _Program(space, rate, transfers)
    first = program.solve(program.outside_cost, np.inf, time_limit)
    if first.x is None:
        nothing = np.full(len(space.issues), -1, dtype=np.int64)
        # Status 2: no payments whatever are enough.
        bound = np.inf if first.status == 2 else 0.0
        blank = np.full(len(rate), np.nan)
        return Paid(nothing, blank, np.nan, bound, False, bool(first.status == 2))
    outside = max(float(first.fun), 0.0)
    bound = max(float(first.mip_dual_bound), 0.0)
    second = program.solve(program.transfer_cost, outside + TOLERANCE, time_limit)
    best = second if second.x is not None else first
    package = program.package(best.x)
    payment = _exact(space, package, rate, transfers)
    is_proved = first.status == 0 and second.status == 0
    return Paid(package, payment, max(float(payment.sum()), 0.0), bound, True, is_proved)


def _exact(space: Space, package: IntArray, rate: FloatArray, transfers: bool) -> FloatArray:
    """Return the payments for the package free of the solver's rounding; what is rounding is 0."""
    payment = shared(space.slack(package[None])[0], rate, transfers)
    return np.where(np.abs(payment) * np.maximum(rate, 1.0) <= TOLERANCE, 0.0, payment)


class _Program:
    """Columns: the combinations of each part (0 or 1), what each party gets, what each pays, outside."""

    def __init__(self, space: Space, rate: FloatArray, transfers: bool) -> None:
        self.space, self.parts = space, parts(space)
        self.sizes = [part.values.shape[1] for part in self.parts]
        self.choices, n = sum(self.sizes), len(rate)
        self.outside = self.choices + 2 * n
        width = self.outside + 1
        self.accepts = np.zeros((n, width))
        self.accepts[:, : self.choices] = np.concatenate([part.values for part in self.parts], axis=1)
        self.accepts[:, self.choices : self.choices + n] = np.diag(rate)
        self.accepts[:, self.choices + n : self.outside] = -np.diag(rate)
        self.once = np.zeros((len(self.parts), width))
        self.once[np.repeat(np.arange(len(self.parts)), self.sizes), np.arange(self.choices)] = 1.0
        self.budget = np.zeros(width)
        self.budget[self.choices : self.choices + n] = 1.0
        self.budget[self.choices + n : self.outside] = -1.0
        self.budget[self.outside] = -1.0
        self.most = np.concatenate([np.ones(self.choices), np.full(width - self.choices, np.inf)])
        if not transfers:
            self.most[self.choices + n : self.outside] = 0.0
        self.outside_cost = np.arange(width) == self.outside
        self.transfer_cost = np.zeros(width)
        self.transfer_cost[self.choices : self.outside] = 1.0

    def solve(self, cost: Array, most_outside: float, time_limit: float) -> Any:
        """Minimise a cost, with so much money from outside at most."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # slow to import, wanted only here

        most = self.most.copy()
        most[self.outside] = most_outside
        rules = [
            LinearConstraint(self.accepts, self.space.floor - self.space.base, np.inf),
            LinearConstraint(self.once, 1.0, 1.0),
            LinearConstraint(self.budget, -np.inf, 0.0),
        ]
        return milp(
            np.asarray(cost, dtype=float),
            integrality=np.arange(len(most)) < self.choices,
            bounds=Bounds(0.0, most),
            constraints=rules,
            options={"time_limit": time_limit, "mip_rel_gap": 0.0},
        )

    def package(self, x: FloatArray) -> IntArray:
        """Return the package (issue) of a solution."""
        places = np.zeros(len(self.space.issues), dtype=np.int64)
        start = 0
        for part, size in zip(self.parts, self.sizes, strict=True):
            places[list(part.issues)] = _chosen(part, x[start : start + size])
            start += size
        return places


def _chosen(part: Part, x: FloatArray) -> IntArray:
    return np.asarray(part.packages[int(np.argmax(x))])


def package_of(space: Space, package: xr.DataArray) -> IntArray:
    """Return a labelled package (issue) as places of options.

    Raises
    ------
    CallError: it lacks an issue or names an option an issue does not have (``unknown-option``).
    """
    import xarray as xr

    has_dimensions(package, "package", (ISSUE,))
    same_labels(xr.DataArray(list(space.issues), dims=ISSUE, coords={ISSUE: list(space.issues)}), package,
                ("option_value", "package"))  # fmt: skip
    places = np.asarray(package.values)
    counts = np.array(space.counts)
    is_place = places.shape == counts.shape and np.isfinite(places.astype(float)).all()
    wrong = (
        (places != np.rint(places.astype(float))) | (places < 0) | (places >= counts) if is_place else None
    )
    if wrong is None or wrong.any():
        at = 0 if wrong is None else int(np.argmax(wrong))
        raise CallError(
            f"The package names no option that '{space.issues[at]}' has.",
            code="unknown-option",
            where=space.issues[at],
            hint=f"Give the place of an option, 0 to {space.counts[at] - 1}, for every issue.",
        )
    return places.astype(np.int64)


def _rates(space: Space, inputs: xr.Dataset, money_rate: xr.DataArray | None) -> FloatArray:
    if money_rate is None:
        return np.ones(len(space.parties))
    has_dimensions(money_rate, "money_rate", (ACTOR,))
    same_labels(inputs["reservation"], money_rate, ("reservation", "money_rate"))
    is_valid(money_rate, "money_rate")
    return np.asarray(money_rate.values, dtype=float)


def _labelled(space: Space, rate: FloatArray, paid: Paid) -> xr.Dataset:
    import xarray as xr

    payment = np.zeros(len(space.parties))
    payment[space.must] = paid.payment
    known = bool((paid.package >= 0).all())
    utility = space.utility(paid.package[None])[0] if known else np.full(len(payment), np.nan)
    result = xr.Dataset(
        {
            "package": ((ISSUE,), paid.package),
            "utility": ((ACTOR,), utility),
            "payment": ((ACTOR,), payment),
            "money_rate": ((ACTOR,), rate),
            "outside_money": paid.outside,
            "bound": paid.bound,
            "transfer_total": float(np.maximum(-payment, 0.0).sum()),
            "is_enough": paid.is_found,
            "is_proved": paid.is_proved,
        },
        coords={ACTOR: list(space.parties), ISSUE: list(space.issues)},
    )
    return described(result, method="side_payments")
