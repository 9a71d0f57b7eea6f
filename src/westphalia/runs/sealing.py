"""Sealing a forecast in a ledger, and computing a sealed one again."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from westphalia.analyses.forecasts import PREDICTIVE
from westphalia.analyses.quantile_scores import SLICES, middles
from westphalia.case.document import Document
from westphalia.errors import CallError
from westphalia.labels import DRAW, ISSUE, METHOD
from westphalia.runs.engine import Progress
from westphalia.runs.ledger import Entry, Ledger, add
from westphalia.runs.sealed import FORECAST, SealedIssue, sealed
from westphalia.runs.study import Options, conduct


def seal(
    document: Document,
    ledger: str | Path,
    *,
    method: str = PREDICTIVE,
    draws: int = 2000,
    seed: int = 1,
    options: Mapping[str, Any] | None = None,
    note: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    now: datetime.datetime | None = None,
) -> Entry:
    """Freeze a forecast of a case in a ledger and return its entry.

    Without `method` it is the predictive forecast: how likely each outcome is, by the doubt of the
    inputs and of the model. Other methods hold the doubt of the inputs alone. `options` are the
    method's. `now` is the time of sealing, by the clock unless given.

    Raises
    ------
    CallError: an unknown method or option, or the method gives no forecast on a scale.
    FileError: the ledger does not hold or cannot be written.
    """
    wanted = {method: dict(options)} if options else {}
    result = _forecast(document, method, draws, seed, wanted, workers, progress)
    issues = _told(document, result["result"])
    content = {
        "kind": FORECAST,
        "time": time_of(now),
        "case": document.case.id,
        "title": str(document.case.title),
        "case_digest": document.digest,
        "version": str(result.attrs["version"]),
        "method": method,
        "options": wanted,
        "draws": draws,
        "seed": seed,
        "result": digest_of_result(result["result"]),
        "issues": {name: told.model_dump() for name, told in issues.items()},
        **({"note": note} if note else {}),
    }
    return add(ledger, content)


def _forecast(
    document: Document,
    method: str,
    draws: int,
    seed: int,
    options: Options,
    workers: int | None,
    progress: Progress | None,
) -> xr.Dataset:
    """Return `result` (draw, issue) with the stamp of its run."""
    study = conduct(
        document,
        draws=draws,
        seed=seed,
        only=(method,),
        options=options,
        workers=workers,
        progress=progress,
    )
    study.only_result()
    if "forecast" not in study.forecast:
        message = f"The method '{method}' gives no forecast on a scale."
        raise CallError(message, code="no-forecast", where=method, hint="Seal another method.")
    made = study.forecast["forecast"].isel({METHOD: 0}, drop=True).drop_attrs()
    return xr.Dataset({"result": made.transpose(DRAW, ISSUE)}).assign_attrs(study.forecast.attrs)


def digest_of_result(result: xr.DataArray) -> str:
    """Return the SHA-256 of a forecast (draw, issue): names of issues, then little-endian doubles."""
    names = "\n".join(map(str, result[ISSUE].values.tolist()))
    held = np.ascontiguousarray(result.transpose(DRAW, ISSUE).values, dtype="<f8")
    return hashlib.sha256(names.encode() + b"\0" + held.tobytes()).hexdigest()


def _told(document: Document, result: xr.DataArray) -> dict[str, SealedIssue]:
    """Return, by issue, its question and scale with the mean and the quantiles of the forecast."""
    quantiles = np.quantile(result.values, middles(SLICES), axis=0)
    told = {}
    for at, name in enumerate(result[ISSUE].values.tolist()):
        issue = document.case.issue[name]
        low, high = issue.ends
        told[name] = SealedIssue(
            question=str(issue.question),
            low=low,
            high=high,
            mean=float(result.values[:, at].mean()),
            quantiles=tuple(quantiles[:, at].tolist()),
        )
    return told


def time_of(now: datetime.datetime | None) -> str:
    """Return a time, or that of the clock, as UTC to the second."""
    clock = now or datetime.datetime.now(datetime.UTC)
    return clock.astimezone(datetime.UTC).isoformat(timespec="seconds")


# --- again -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Again:
    """A sealed forecast computed again from the case at hand.

    `is_same` says whether every bit agrees; `largest` is the largest difference of a kept quantile, as
    a share of the issue's scale (NaN if the issues differ): rounding between machines is far below it.
    """

    is_same: bool
    is_same_case: bool
    is_same_version: bool
    largest: float


def reproduce(
    ledger: Ledger,
    entry: str,
    document: Document,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Again:
    """Compute a sealed forecast again from a case and compare.

    Raises
    ------
    CallError: no such forecast, or the case lacks what its method needs.
    """
    held = sealed(ledger, entry)[1]
    run = (held.method, held.draws, held.seed, held.options)
    result = _forecast(document, *run, workers, progress)
    return Again(
        is_same=digest_of_result(result["result"]) == held.result,
        is_same_case=document.digest == held.case_digest,
        is_same_version=str(result.attrs["version"]) == held.version,
        largest=_largest(_told(document, result["result"]), held.issues),
    )


def _largest(now: Mapping[str, SealedIssue], then: Mapping[str, SealedIssue]) -> float:
    if set(now) != set(then):
        return float("nan")
    apart = [
        np.abs(np.subtract(now[issue].quantiles, held.quantiles)).max() / held.length
        for issue, held in then.items()
    ]
    return float(max(apart))
