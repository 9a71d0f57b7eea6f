"""What the answers of a case depend on: which number, whose, on which issue, from which report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import xarray as xr

from westphalia.analyses.forecasts import DEFAULT_METHOD
from westphalia.analyses.sampling import APART, Ties, drawn, unknowns
from westphalia.analyses.screening import screen
from westphalia.analyses.sensitivity import Groups, sobol
from westphalia.case.document import Document
from westphalia.case.inputs import build
from westphalia.case.schema import CaseFile
from westphalia.errors import CallError, suggest
from westphalia.labels import ACTOR, ANSWER, DRAW, ISSUE
from westphalia.methods.deals.utility import acceptance
from westphalia.registry import MethodSpec, find, labelled_inputs
from westphalia.runs.backing import Backings, backings
from westphalia.runs.engine import Progress, run, version
from westphalia.runs.study import Options, chosen_methods
from westphalia.runs.zones import zone_of
from westphalia.uncertain import FloatArray, UncertainInputs

By = Literal["value", "actor", "issue", "source", "statement"]
WAYS: tuple[By, ...] = ("value", "actor", "issue", "source", "statement")

ZONE, ACCEPTANCE = "zone", "acceptance"
"""What can be asked for beside the issues."""

SEVERAL_ISSUES, NO_ISSUE, NO_ACTOR = "(several issues)", "(no issue)", "(no actor)"


@dataclass(frozen=True)
class Answer:
    """Numbers that drawn inputs give, by name; `reads` are the input variables they hang on.

    `compute` takes draws of the inputs on scaled and on nominal issues and returns (draw, name).
    Anything that can be told from drawn inputs can be an answer.
    """

    names: tuple[str, ...]
    reads: frozenset[str]
    compute: Callable[[xr.Dataset, xr.Dataset], FloatArray]


def sensitivity(
    document: Document,
    *,
    methods: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
    by: By = "value",
    draws: int = 4096,
    seed: int = 1,
    options: Options | None = None,
    ties: Ties = APART,
    workers: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Return Sobol indices of the case's unknowns, or of groups of them, for each answer.

    Parameters
    ----------
    document: a checked case.
    methods: ids of methods that forecast; the compromise mean unless given.
    of: issues, ``zone`` (whether some package is accepted by all) and ``acceptance`` (whether each
        required party accepts the compromise mean's package); all issues unless given.
    by: each value alone, or together what concerns an actor or an issue, or rests on a source or a
        statement. Groups by evidence overlap where a value names several.
    draws: size of each of the two base samples; seed: 0 or more.
    options: options by method id. ties: what errs together.

    Returns
    -------
    Dataset as of `analyses.sensitivity.sobol`, the answers named ``mean.territory``, ``zone``,
    ``acceptance.usa``, with a stamp. Its cost is draws × (groups + 2) runs of the methods.

    Raises
    ------
    CallError: an unknown method, issue or way to group; nothing in the case is uncertain; a number
        out of bounds.
    """
    inputs = build(document.case)
    names = _uncertain(inputs, ties)
    groups = grouped(document.case, inputs, by, ties)
    parts = []
    for answer in answers(document.case, inputs, methods, of, options or {}):
        parts.append(
            sobol(
                _over(inputs, ties, answer),
                answer.names,
                groups,
                draws=draws,
                seed=seed,
                matters=_matters(inputs, names, answer),
                workers=workers,
                progress=progress,
            )
        )
    stamp = {"case": document.case.id, "case_digest": document.digest, "draws": draws, "by": by}
    joined = xr.concat(parts, dim=ANSWER, data_vars="minimal", coords="minimal", compat="override")
    return joined.assign_attrs({**stamp, "version": version()})


def screening(
    document: Document,
    *,
    methods: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
    trajectories: int = 20,
    seed: int = 1,
    options: Options | None = None,
    ties: Ties = APART,
) -> xr.Dataset:
    """Return how far each unknown moves each answer by Morris's trajectories, for cases with very many.

    Parameters are as of `sensitivity`; the result is as of `analyses.screening.screen`. Its cost is
    trajectories × (unknowns + 1) runs of the methods.

    Raises
    ------
    CallError: as `sensitivity`.
    """
    inputs = build(document.case)
    names = _uncertain(inputs, ties)
    wanted = answers(document.case, inputs, methods, of, options or {})
    parts = [
        screen(_over(inputs, ties, answer), answer.names, names, trajectories=trajectories, seed=seed)
        for answer in wanted
    ]
    stamp = {"case": document.case.id, "case_digest": document.digest, "version": version()}
    return xr.concat(parts, dim=ANSWER).assign_attrs({**stamp, "trajectories": trajectories})


