"""Sensitivity and levers: growth with draws, two threads, against a plain loop, and the flagship in full."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from timing import seconds, show

from westphalia.analyses.sampling import drawn, uniform, unknowns
from westphalia.analyses.sensitivity import Groups, sobol
from westphalia.api import read
from westphalia.case.inputs import build
from westphalia.methods import load_all
from westphalia.registry import find
from westphalia.runs.levers import forecast_levers
from westphalia.runs.sensitivity import sensitivity

FLAGSHIP = Path(__file__).parent.parent / "cases" / "ukraine-2025-02"
METHODS = ("mean", "median", "challenge", "nash")


def growth(document) -> None:
    """Time the indices of one forecast as draws grow."""
    rows = []
    for draws in (1024, 4096, 16_384, 65_536):
        taken = [
            seconds(
                lambda d=draws, m=method: sensitivity(document, methods=(m,), of=("territory",), draws=d), 1
            )
            for method in ("mean", "challenge")
        ]
        rows.append((draws, *taken, *(1e6 * second / draws for second in taken)))
    show(("draws", "mean, s", "challenge, s", "mean, µs a draw", "challenge, µs a draw"), rows)


def threads(document) -> None:
    """Time the indices of one forecast on one thread and on two."""
    rows = []
    for method, of in (("challenge", ("territory",)), ("nash", ())):
        one, two = (
            seconds(lambda m=method, o=of, w=w: sensitivity(document, methods=(m,), of=o, workers=w), 2)
            for w in (1, 2)
        )
        rows.append((method, one, two, f"{one / two:.2f}"))
    show(("method", "one thread, s", "two threads, s", "times faster"), rows)


def against_a_loop(document) -> None:
    """Time the same indices with every sample run through the method by itself."""
    spec, inputs = find("mean"), build(document.case)

    def plain(points):
        told = []
        for point in points:
            scaled, _ = drawn(inputs, point[None])
            forecast = spec.run(*(scaled[name] for name in spec.inputs))["forecast"]
            told.append(float(forecast.sel(issue="territory")[0]))
        return np.array(told)[:, None]

    names = unknowns(inputs)
    few = uniform(len(names), 64, 1)
    a_sample = seconds(lambda: plain(few), 1) / 64
    fast = seconds(lambda: sensitivity(document, of=("territory",)), 2)
    loop = a_sample * 4096 * (len(names) + 2)
    show(("a loop, s (from 64 samples)", "ours, s", "times faster"), [(loop, fast, f"{loop / fast:,.0f}")])


def of_a_bare_function() -> None:
    """Time the analysis itself: a function that costs nothing."""
    rows = []
    for many in (10, 100, 400):
        slopes = np.arange(1.0, many + 1)
        groups = Groups.single([str(at) for at in range(many)])
        taken = seconds(lambda s=slopes, g=groups: sobol(lambda p: (p @ s)[:, None], ["y"], g), 2)
        rows.append((many, taken))
    show(("unknowns", "4,096 draws, s"), rows)


def in_full(document) -> None:
    """Time what a report needs: every method on every issue, by value and by source, and levers."""
    started = time.perf_counter()
    rows = []
    for method in METHODS:
        begun = time.perf_counter()
        sensitivity(document, methods=(method,), draws=4096)
        rows.append((f"indices of {method}, 78 numbers × 6 issues", time.perf_counter() - begun))
    begun = time.perf_counter()
    sensitivity(document, methods=METHODS, by="source", draws=4096)
    rows.append(("indices of all four by source", time.perf_counter() - begun))
    begun = time.perf_counter()
    for method in METHODS:
        forecast_levers(document, "territory", at_most=40, method=method)
    rows.append(("levers on territory of all four", time.perf_counter() - begun))
    rows.append(("in all", time.perf_counter() - started))
    show(("flagship, 4,096 Sobol draws", "s"), rows)


if __name__ == "__main__":
    load_all()
    flagship = read(FLAGSHIP).document
    sensitivity(flagship, methods=METHODS, of=("territory",), by="actor", draws=64)
    in_full(flagship)
    growth(flagship)
    threads(flagship)
    against_a_loop(flagship)
    of_a_bare_function()
