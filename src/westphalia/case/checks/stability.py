"""Checks of the graph model: names, statements over moves, states that cannot be, preferences."""

from __future__ import annotations

import numpy as np

from westphalia.case.checks.base import Report, bounds
from westphalia.case.conflicts import decision_makers, known_levels, levels_of, moves_in_play
from westphalia.case.schema import Move
from westphalia.case.stability import MUCH, Preference, Stability, Wish
from westphalia.case.text.nodes import Path
from westphalia.errors import suggest
from westphalia.logic import Formula, FormulaError, parse

_HERE = "stability"
_LISTED = 1 << 20
"""Up to so many combinations of moves the check looks at each."""

Levels = dict[str, tuple[str, ...]]


def check_stability(report: Report) -> None:
    """Report what is wrong with the graph model of a case, if it has one."""
    model = report.case.stability
    if model is None:
        return
    moves = moves_in_play(report.case, model)
    actors = decision_makers(report.case, model)
    _check_players(report, model, moves, actors)
    if model.states:
        _check_graph(report, model)
    levels = levels_of(moves)
    _check_irreversible(report, model, levels)
    formulas = _read(report, model, levels)
    for actor, preference in model.preferences.items():
        _check_preference(report, ("stability", "preferences", actor), preference, model, levels)
    if levels and len(formulas) == len(model.infeasible):
        _check_states(report, model, moves, formulas)


def _check_players(
    report: Report, model: Stability, moves: tuple[Move, ...], actors: tuple[str, ...]
) -> None:
    if len(actors) < 2:
        count = f"only '{actors[0]}'" if actors else "nobody"
        hint = "A graph model has at least two decision makers, with moves or arcs of their own."
        report.error("too-few-makers", f"{count.capitalize()} decides.", (_HERE,), hint, at_key=True)
    if not moves and not model.states:
        hint = "Name moves of the decision makers under moves, or give states and arcs."
        report.error("no-moves", "No move is in play.", (_HERE,), hint, at_key=True)
    playing = {move.id for move in moves}
    known = {move.id: move for move in report.case.moves}
    for at, name in enumerate(model.moves):
        if name in known and name not in playing:
            message = f"'{name}' is a move of '{known[name].actor}', which is no decision maker."
            report.error("move-of-nobody", message, (_HERE, "moves", at), "Add it under actors.")
    for actor in model.preferences:
        if actor in report.case.actor and actor not in actors:
            message = f"'{actor}' is no decision maker."
            path: Path = (_HERE, "preferences", actor)
            report.error("not-a-maker", message, path, suggest(actor, actors), at_key=True)
    for actor in actors:
        if actor not in model.preferences:
            message = f"The preferences of '{actor}' are missing."
            hint = f"Add {actor}: under stability.preferences."
            report.error("preferences-missing", message, (_HERE, "preferences"), hint, at_key=True)


def _check_graph(report: Report, model: Stability) -> None:
    states = [state.id for state in model.states]
    for at, arc in enumerate(model.arcs):
        for key, names in (("leaves", (arc.leaves,)), ("reaches", arc.reaches)):
            for name in names:
                if name not in states:
                    path: Path = (_HERE, "arcs", at, key)
                    report.error("unknown-state", f"There is no state '{name}'.", path, suggest(name, states))
        if arc.leaves in arc.reaches:
            message = f"A move from '{arc.leaves}' to itself is no move."
            report.error("self-arc", message, (_HERE, "arcs", at), "Remove it.")


def _check_irreversible(report: Report, model: Stability, levels: Levels) -> None:
    for at, item in enumerate(model.irreversible):
        path: Path = (_HERE, "irreversible", at)
        if item.move not in levels and item.move in report.part.ids("moves"):
            report.error("move-not-in-play", f"The move '{item.move}' is not in play.", (*path, "move"))
        if item.when is not None:
            _parsed(report, (*path, "when"), item.when, levels)


