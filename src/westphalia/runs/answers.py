"""What can be asked of a case: numbers that its drawn inputs give, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from westphalia.analyses.forecasts import DEFAULT_METHOD
from westphalia.analyses.sampling import Ties, drawn, uniform, unknowns
from westphalia.case.schema import CaseFile
from westphalia.errors import CallError, suggest
from westphalia.labels import ACTOR, DRAW, ISSUE, OPTION
from westphalia.methods.deals.utility import acceptance
from westphalia.registry import MethodSpec, find, labelled_inputs
from westphalia.runs.asked import ACCEPTANCE, CONCEPT, REST, ZONE
from westphalia.runs.engine import CHUNK_CELLS, run
from westphalia.runs.graph import GraphModel, doubts, followers, graph_model
from westphalia.runs.rests import rests_of
from westphalia.runs.study import Options, chosen_methods
from westphalia.runs.zones import parties, zone_of
from westphalia.uncertain import FloatArray, Uncertain, UncertainInputs

_OF_ZONES = frozenset({"position", "choice", "salience", "reversion", "no_deal"})
_PROBES = 64


@dataclass(frozen=True)
class Answer:
    """Numbers that drawn inputs give, by name.

    `compute` takes draws of the inputs on scaled and on nominal issues and returns (draw, name).
    Anything that can be told from drawn inputs can be an answer. It hangs on no more than the
    variables it `reads`, of these `issues` and `actors`; None stands for all. An answer that may have
    unknowns of its `own`, beside those of the inputs, takes their points (draw, unknown) as a third
    argument.
    """

    names: tuple[str, ...]
    reads: frozenset[str]
    compute: Callable[..., FloatArray]
    issues: tuple[str, ...] | None = None
    actors: tuple[str, ...] | None = None
    own: tuple[str, ...] | None = None

    def unknowns(self, inputs: UncertainInputs, ties: Ties) -> tuple[str, ...]:
        """Return the names of the unknowns that the answer hangs on, its own last."""
        return (*unknowns(self.inputs_of(inputs), ties), *(self.own or ()))

    def over(self, inputs: UncertainInputs, ties: Ties) -> Callable[[FloatArray], FloatArray]:
        """Return the answer as a function of points of the unit cube, (draw, unknown) as in `unknowns`."""
        held = self.inputs_of(inputs)
        count = len(unknowns(held, ties))

        def evaluate(points: FloatArray) -> FloatArray:
            own = () if self.own is None else (points[:, count:],)
            return self.compute(*drawn(held, points[:, :count], ties), *own)

        return evaluate

    def inputs_of(self, inputs: UncertainInputs) -> UncertainInputs:
        """Return the inputs with no more issues and unknowns than the answer hangs on."""
        parts = ((inputs.central, inputs.cells), (inputs.nominal, inputs.nominal_cells))
        (central, cells), (nominal, nominal_cells) = (self._of(*part) for part in parts)
        return replace(inputs, central=central, cells=cells, nominal=nominal, nominal_cells=nominal_cells)

    def _of(self, data: xr.Dataset, cells: tuple[Uncertain, ...]) -> tuple[xr.Dataset, tuple[Uncertain, ...]]:
        if self.issues is not None:
            data = data.sel({ISSUE: [name for name in data[ISSUE].values.tolist() if name in self.issues]})
        kept = {ISSUE: data[ISSUE].values.tolist(), ACTOR: data[ACTOR].values.tolist()}
        if self.actors is not None:
            kept[ACTOR] = list(self.actors)
        found = []
        for cell in cells:
            at = zip(data[cell.variable].dims, cell.index, strict=True)
            if cell.variable in self.reads and all(label in kept[str(dim)] for dim, label in at):
                found.append(cell)
        return data, tuple(found)


def answers(
    case: CaseFile,
    inputs: UncertainInputs,
    methods: tuple[str, ...],
    of: tuple[str, ...],
    options: Options,
    concept: str = CONCEPT,
) -> tuple[Answer, ...]:
    """Return the answers that are asked for, method by method.

    Parameters
    ----------
    case, inputs: a checked case and its inputs.
    methods: ids of methods that forecast; the compromise mean if none is given.
    of: issues, ``zone``, ``acceptance`` and ``rest:`` with a state or statement over moves; all issues
        on a scale if nothing is given. concept: by which states are judged.

    Raises
    ------
    CallError: a name that is nothing to ask for, or a method that does not forecast on a scale; as
        `runs.rests.meant` for a state or statement.
    """
    scaled, nominal = (tuple(map(str, data[ISSUE].values)) for data in (inputs.central, inputs.nominal))
    known = (*scaled, *nominal, ZONE, ACCEPTANCE)
    for name in of:
        if name not in known and not name.startswith(REST):
            message = f"'{name}' is nothing that can be asked for."
            raise CallError(message, code="unknown-answer", where=name, hint=suggest(name, known))
    found: list[Answer] = []
    on_scale = tuple(issue for issue in scaled if not of or issue in of)
    if on_scale:
        for spec in _forecasting(methods, options):
            found += forecasts(spec, on_scale, inputs, options)
    chosen = (issue for issue in nominal if issue in of or not (of or scaled))
    found += [_support(inputs, issue, options) for issue in chosen]
    if ZONE in of:
        found.append(Answer((ZONE,), _OF_ZONES, zone_of(case), actors=parties(case)))
    if ACCEPTANCE in of:
        found.append(_accepting(case, inputs))
    wished = [name for name in of if name.startswith(REST)]
    if wished:
        model = graph_model(case)
        found += [_resting(model, name, concept) for name in dict.fromkeys(wished)]
    return tuple(found)


def _resting(model: GraphModel, name: str, concept: str) -> Answer:
    """Return whether a state, or some state in which a statement holds, is at rest."""
    own = tuple(doubt.name for doubt in doubts(model))
    compute = rests_of(model, name.removeprefix(REST).strip(), concept)
    actors = followers(model)
    return Answer((name,), frozenset({"position", "salience"}), compute, actors=actors, own=own)


def _forecasting(methods: tuple[str, ...], options: Options) -> tuple[MethodSpec, ...]:
    specs = chosen_methods(methods or (DEFAULT_METHOD,), options)
    for spec in specs:
        if spec.forecast is None or spec.takes != "scaled":
            raise CallError(
                f"The method '{spec.id}' gives no forecast on a scale.", code="no-forecast", where=spec.id
            )
    return specs


def forecasts(
    spec: MethodSpec, issues: tuple[str, ...], inputs: UncertainInputs, options: Options
) -> list[Answer]:
    """Return a method's forecasts: one answer an issue where it treats each for itself, else one for all."""

    def compute(scaled: xr.Dataset, _nominal: xr.Dataset) -> FloatArray:
        result = _ran(spec, scaled, options)[str(spec.forecast)]
        wanted = [issue for issue in result[ISSUE].values.tolist() if issue in issues]
        return np.asarray(result.sel({ISSUE: wanted}).transpose(DRAW, ISSUE).values)

    reads = frozenset(spec.inputs)
    ordered = [issue for issue in inputs.central[ISSUE].values.tolist() if issue in issues]
    whole = Answer(tuple(f"{spec.id}.{issue}" for issue in ordered), reads, compute)
    named = zip(whole.names, ordered, strict=True)
    apart = [Answer((name,), reads, compute, issues=(issue,)) for name, issue in named]
    scaled = drawn(inputs, uniform(len(unknowns(inputs)), _PROBES, seed=0))
    if _are_apart(whole, apart, *scaled):
        return apart
    required = tuple(scaled[0][ACTOR].values[scaled[0]["is_required"].values].tolist())
    is_theirs = "is_required" in spec.inputs and _hangs_on(whole, required, *scaled)
    return [replace(whole, actors=required) if is_theirs else whole]


