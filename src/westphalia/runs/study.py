"""A study: every method on every draw of a case, and what follows from it, computed once for all faces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import xarray as xr

from westphalia.analyses.compare import sample_like
from westphalia.analyses.forecasts import DEFAULT_METHOD, PREDICTIVE, side_by_side
from westphalia.analyses.sampling import APART, Ties, sample
from westphalia.case.document import Document
from westphalia.case.inputs import build
from westphalia.case.stands import ResolvedStand, resolved
from westphalia.errors import CallError
from westphalia.labels import ISSUE, described
from westphalia.methods import load_all
from westphalia.methods.deals.utility import acceptance
from westphalia.registry import MethodSpec, find, labelled_inputs, registered
from westphalia.runs.engine import Progress, run, version
from westphalia.runs.pools import Pool, opened_pool
from westphalia.uncertain import UncertainInputs

Options = Mapping[str, Mapping[str, Any]]
"""Options by method id."""


@dataclass(frozen=True)
class Study:
    """What the methods say of a case.

    `draws` and `nominal_draws` are the sampled inputs; `results` holds each method's own Dataset,
    `skipped` why a method could not run; `forecast` sets the methods side by side. `outcome` (draw, issue) is
    the default forecast: draws of the predictive distribution, which hold the method's own error beside
    the doubt of the inputs; None where neither it nor the compromise mean was run. `acceptance` says who
    prefers the compromise mean's package to no deal. `texts` holds the words of sources that are at hand.
    """

    document: Document
    inputs: UncertainInputs
    stands: tuple[ResolvedStand, ...]
    draws: xr.Dataset
    nominal_draws: xr.Dataset
    results: dict[str, xr.Dataset]
    skipped: dict[str, str]
    forecast: xr.Dataset
    outcome: xr.Dataset | None
    acceptance: xr.Dataset | None
    seed: int
    options: Options
    texts: Mapping[str, str]

    def only_result(self) -> xr.Dataset:
        """Return the result of the one method that was run.

        Raises
        ------
        CallError: it could not run, and why.
        """
        for method, reason in self.skipped.items():
            if method not in ("acceptance", *self.results):
                raise CallError(reason, code="input-missing", where=method)
        return next(iter(self.results.values()))


def conduct(
    document: Document,
    *,
    draws: int = 2000,
    seed: int = 1,
    only: tuple[str, ...] = (),
    options: Options | None = None,
    texts: Mapping[str, str] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    like: UncertainInputs | None = None,
    scheduler: str | None = None,
    ties: Ties = APART,
) -> Study:
    """Run the methods (`only` these, or all that forecast) on a case and gather what follows.

    `ties` say what errs together. With `like`, the inputs of another case, what both have is drawn
    alike, so that the two can be compared draw by draw. With `scheduler`, the address of a Dask
    scheduler, its cluster computes instead of threads, to the same bits.

    Raises
    ------
    CallError: an unknown method or option, draws, seed or workers out of bounds, or no cluster.
    """
    wanted = options or {}
    chosen = chosen_methods(only, wanted)
    inputs = build(document.case)
    scaled, nominal = (
        sample(inputs, draws, seed, ties=ties)
        if like is None
        else sample_like(inputs, like, draws, seed, ties=ties)
    )
    stamp = {"case": document.case.id, "case_digest": document.digest, "draws": draws, "seed": seed}
    stamp |= ties.stamp
    with opened_pool(workers, scheduler) as pool:
        hands = _Hands(_seeded(wanted, seed), {**stamp, "version": version()}, pool, progress)
        results, skipped = hands.run_all(chosen, scaled, nominal)
    ran = [spec for spec in chosen if spec.id in results]
    compared = {spec.id: results[spec.id][spec.forecast] for spec in ran if spec.forecast}
    default = compared.get(DEFAULT_METHOD)
    return Study(
        document=document,
        inputs=inputs,
        stands=resolved(document.case),
        draws=scaled,
        nominal_draws=nominal,
        results=results,
        skipped=skipped,
        forecast=(side_by_side(compared) if compared else xr.Dataset()).assign_attrs(hands.stamp),
        outcome=_outcome(compared, scaled, hands.options),
        acceptance=None if default is None else _accepted(default, scaled, skipped),
        seed=seed,
        options=wanted,
        texts=texts or {},
    )


def chosen_methods(only: tuple[str, ...], options: Options) -> tuple[MethodSpec, ...]:
    """Return the methods to run, the default first: those named, or all that are registered.

    Raises
    ------
    CallError: a method or an option that does not exist, or options for a method that is not run.
    """
    load_all()
    forecasting = [spec for spec in registered() if spec.takes != "packages"]
    chosen = [find(name) for name in dict.fromkeys(only)] if only else forecasting
    for name, given in options.items():
        spec = find(name)
        spec.checked(given)
        if spec not in chosen:
            raise CallError(
                f"Options for '{name}' are given, but it is not run.",
                code="option-of-idle-method",
                where=name,
                hint=f"Add it to the methods: {', '.join(spec.id for spec in chosen)}.",
            )
    return tuple(sorted(chosen, key=lambda spec: spec.id != DEFAULT_METHOD))


def _seeded(options: Options, seed: int) -> Options:
    """Return the options with the study's seed for the predictive distribution unless it is given one."""
    return {**options, PREDICTIVE: {"seed": seed % 2**31, **options.get(PREDICTIVE, {})}}


@dataclass(frozen=True)
class _Hands:
    """What all runs of a study share."""

    options: Options
    stamp: dict[str, Any]
    pool: Pool
    progress: Progress | None

    def run_all(
        self, chosen: tuple[MethodSpec, ...], scaled: xr.Dataset, nominal: xr.Dataset
    ) -> tuple[dict[str, xr.Dataset], dict[str, str]]:
        """Return each method's result, and why those that lack an input could not run."""
        results: dict[str, xr.Dataset] = {}
        skipped: dict[str, str] = {}
        for spec in chosen:
            try:
                results[spec.id] = self.run_one(spec, scaled if spec.takes == "scaled" else nominal)
            except CallError as error:
                if error.code != "input-missing":
                    raise
                skipped[spec.id] = f"{error.message} {error.hint}".strip()
        return results, skipped

    def run_one(self, spec: MethodSpec, data: xr.Dataset) -> xr.Dataset:
        """Run one method and stamp its result."""
        if data.sizes[ISSUE] == 0:
            kind = "a scale" if spec.takes == "scaled" else "named options"
            raise CallError(f"The case has no issue with {kind}.", code="input-missing")
        options = self.options.get(spec.id)
        ran = run(spec, data, options=options, pool=self.pool, progress=self.progress)
        return ran.assign_attrs(self.stamp)


def _outcome(compared: Mapping[str, xr.DataArray], scaled: xr.Dataset, options: Options) -> xr.Dataset | None:
    """Return `outcome` (draw, issue); it is told of every study of the mean, even of one without it."""
    told = compared.get(PREDICTIVE)
    if told is None and DEFAULT_METHOD in compared:
        told = run(find(PREDICTIVE), scaled, options=options[PREDICTIVE], workers=1)["forecast"]
    return None if told is None else described(xr.Dataset({"outcome": told.drop_attrs()}))


def _accepted(default: xr.DataArray, inputs: xr.Dataset, skipped: dict[str, str]) -> xr.Dataset | None:
    arrays: dict[str, Any] = {name: inputs[name] for name in labelled_inputs(acceptance) if name in inputs}
    try:
        return acceptance(default, **arrays)
    except CallError as error:
        if error.code != "input-missing":
            raise
        skipped["acceptance"] = f"{error.message} {error.hint}".strip()
        return None
