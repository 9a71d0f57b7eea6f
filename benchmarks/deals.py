"""What the methods over packages cost, against plain enumeration in the same run.

    python benchmarks/deals.py [--long]

Made-up cases: every party spreads one unit of salience over the issues at random and values the
options of each at random; no deal is worth a little more than the median package. NegMAS is
compared on the enumerated frontier if it is installed; it is no dependency.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from westphalia.methods.deals.doubt import doubt
from westphalia.methods.deals.frontier import frontier
from westphalia.methods.deals.frontier_kernels import efficient, whole
from westphalia.methods.deals.levers import levers
from westphalia.methods.deals.payments import side_payments
from westphalia.methods.deals.solutions import solutions
from westphalia.methods.deals.space import space_of
from westphalia.methods.deals.zone import zone


def case(parties: int, issues: int, options: int, *, shift: float = 0.05, draws: int = 0) -> xr.Dataset:
    """Return deal inputs; with draws, values and no deals vary from draw to draw."""
    rng = np.random.default_rng(1)
    weight = rng.dirichlet(np.ones(issues), size=parties)
    value = weight[:, :, None] * rng.random((parties, issues, options))
    some = rng.integers(0, options, (100_000, issues))
    utility = sum(value[:, k, some[:, k]].T for k in range(issues))
    floor = np.median(np.asarray(utility), axis=0) + shift
    dims = ("actor", "issue", "option")
    if draws:
        value = value * (1 + 0.2 * rng.standard_normal((draws, *value.shape)))
        floor = floor + 0.05 * rng.standard_normal((draws, parties))
    lead = ("draw",) if draws else ()
    return xr.Dataset(
        {
            "option_value": ((*lead, *dims), value),
            "option_count": (("issue",), np.full(issues, options)),
            "reservation": ((*lead, "actor"), floor),
            "base_utility": (("actor",), np.zeros(parties)),
            "is_party": (("actor",), np.ones(parties, dtype=bool)),
        },
        coords={
            "actor": [f"party-{p}" for p in range(parties)],
            "issue": [f"issue-{k}" for k in range(issues)],
        },
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return a result with wall and CPU seconds."""
    wall, busy = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - busy


def row(what: str, size: str, note: str, seconds: tuple[float, float]) -> None:
    """Print one line of the table."""
    print(f"{what:<28} {size:<22} {seconds[0]:>8.3f} {seconds[1]:>8.3f}  {note}")


def listed(inputs: xr.Dataset) -> np.ndarray:
    """Return the utilities (n, party) of all acceptable packages, by listing every package."""
    space = space_of(inputs)
    utility = space.utility(space.enumerate_all(10_000_000))
    return utility[(utility >= space.floor - 1e-9).all(axis=1)]


def plain_frontier(inputs: xr.Dataset) -> int:
    """Count efficient utility vectors by listing every package and comparing in blocks."""
    left = listed(inputs)
    left = left[np.argsort(-left.sum(axis=1))]
    kept = 0
    while len(left):
        best, kept = left[0], kept + 1
        left = left[(left > best + 1e-10).any(axis=1)]
    return kept


def frontiers(is_long: bool) -> None:
    """Print the frontier against parties, issues and options."""
    for parties, issues, options in [(2, 6, 10), (3, 6, 10), (5, 6, 10), (8, 6, 10), (5, 7, 11)]:
        inputs = case(parties, issues, options)
        found, *seconds = timed(lambda inputs=inputs: frontier(inputs))
        size = f"{parties} x {issues} x {options}"
        row("frontier", size, f"{found.sizes['efficient']} packages", (seconds[0], seconds[1]))
        if options**issues <= 1_000_000:
            count, *seconds = timed(lambda inputs=inputs: plain_frontier(inputs))
            row("  by plain enumeration", size, f"{count} packages", (seconds[0], seconds[1]))
    sizes = [(3, 12, 10), (4, 12, 10), (5, 12, 10)] + ([(6, 12, 10)] if is_long else [])
    for parties, issues, options in sizes:
        found, *seconds = timed(lambda p=parties, k=issues, o=options: frontier(case(p, k, o)))
        note = f"{found.sizes['efficient']} packages, complete: {bool(found.is_complete)}"
        row("frontier", f"{parties} x {issues} x {options}", note, (seconds[0], seconds[1]))


def sieve() -> None:
    """Print the dominance filter on a million listed packages of five parties."""
    space = space_of(case(5, 6, 10, shift=-9.0))
    utility = space.utility(space.enumerate_all(1_000_000))
    kept, *seconds = timed(lambda: efficient(whole(utility, 1e-12)))
    row("dominance filter", "10^6 packages x 5", f"{kept.sum()} packages", (seconds[0], seconds[1]))
    try:
        from negmas.preferences.ops import pareto_frontier_numpy  # type: ignore[import-not-found]
    except ImportError:
        return
    found, *seconds = timed(lambda: pareto_frontier_numpy(utility))
    row("  NegMAS", "10^6 packages x 5", f"{len(found)} packages", (seconds[0], seconds[1]))


def answers() -> None:
    """Print what the other questions cost."""
    for parties, issues, options in [(5, 7, 11), (5, 12, 10), (10, 12, 10)]:
        size = f"{parties} x {issues} x {options}"
        for name, method in (("zone", zone), ("solutions", solutions)):
            inputs = case(parties, issues, options)
            _, *seconds = timed(lambda method=method, inputs=inputs: method(inputs))
            row(name, size, "", (seconds[0], seconds[1]))
        for name, method in (("side payments", side_payments), ("levers", levers)):
            inputs = case(parties, issues, options, shift=0.4)
            found, *seconds = timed(lambda method=method, inputs=inputs: method(inputs))
            row(name, size, f"proved: {bool(found.is_proved.all())}", (seconds[0], seconds[1]))


def doubts() -> None:
    """Print the zone over draws, against listing every package of each draw."""
    for draws in (1000, 10_000):
        for shift in (0.05, 0.15, 0.25):
            inputs = case(5, 7, 11, shift=shift, draws=draws)
            found, *seconds = timed(lambda inputs=inputs: doubt(inputs))
            note = (
                f"zone in {float(found.zone_probability):.1%}, decided {found.is_decided.values.mean():.1%}"
            )
            row("doubt", f"{draws} draws, 5 x 7 x 11", note, (seconds[0], seconds[1]))
    inputs = case(5, 5, 10, shift=0.15, draws=20)
    found, *seconds = timed(lambda: doubt(inputs))
    row("doubt", "20 draws, 5 x 5 x 10", f"{int(found.has_zone.sum())} with a zone", (seconds[0], seconds[1]))
    count, *seconds = timed(lambda: sum(len(listed(inputs.isel(draw=at))) > 0 for at in range(20)))
    row("  by plain enumeration", "20 draws, 5 x 5 x 10", f"{count} with a zone", (seconds[0], seconds[1]))


def main() -> None:
    """Compile first, so that times are those of the second call; then print the table."""
    frontier(case(3, 3, 3))
    zone(case(3, 3, 3))
    solutions(case(3, 3, 3))
    doubt(case(3, 3, 3, shift=0.3, draws=3))
    print(f"{'question':<28} {'size':<22} {'wall s':>8} {'CPU s':>8}")
    frontiers("--long" in sys.argv)
    sieve()
    answers()
    doubts()


if __name__ == "__main__":
    main()