def _ran(spec: MethodSpec, data: xr.Dataset, options: Options) -> xr.Dataset:
    """Return what a method gives on draws; in one go if they are few, as chunks cost more than small runs."""
    if data.sizes[DRAW] * data.sizes[ACTOR] * data.sizes[ISSUE] > CHUNK_CELLS:
        return run(spec, data, options=options.get(spec.id), workers=1)
    arrays = {name: data[name] for name in spec.inputs if name in data}
    result: xr.Dataset = spec.run(**arrays, **spec.checked(options.get(spec.id) or {}))
    return result


def _are_apart(whole: Answer, apart: list[Answer], scaled: xr.Dataset, nominal: xr.Dataset) -> bool:
    """Return whether the answers come out the same, but for rounding, when each sees its own issue alone.

    It is tried on some draws: a method that ties issues together does so on draws at random.
    """
    together = whole.compute(scaled, nominal)
    for at, answer in enumerate(apart):
        alone = answer.compute(scaled.sel({ISSUE: list(answer.issues or ())}), nominal)
        if not np.allclose(together[:, at : at + 1], alone, rtol=1e-9, atol=1e-9 * np.abs(alone).max()):
            return False
    return True


def _hangs_on(whole: Answer, actors: tuple[str, ...], scaled: xr.Dataset, nominal: xr.Dataset) -> bool:
    """Return whether the answer stays the same to the bit when the stands of all other actors change."""
    held = scaled[ACTOR].isin(list(actors))
    turned = scaled.isel({DRAW: slice(None, None, -1)}).assign_coords({DRAW: scaled[DRAW]})
    stands = {name: scaled[name].where(held, turned[name]) for name in ("position", "salience", "capability")}
    return np.array_equal(whole.compute(scaled, nominal), whole.compute(scaled.assign(stands), nominal))


def _support(inputs: UncertainInputs, issue: str, options: Options) -> Answer:
    """Return the share of weighted support of each option of a nominal issue."""
    spec = find("plurality")
    names = inputs.options[issue]

    def compute(_scaled: xr.Dataset, nominal: xr.Dataset) -> FloatArray:
        share = _ran(spec, nominal, options)["share"].sel({ISSUE: issue})
        found = np.zeros((share.sizes[DRAW], len(names)))
        width = min(len(names), share.sizes[OPTION])
        found[:, :width] = share.transpose(DRAW, OPTION).values[:, :width]
        return found

    answer = tuple(f"plurality.{issue}.{name}" for name in names)
    return Answer(answer, frozenset(spec.inputs), compute, issues=(issue,))


def _accepting(case: CaseFile, inputs: UncertainInputs) -> Answer:
    """Return whether each required party prefers the compromise mean's package to no deal."""
    required = case.agreement.required if case.agreement is not None else ()
    actors = [actor for actor in inputs.central[ACTOR].values.tolist() if actor in required]
    if not actors:
        raise CallError("Nobody's consent is needed, so nobody accepts.", code="input-missing")
    default = find(DEFAULT_METHOD)

    def compute(scaled: xr.Dataset, _nominal: xr.Dataset) -> FloatArray:
        outcome = _ran(default, scaled, {})[str(default.forecast)]
        arrays: dict[str, Any] = {
            name: scaled[name] for name in labelled_inputs(acceptance) if name in scaled
        }
        accepted = acceptance(outcome, **arrays)["is_accepted"].sel({ACTOR: actors})
        return np.asarray(accepted.transpose(DRAW, ACTOR).values, dtype=float)

    reads = frozenset((*default.inputs, *labelled_inputs(acceptance)))
    return Answer(tuple(f"{ACCEPTANCE}.{actor}" for actor in actors), reads, compute)