def _read(report: Report, model: Stability, levels: Levels) -> list[Formula]:
    paths = [(_HERE, "infeasible", at, "that") for at in range(len(model.infeasible))]
    read = [
        _parsed(report, path, item.that, levels) for path, item in zip(paths, model.infeasible, strict=True)
    ]
    return [formula for formula in read if formula is not None]


def _parsed(report: Report, path: Path, text: str, levels: Levels) -> Formula | None:
    try:
        return parse(text, levels)
    except FormulaError as error:
        report.error("bad-formula", error.message, path, error.hint)
        return None


# --- preferences ---------------------------------------------------------------------------------


def _check_preference(
    report: Report, path: Path, preference: Preference, model: Stability, levels: Levels
) -> None:
    if preference.from_issues and not any(
        move.issue is not None and move.brings is not None and move.id in levels for move in report.case.moves
    ):
        message = f"Preferences of '{path[-1]}' follow from issues, but no move in play brings one anywhere."
        report.error("no-issue-moves", message, path, "Give moves an issue and what they bring.", at_key=True)
    for way, wishes in (("priorities", preference.priorities), ("weights", preference.weights)):
        for at, wish in enumerate(wishes):
            _check_wish(report, (*path, way, at), wish, levels)
    is_over = False
    for at, wish in enumerate(preference.priorities):
        is_over = is_over or not wish.is_strong
        if wish.is_strong and is_over:
            message = "A strong wish stands after one that is not strong."
            hint = "What makes a state much better comes first in the order."
            report.error("strong-after-weak", message, (*path, "priorities", at), hint)
    _check_ranking(report, path, preference, model, levels)


def _check_wish(report: Report, path: Path, wish: Wish, levels: Levels) -> None:
    _parsed(report, (*path, "that"), wish.that, levels)
    if path[-2] == "weights" and wish.weight is None:
        report.error("weight-missing", "The wish has no weight.", path, "Add weight: a number or a range.")
    if path[-2] == "priorities" and wish.weight is not None:
        hint = "Put it under weights, or leave the weight out: priorities go by place."
        report.error("weight-in-order", "A wish among priorities has a weight.", (*path, "weight"), hint)
    chance = bounds(wish.chance) if wish.chance is not None else (1.0, 1.0)
    if chance[0] < 0 or chance[1] > 1:
        message = f"The chance is {chance[0]:g} to {chance[1]:g}."
        report.error("out-of-range", message, (*path, "chance"), "It lies between 0 and 1.")
    if not wish.is_backed:
        message = f"The wish of '{path[2]}' names neither evidence nor assumption."
        report.warn("no-backing", message, path, "Name statements as evidence, or say why it is assumed.")


def _check_ranking(
    report: Report, path: Path, preference: Preference, model: Stability, levels: Levels
) -> None:
    first: dict[str, int] = {}
    names = [state.id for state in model.states]
    for at, group in enumerate(preference.ranking):
        for name in group:
            place: Path = (*path, "ranking", at)
            if name == MUCH and len(group) == 1:
                continue
            if _is_state(report, place, name, names, levels) and name in first:
                message = f"'{name}' is ranked twice, at place {first[name] + 1} and here."
                report.error("ranked-twice", message, place, "Keep one of them.")
            first.setdefault(name, at)
    for at, pair in enumerate(preference.unknown):
        for name in pair.states:
            _is_state(report, (*path, "unknown", at), name, names, levels)


def _is_state(report: Report, path: Path, name: str, names: list[str], levels: Levels) -> bool:
    """Return whether a name is that of a state, or combination of moves; report if it is not."""
    fault = _state_fault(name, names, levels)
    if fault:
        report.error("unknown-state", f"There is no state '{name}'.", path, fault)
    return not fault


