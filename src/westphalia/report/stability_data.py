"""Where the conflict of a case comes to rest as exact data: a tree for JSON, and all states as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from westphalia.labels import ACTOR, ATTITUDE, CONCEPT, HORIZON, OTHER, SWAP
from westphalia.methods.stability.inverse import Inverse
from westphalia.methods.stability.reasons import Reason, Sanction
from westphalia.report.stability_reasons import TODAY, reasons_at, state_place, verdicts_at
from westphalia.report.stability_states import Teller
from westphalia.report.stability_ways import ways_by
from westphalia.runs.graph import held_wishes
from westphalia.runs.stability import GraphStudy
from westphalia.runs.wished import Rest

Tree = dict[str, Any]


def plain(study: GraphStudy) -> Tree:
    """Return all that the graph model answers as plain data; states by the names results give them."""
    conflict, today = study.model.conflict, study.model.today
    return {
        "case": study.document.case.id,
        "run": {**study.stamp, "options": study.options},
        "actors": list(conflict.actors),
        "moves": list(conflict.moves),
        "state_count": conflict.size,
        "today": None if today is None else conflict.name(today),
        "lead": study.lead,
        "equilibria": _flagged(study, study.verdicts, CONCEPT),
        "strong_equilibria": _flagged(study, study.strong, CONCEPT),
        "by_attitude": _by_attitude(study),
        "by_horizon": _flagged(study, study.limited, HORIZON),
        "nonmyopic": None
        if study.nonmyopic is None
        else _names(study, study.nonmyopic["is_equilibrium"].values),
        "states": [_state(study, state) for state in study.looked_at],
        "ways": _ways(study),
        "leads_to": _leads_to(study),
        "departures": _departures(study),
        "deterrence": _deterrence(study),
        "swaps": _swaps(study),
        "idle_wishes": _idle(study),
        "infeasible": _removed(study),
        "stay": None if study.stay is None else _rest(study, study.stay),
        "wished": _wished(study),
        "skipped": study.skipped,
    }


def reasons_of(study: GraphStudy, text: str) -> Tree:
    """Return why each actor stays in a state or leaves it, by each concept. Raises as `state_place`."""
    state, name = state_place(study, text), study.model.conflict.name
    told = [_reason(study, one) for one in reasons_at(study, state)]
    return {"state": name(state), "is_stable": verdicts_at(study, state), "reasons": told}


# --- states --------------------------------------------------------------------------------------


def _names(study: GraphStudy, flags: np.ndarray[tuple[int, ...], np.dtype[Any]]) -> list[str]:
    return [study.model.conflict.name(int(state)) for state in np.flatnonzero(flags)]


def _flagged(study: GraphStudy, found: xr.Dataset | None, dimension: str) -> Tree | None:
    """Return the equilibria by name for each concept or horizon."""
    if found is None:
        return None
    rows = zip(found[dimension].values, found["is_equilibrium"].values, strict=True)
    return {str(key): _names(study, flags) for key, flags in rows}


def _by_attitude(study: GraphStudy) -> Tree | None:
    unknown = study.unknown
    if unknown is None:
        return None
    return {
        str(one): _flagged(study, unknown.sel({ATTITUDE: one}), CONCEPT) for one in unknown[ATTITUDE].values
    }


def _state(study: GraphStudy, state: int) -> Tree:
    conflict, teller = study.model.conflict, Teller(study, "en")
    return {
        "state": conflict.name(state),
        "label": TODAY if state == teller.today else teller.label[state],
        "levels": dict(zip(conflict.moves, conflict.levels_at(state), strict=True)),
        "is_stable": verdicts_at(study, state),
        **_shares(study, state),
    }


def _shares(study: GraphStudy, state: int) -> Tree:
    robust = study.robust
    if robust is None:
        return {"share_of_draws": None, "standard_error": None}
    concepts = list(map(str, robust[CONCEPT].values))
    share, error = (
        dict(zip(concepts, robust[f"equilibrium_{kind}"].values[:, state].tolist(), strict=True))
        for kind in ("probability", "error")
    )
    return {"share_of_draws": share, "standard_error": error}


# --- moves ---------------------------------------------------------------------------------------


def _ways(study: GraphStudy) -> Tree | None:
    if study.ways is None:
        return None
    return {
        route: {
            study.model.conflict.name(goal): None if way is None else _path(study, way.steps)
            for goal, way in ways_by(study.ways, route).items()
        }
        for route in ("moves", "improvements")
    }


def _path(study: GraphStudy, steps: Sequence[tuple[int, int]]) -> list[Tree]:
    conflict = study.model.conflict
    return [{"actor": conflict.actors[actor], "to": conflict.name(state)} for actor, state in steps]


def _leads_to(study: GraphStudy) -> list[Tree] | None:
    if study.ends is None:
        return None
    sizes, states = (study.ends[name].values.tolist() for name in ("attractor_size", "attractor_state"))
    return [
        {"size": size, "first": study.model.conflict.name(state)}
        for size, state in zip(sizes, states, strict=True)
    ]


def _members(study: GraphStudy, flags: np.ndarray[tuple[int, ...], np.dtype[Any]]) -> list[str]:
    return [study.model.conflict.actors[at] for at in np.flatnonzero(flags)]


def _departures(study: GraphStudy) -> list[Tree] | None:
    found, name = study.leaving, study.model.conflict.name
    if found is None:
        return None
    concepts = list(map(str, found[CONCEPT].values))
    return [
        {
            "from": name(int(found["from_state"].values[at])),
            "to": name(int(found["to_state"].values[at])),
            "coalition": _members(study, found["is_member"].values[at]),
            "is_minimal": bool(found["is_minimal"].values[at]),
            "is_unpunished": dict(zip(concepts, found["is_unpunished"].values[:, at].tolist(), strict=True)),
        }
        for at in range(len(found["from_state"]))
    ]


def _deterrence(study: GraphStudy) -> Tree | None:
    if study.deterrence is None:
        return None
    return {
        str(concept): _deterred(study.deterrence.sel({CONCEPT: concept}))
        for concept in study.deterrence[CONCEPT].values
    }


def _deterred(own: xr.Dataset) -> Tree:
    others = list(map(str, own[OTHER].values))
    rows = zip(
        map(str, own[ACTOR].values),
        own["deterred_count"].values.tolist(),
        own["needed_count"].values,
        strict=True,
    )
    return {
        actor: {"deterred": many, "needed": dict(zip(others, needed.tolist(), strict=True))}
        for actor, many, needed in rows
    }


# --- what it hangs on ------------------------------------------------------------------------------


def _swaps(study: GraphStudy) -> list[Tree] | None:
    found = study.swapped
    if found is None:
        return None
    concepts = list(map(str, found[CONCEPT].values))
    return [
        {
            "actor": str(found["swap_actor"].values[at]),
            "raised": _names(study, found["is_raised"].values[at]),
            "lowered": _names(study, found["is_lowered"].values[at]),
            "gained": {
                one: _names(study, found["is_gained"].values[row, at]) for row, one in enumerate(concepts)
            },
            "lost": {
                one: _names(study, found["is_lost"].values[row, at]) for row, one in enumerate(concepts)
            },
        }
        for at in range(found.sizes[SWAP])
    ]


def _idle(study: GraphStudy) -> list[Tree]:
    return [
        {
            "actor": actor,
            "wish": held_wishes(study.model.terms.preferences[actor])[one.statement].that,
            "reason": one.reason,
        }
        for actor, idle in study.idle.items()
        for one in idle
    ]


def _removed(study: GraphStudy) -> list[Tree]:
    """Return what each line rules out; nothing where that was not counted."""
    lines = map(str, study.model.terms.infeasible if study.removed else ())
    return [{"that": line, **one._asdict()} for line, one in zip(lines, study.removed, strict=True)]


def _rest(study: GraphStudy, rest: Rest) -> Tree:
    needs = [_need(study, need) for need in rest.needs]
    return {"state": study.model.conflict.name(rest.state), "concept": rest.concept, "needs": needs}


def _need(study: GraphStudy, need: Inverse) -> Tree:
    name = study.model.conflict.name
    return {
        "actor": study.model.conflict.actors[need.condition.actor],
        "no_better_than_it": list(map(name, need.fall.states)),
        "is_fewest": need.fall.is_proved,
        "rises_past": list(map(name, need.rise)),
        "share_of_orders": need.share.value,
        "share_error": need.share.error,
    }


def _wished(study: GraphStudy) -> Tree | None:
    found, name = study.wished, study.model.conflict.name
    if found is None:
        return None
    return {
        "that": found.text,
        "state_count": len(found.states),
        "at_rest": [name(int(state)) for state in found.at_rest],
        "nearest": None if found.nearest is None else _rest(study, found.nearest),
    }


# --- reasons -------------------------------------------------------------------------------------


def _reason(study: GraphStudy, one: Reason) -> Tree:
    conflict = study.model.conflict
    improvements = [
        {
            "to": conflict.name(step.state),
            "sanction": None if step.sanction is None else _sanction(study, step.sanction),
            "escaped": None if step.escaped is None else _sanction(study, step.escaped),
            "escape": None if step.escape is None else conflict.name(step.escape),
        }
        for step in one.improvements
    ]
    told = {"actor": conflict.actors[one.actor], "concept": one.concept, "is_stable": one.is_stable}
    return {**told, "improvements": improvements}


def _sanction(study: GraphStudy, sanction: Sanction) -> Tree:
    conflict = study.model.conflict
    path = _path(study, sanction.path)
    return {"state": conflict.name(sanction.state), "path": path, "is_simultaneous": sanction.is_simultaneous}


# --- all states as a table -------------------------------------------------------------------------


def csv_text(study: GraphStudy) -> str:
    """Return every state as CSV: levels of moves, who stays by which concept, shares of draws."""
    conflict, verdicts = study.model.conflict, study.verdicts
    levels = [conflict.level(move) for move in range(len(conflict.moves))]
    columns: dict[str, Any] = dict(zip(conflict.moves, levels, strict=True))
    for row, concept in enumerate(map(str, verdicts[CONCEPT].values)):
        for at, actor in enumerate(conflict.actors):
            columns[f"{concept}_{actor}"] = verdicts["is_stable"].values[row, at]
        columns[f"{concept}_equilibrium"] = verdicts["is_equilibrium"].values[row]
    if study.robust is not None:
        for row, concept in enumerate(map(str, study.robust[CONCEPT].values)):
            columns[f"{concept}_share_of_draws"] = study.robust["equilibrium_probability"].values[row]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["state", *columns])
    told = [values.tolist() for values in columns.values()]
    for state, row_values in enumerate(zip(*told, strict=True)):
        writer.writerow([conflict.name(state), *row_values])
    return stream.getvalue()
