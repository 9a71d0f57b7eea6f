"""What the answers of a case depend on: which number, whose, on which issue, from which report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np
import xarray as xr

from westphalia.analyses.sampling import APART, Ties, unknowns
from westphalia.analyses.screening import screen
from westphalia.analyses.sensitivity import Groups, sobol
from westphalia.case.document import Document
from westphalia.case.inputs import build
from westphalia.case.schema import CaseFile
from westphalia.errors import CallError, suggest
from westphalia.labels import ACTOR, ANSWER, GROUP, ISSUE
from westphalia.methods import load_all
from westphalia.runs.answers import Answer, answers
from westphalia.runs.asked import CONCEPT
from westphalia.runs.backing import Backings, backings
from westphalia.runs.engine import Progress, version
from westphalia.runs.study import Options
from westphalia.uncertain import UncertainInputs

By = Literal["value", "actor", "issue", "source", "statement"]
WAYS: tuple[By, ...] = ("value", "actor", "issue", "source", "statement")

_WISH = "wish-"
"""How the doubts of an actor's wishes are called, after the actor."""

SEVERAL_ISSUES, NO_ISSUE, NO_ACTOR = "(several issues)", "(no issue)", "(no actor)"


def sensitivity(
    document: Document,
    *,
    methods: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
    by: By = "value",
    concept: str = CONCEPT,
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
    of: issues, ``zone`` (whether some package is accepted by all), ``acceptance`` (whether each
        required party accepts the compromise mean's package), and ``rest:`` with a state of the graph
        model, ``today`` or a statement over moves (whether the state, or some state in which it holds,
        is at rest); all issues on a scale unless given.
    by: each value alone, or together what concerns an actor or an issue, or rests on a source or a
        statement. Groups by evidence overlap where a value names several.
    concept: solution concept by which states are at rest: nash, gmr, smr, seq or sseq.
    draws: size of each of the two base samples; seed: 0 or more.
    options: options by method id. ties: what errs together.

    Returns
    -------
    Dataset as of `analyses.sensitivity.sobol`, the answers named ``mean.territory``, ``zone``,
    ``acceptance.usa``, with a stamp. An answer that sees one issue alone is computed on it alone.
    Its cost is draws × (groups that it hangs on + 2) runs of the method.

    Raises
    ------
    CallError: an unknown method, issue or way to group; nothing in the case is uncertain; a number
        out of bounds.
    """
    load_all()
    inputs = build(document.case)
    asked = answers(document.case, inputs, methods, of, options or {}, concept)
    names = _uncertain(inputs, ties, asked)
    groups = grouped(document.case, inputs, by, names)
    place = {name: at for at, name in enumerate(names)}
    how: dict[str, Any] = {"draws": draws, "seed": seed, "workers": workers, "progress": progress}
    parts = []
    for answer in asked:
        columns = [place[name] for name in answer.unknowns(inputs, ties)]
        part = Groups(groups.names, groups.member[:, columns])
        parts.append(_whole(sobol(answer.over(inputs, ties), answer.names, part, **how), groups))
    joined = xr.concat(
        parts, dim=ANSWER, data_vars="minimal", coords="minimal", compat="override", join="exact"
    )
    return joined.assign_attrs({**_stamp(document, ties, asked, concept), "draws": draws, "by": by})


def _whole(found: xr.Dataset, groups: Groups) -> xr.Dataset:
    """Return the result with groups as the case has them, not only as far as the answer reads them."""
    count = found["unknown_count"].copy(data=groups.member.sum(axis=1))
    unread = (count == 1) & (found["unknown_count"] == 0)
    cut = found["interval_cut"]
    return found.assign(unknown_count=count, interval_cut=cut.where(~unread, 0.0).assign_attrs(cut.attrs))


def screening(
    document: Document,
    *,
    methods: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
    concept: str = CONCEPT,
    trajectories: int = 20,
    seed: int = 1,
    options: Options | None = None,
    ties: Ties = APART,
) -> xr.Dataset:
    """Return how far each unknown moves each answer by Morris's trajectories, for cases with very many.

    Parameters are as of `sensitivity`; the result is as of `analyses.screening.screen`, with a stamp.
    Its cost is trajectories × (unknowns + 1) runs of the methods.

    Raises
    ------
    CallError: as `sensitivity`.
    """
    load_all()
    inputs = build(document.case)
    asked = answers(document.case, inputs, methods, of, options or {}, concept)
    names = list(_uncertain(inputs, ties, asked))
    how = {"trajectories": trajectories, "seed": seed}
    parts = []
    for answer in asked:
        moved = screen(answer.over(inputs, ties), answer.names, answer.unknowns(inputs, ties), **how)
        parts.append(moved.reindex({GROUP: names}, fill_value=0.0))
    joined = xr.concat(parts, dim=ANSWER, join="exact")
    return joined.assign_attrs({**_stamp(document, ties, asked, concept), "trajectories": trajectories})


def _stamp(document: Document, ties: Ties, asked: Iterable[Answer], concept: str) -> dict[str, Any]:
    case = {"case": document.case.id, "case_digest": document.digest}
    judged = {"concept": concept} if any(answer.own is not None for answer in asked) else {}
    return {**case, **ties.stamp, **judged, "version": version()}


def _uncertain(inputs: UncertainInputs, ties: Ties, asked: Iterable[Answer]) -> tuple[str, ...]:
    """Return the names of all unknowns of the case: those of its inputs, and the answers' own."""
    own = dict.fromkeys(name for answer in asked for name in answer.own or ())
    names = (*unknowns(inputs, ties), *own)
    if not names:
        raise CallError(
            "Nothing in the case is uncertain, so no answer depends on anything unknown.",
            code="nothing-uncertain",
            hint="Give ranges or several experts' values instead of numbers.",
        )
    return names


# --- groups --------------------------------------------------------------------------------------


def grouped(case: CaseFile, inputs: UncertainInputs, by: By, names: tuple[str, ...]) -> Groups:
    """Return unknowns of a case by name alone, or in groups by actor, issue, source or statement.

    Raises
    ------
    CallError: there is no such way to group.
    """
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


def _actors(case: CaseFile, inputs: UncertainInputs, names: tuple[str, ...]) -> Named:
    of = _of_cells(inputs, ACTOR)
    return {name: of.get(name) or _whose(case, name) for name in names}


def _whose(case: CaseFile, name: str) -> tuple[str, ...]:
    """Return whose an unknown is that is no cell of the inputs: a capability error or a doubt of a wish."""
    actor, _, rest = name.partition(".")
    is_own = actor in case.actor and (rest == "capability_error" or rest.startswith(_WISH))
    return (actor,) if is_own else (NO_ACTOR,)


def _issues(_case: CaseFile, inputs: UncertainInputs, names: tuple[str, ...]) -> Named:
    of = {
        path: labels if len(labels) < 2 else (SEVERAL_ISSUES,)
        for path, labels in _of_cells(inputs, ISSUE).items()
    }
    of |= {name: () for name in names if name not in of and name.partition(".")[2].startswith(_WISH)}
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