def _state_fault(name: str, names: list[str], levels: Levels) -> str:
    """Return what would be right where a name is that of no combination of moves, else nothing."""
    if names:
        return "" if name in names else suggest(name, names)
    digits = [int(sign) for sign in name if sign.isdecimal()]
    counts = [len(words) for words in levels.values()]
    if len(digits) != len(name) or len(digits) != len(counts):
        return f"A state has a digit for each of the {len(counts)} moves in play, 0 for not taken."
    wrong = next((at for at, digit in enumerate(digits) if digit >= counts[at]), None)
    return "" if wrong is None else f"'{list(levels)[wrong]}' has levels 0 to {counts[wrong] - 1}."


# --- states that cannot be -----------------------------------------------------------------------


def _check_states(report: Report, model: Stability, moves: tuple[Move, ...], formulas: list[Formula]) -> None:
    _check_status_quo(report, model, moves, formulas)
    counts = [move.level_count for move in moves]
    if np.prod([float(count) for count in counts]) > _LISTED:
        return
    out = np.zeros(counts, dtype=bool)
    grid = dict(zip((move.id for move in moves), np.ogrid[tuple(map(slice, counts))], strict=True))
    for at, formula in enumerate(formulas):
        held = formula.truth(grid)
        is_idle = not (held & ~out).any()
        out |= held
        if is_idle:
            message = "This rules out no state that is not ruled out before."
            report.warn("rules-out-nothing", message, (_HERE, "infeasible", at, "that"))
    if out.all():
        message = "No state is left: what is infeasible rules out every combination of moves."
        report.error(
            "no-feasible-state", message, (_HERE, "infeasible"), _culprits(formulas, grid, out), at_key=True
        )


def _culprits(formulas: list[Formula], grid: dict[str, np.ndarray], out: np.ndarray) -> str:
    """Return which statements suffice to rule out everything: none of them can be left out."""
    kept = list(formulas)
    for formula in formulas:
        others = [one for one in kept if one is not formula]
        if np.any([np.broadcast_to(one.truth(grid), out.shape) for one in others], axis=0).all():
            kept = others
    return "Together these suffice: " + "; ".join(f"'{formula}'" for formula in kept) + "."


def _check_status_quo(
    report: Report, model: Stability, moves: tuple[Move, ...], formulas: list[Formula]
) -> None:
    place: Path = (_HERE, "status_quo")
    levels = _today(report, model, moves, place)
    if levels is None:
        return
    columns = {move: np.array([level]) for move, level in levels.items()}
    for at, formula in enumerate(formulas):
        if formula.truth(columns).all():
            line = report.places.value_place((_HERE, "infeasible", at, "that")).line
            message = f"Today's state is ruled out in line {line}: '{formula}'."
            hint = "Change what is taken today, or what is infeasible."
            report.error("status-quo-infeasible", message, place, hint)


def _today(report: Report, model: Stability, moves: tuple[Move, ...], place: Path) -> dict[str, int] | None:
    """Return the level of each move today, as far as all are known; report levels there are not."""
    counts = {move.id: move.level_count for move in moves}
    if isinstance(model.status_quo, str):
        if not _is_state(report, place, model.status_quo, [], levels_of(moves)):
            return None
        return dict(zip(counts, map(int, model.status_quo), strict=True))
    for name, level in (model.status_quo or {}).items():
        if name not in counts:
            report.error(
                "move-not-in-play",
                f"The move '{name}' is not in play.",
                (*place, name),
                suggest(name, counts),
                at_key=True,
            )
            return None
        if not 0 <= level < counts[name]:
            report.error(
                "unknown-level",
                f"'{name}' has no level {level}.",
                (*place, name),
                f"It has 0 to {counts[name] - 1}.",
            )
            return None
    known = known_levels(model, moves)
    open_ = [name for name in counts if name not in known]
    if open_:
        message = f"Today's state is open: {', '.join(open_)}."
        report.warn(
            "status-quo-open",
            message,
            (_HERE,),
            "Say is_taken of these moves, or give status_quo.",
            at_key=True,
        )
        return None
    return {name: known[name] for name in counts}