def _uncertain(inputs: UncertainInputs, ties: Ties) -> tuple[str, ...]:
    names = unknowns(inputs, ties)
    if not names:
        raise CallError(
            "Nothing in the case is uncertain, so no answer depends on anything unknown.",
            code="nothing-uncertain",
            hint="Give ranges or several experts' values instead of numbers.",
        )
    return names


def _over(inputs: UncertainInputs, ties: Ties, answer: Answer) -> Callable[[FloatArray], FloatArray]:
    return lambda points: answer.compute(*drawn(inputs, points, ties))


def _matters(
    inputs: UncertainInputs, names: tuple[str, ...], answer: Answer
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which unknowns the answer reads; what errs together may be read by any."""
    cells = (*inputs.cells, *inputs.nominal_cells)
    known = {cell.path for cell in cells}
    read = {cell.path for cell in cells if cell.variable in answer.reads}
    return np.array([name in read or name not in known for name in names], dtype=bool)


# --- what is asked -------------------------------------------------------------------------------


def answers(
    case: CaseFile, inputs: UncertainInputs, methods: tuple[str, ...], of: tuple[str, ...], options: Options
) -> tuple[Answer, ...]:
    """Return the answers that are asked for, method by method.

    Raises
    ------
    CallError: a name that is no issue, a method that does not forecast the issue, or nothing to ask.
    """
    scaled = tuple(str(issue) for issue in inputs.central[ISSUE].values)
    nominal = tuple(str(issue) for issue in inputs.nominal[ISSUE].values)
    known = (*scaled, *nominal, ZONE, ACCEPTANCE)
    for name in of:
        if name not in known:
            raise CallError(
                f"'{name}' is nothing that can be asked for.",
                code="unknown-answer",
                where=name,
                hint=suggest(name, known),
            )
    found: list[Answer] = []
    on_scale = tuple(issue for issue in scaled if not of or issue in of)
    if on_scale:
        found += [_forecasts(spec, on_scale, options) for spec in _forecasting(methods, options)]
    chosen = tuple(issue for issue in nominal if issue in of or (not of and not scaled))
    if chosen:
        found.append(_support(inputs, chosen, options))
    if ZONE in of:
        found.append(
            Answer(
                (ZONE,), frozenset({"position", "choice", "salience", "reversion", "no_deal"}), zone_of(case)
            )
        )
    if ACCEPTANCE in of:
        found.append(_accepting(case, inputs))
    return tuple(found)


def _forecasting(methods: tuple[str, ...], options: Options) -> tuple[MethodSpec, ...]:
    specs = chosen_methods(methods or (DEFAULT_METHOD,), options)
    for spec in specs:
        if spec.forecast is None or spec.takes != "scaled":
            raise CallError(
                f"The method '{spec.id}' gives no forecast on a scale.", code="no-forecast", where=spec.id
            )
    return specs


def _forecasts(spec: MethodSpec, issues: tuple[str, ...], options: Options) -> Answer:
    def compute(scaled: xr.Dataset, _nominal: xr.Dataset) -> FloatArray:
        result = run(spec, scaled, options=options.get(spec.id), workers=1)[str(spec.forecast)]
        return np.asarray(result.sel({ISSUE: list(issues)}).transpose(DRAW, ISSUE).values)

    return Answer(tuple(f"{spec.id}.{issue}" for issue in issues), frozenset(spec.inputs), compute)


def _support(inputs: UncertainInputs, issues: tuple[str, ...], options: Options) -> Answer:
    """Return the share of weighted support of each option of nominal issues."""
    spec = find("plurality")
    places = [(issue, at) for issue in issues for at in range(len(inputs.options[issue]))]

    def compute(_scaled: xr.Dataset, nominal: xr.Dataset) -> FloatArray:
        share = run(spec, nominal, options=options.get(spec.id), workers=1)["share"]
        return np.stack([_share_at(share.sel({ISSUE: issue}), at) for issue, at in places], axis=1)

    names = tuple(f"plurality.{issue}.{inputs.options[issue][at]}" for issue, at in places)
    return Answer(names, frozenset(spec.inputs), compute)


def _share_at(share: xr.DataArray, at: int) -> FloatArray:
    values = share.transpose(DRAW, ...).values
    return np.asarray(values[:, at]) if at < values.shape[1] else np.zeros(len(values))


def _accepting(case: CaseFile, inputs: UncertainInputs) -> Answer:
    """Return whether each required party prefers the compromise mean's package to no deal."""
    required = case.agreement.required if case.agreement is not None else ()
    actors = [actor for actor in inputs.central[ACTOR].values.tolist() if actor in required]
    if not actors:
        raise CallError("Nobody's consent is needed, so nobody accepts.", code="input-missing")
    default = find(DEFAULT_METHOD)

    def compute(scaled: xr.Dataset, _nominal: xr.Dataset) -> FloatArray:
        outcome = run(default, scaled, workers=1)[str(default.forecast)]
        arrays: dict[str, Any] = {
            name: scaled[name] for name in labelled_inputs(acceptance) if name in scaled
        }
        accepted = acceptance(outcome, **arrays)["is_accepted"].sel({ACTOR: actors})
        return np.asarray(accepted.transpose(DRAW, ACTOR).values, dtype=float)

    reads = frozenset((*default.inputs, *labelled_inputs(acceptance)))
    return Answer(tuple(f"{ACCEPTANCE}.{actor}" for actor in actors), reads, compute)


# --- groups --------------------------------------------------------------------------------------


def grouped(case: CaseFile, inputs: UncertainInputs, by: By, ties: Ties = APART) -> Groups:
    """Return the unknowns of a case alone, or in groups by actor, issue, source or statement.

    Raises
    ------
    CallError: there is no such way to group.
    """
    names = unknowns(inputs, ties)
    if by == "value":
        return Groups.single(names)
    labels = {"actor": _actors, "issue": _issues, "source": _sources, "statement": _statements}
    if by not in labels:
        hint = suggest(by, WAYS)
        raise CallError(f"Unknowns cannot be grouped by '{by}'.", code="unknown-grouping", hint=hint)
    named = labels[by](case, inputs, names)
    found = tuple(dict.fromkeys(label for name in names for label in named[name]))
    member = np.array([[label in named[name] for name in names] for label in found], dtype=bool)
    return Groups(found, member)


Named = Mapping[str, tuple[str, ...]]


def _of_cells(inputs: UncertainInputs, dim: str) -> dict[str, tuple[str, ...]]:
    """Return the labels of a dimension that the cells of each path carry."""
    found: dict[str, dict[str, None]] = {}
    for data, cells in ((inputs.central, inputs.cells), (inputs.nominal, inputs.nominal_cells)):
        for cell in cells:
            at = found.setdefault(cell.path, {})
            dims = data[cell.variable].dims
            at |= {label: None for name, label in zip(dims, cell.index, strict=True) if name == dim}
    return {path: tuple(labels) for path, labels in found.items()}


def _actors(_case: CaseFile, inputs: UncertainInputs, names: tuple[str, ...]) -> Named:
    of = _of_cells(inputs, ACTOR)
    erring = {f"{actor}.capability_error": (actor,) for actor in inputs.central[ACTOR].values.tolist()}
    return {name: of.get(name) or erring.get(name) or (NO_ACTOR,) for name in names}


def _issues(_case: CaseFile, inputs: UncertainInputs, names: tuple[str, ...]) -> Named:
    of = {
        path: labels if len(labels) < 2 else (SEVERAL_ISSUES,)
        for path, labels in _of_cells(inputs, ISSUE).items()
    }
    return {name: of.get(name, (SEVERAL_ISSUES,)) or (NO_ISSUE,) for name in names}


def _statements(case: CaseFile, _inputs: UncertainInputs, names: tuple[str, ...]) -> Named:
    told = backings(case)
    return {name: _evidence(told, name) for name in names}


def _sources(case: CaseFile, _inputs: UncertainInputs, names: tuple[str, ...]) -> Named:
    told = backings(case)
    return {
        name: tuple(
            dict.fromkeys(
                case.statement[one].source if one in case.statement else one for one in _evidence(told, name)
            )
        )
        for name in names
    }


def _evidence(told: Backings, name: str) -> tuple[str, ...]:
    backing = told.get(name)
    if backing is None:
        return ("(ties)",)
    return backing.evidence or (("(assumed)",) if backing.assumption else ("(no evidence)",))
