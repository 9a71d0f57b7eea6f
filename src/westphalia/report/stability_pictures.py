"""The pictures of where a case's conflict comes to rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_lowercase

import numpy as np
import xarray as xr

from westphalia.charts.chart import Chart
from westphalia.charts.stability import GraphMove, GraphState, change_of
from westphalia.charts.stability_deterrence import who_deters
from westphalia.charts.stability_graph import GraphArc, graph
from westphalia.charts.stability_robustness import robust_states
from westphalia.charts.stability_states import states_table
from westphalia.charts.stability_ways import Way, WayStep, ways
from westphalia.labels import CONCEPT, GOAL, STATE
from westphalia.language import marked, said
from westphalia.methods.stability.steps import Steps
from westphalia.report.stability_states import LETTERS
from westphalia.report.stability_ways import Way as Found
from westphalia.report.stability_ways import ways_by
from westphalia.report.values import actor_name
from westphalia.runs.stability import GraphStudy

COLUMNS = 6
"""States at rest that are shown; each is a column, a row and a goal."""

WHOLE = 16
"""States up to which a conflict is drawn whole."""

TODAY = marked("now")


def stability_charts(study: GraphStudy, language: str) -> dict[str, Chart]:
    """Return the pictures by id: the states at rest, the graph, the ways, robustness, deterrence."""
    return {chart.id: chart for chart in _charts(study, language)}


def _charts(study: GraphStudy, language: str) -> Iterator[Chart]:
    names = {actor: actor_name(actor, study.document.case, language) for actor in study.model.terms.actors}
    rests = study.shown[:COLUMNS]
    labels = state_labels(study)
    if labels:
        yield states_table(
            _named(study, labels), _moves(study, language), names, study.verdicts, _shares(study)
        )
    found = _ways_found(study, rests)
    around = _around(study, labels, found)
    if len(around) > 1 and study.model.preferences.unknown is None:
        is_whole = len(around) == study.model.conflict.size
        yield graph(_named(study, around), _arcs(study, list(around)), names, is_whole=is_whole)
    led = [] if found is None else _ways(study, labels, found, language)
    if led:
        yield ways(led, [label for label in labels.values() if label != said(TODAY)], names)
    if study.robust is not None and rests:
        at_rest = {place: labels[place] for place in rests}
        yield robust_states(_named(study, at_rest), study.robust)
    if study.deterrence is not None and len(names) > 1:
        concepts = [str(concept) for concept in study.deterrence[CONCEPT].values]
        yield who_deters(study.deterrence, study.lead if study.lead in concepts else concepts[0], names)


# --- states --------------------------------------------------------------------------------------


def state_labels(study: GraphStudy) -> dict[int, str]:
    """Return the labels of today's state and of the states at rest that are shown, by place in that order."""
    today = study.model.today
    labels = {} if today is None else {today: said(TODAY)}
    others = [place for place in study.shown[:COLUMNS] if place != today]
    return labels | dict(zip(others, LETTERS, strict=False))


def _named(study: GraphStudy, labels: dict[int, str]) -> dict[str, GraphState]:
    """Return the states by name in results, each with what is to be said of it."""
    conflict, today = study.model.conflict, study.model.today
    begin = None if today is None else conflict.levels_at(today)
    resting = study.verdicts["is_equilibrium"].sel({CONCEPT: study.lead}).values
    named = {}
    for place, label in labels.items():
        levels = conflict.levels_at(place)
        change = change_of(begin, levels) if begin and levels else conflict.name(place)
        named[study.verdicts[STATE].values[place]] = GraphState(
            label, levels, "" if place == today else change, place == today, bool(resting[place])
        )
    return named


def _moves(study: GraphStudy, language: str) -> list[GraphMove]:
    return [GraphMove(move.actor, move.content.into(language)) for move in study.model.terms.moves]


def _shares(study: GraphStudy) -> tuple[str, xr.DataArray] | None:
    if study.robust is None or study.lead not in study.robust[CONCEPT].values:
        return None
    return study.lead, study.robust["equilibrium_probability"].sel({CONCEPT: study.lead})


# --- moves between them --------------------------------------------------------------------------


def _around(study: GraphStudy, labels: dict[int, str], found: xr.Dataset | None) -> dict[int, str]:
    """Return the states of the graph by place: all of a small conflict, else those on the ways as well."""
    others: Sequence[int] = range(study.model.conflict.size)
    if len(others) > WHOLE:
        others = [] if found is None else np.unique(found["way_state"].values).tolist()
    more = [place for place in others if place >= 0 and place not in labels]
    return labels | dict(zip(more[: max(WHOLE - len(labels), 0)], ascii_lowercase, strict=False))


def _arcs(study: GraphStudy, places: list[int]) -> list[GraphArc]:
    conflict, rank, names = study.model.conflict, study.model.preferences.rank, study.verdicts[STATE].values
    levels = {place: conflict.levels_at(place) for place in places}
    arcs = []
    for at, actor in enumerate(conflict.actors):
        for origin, end in zip(*Steps(conflict, at).out_of(np.array(places)), strict=True):
            start = places[origin]
            if end in levels:
                change = change_of(levels[start], levels[int(end)])
                arcs.append(
                    GraphArc(actor, names[start], names[end], change, bool(rank[at, end] > rank[at, start]))
                )
    return arcs


def _ways_found(study: GraphStudy, goals: Sequence[int]) -> xr.Dataset | None:
    """Return the ways that the study found to the goals, which are its first; None if there are none."""
    return None if study.ways is None or not goals else study.ways.isel({GOAL: slice(len(goals))})


def _ways(study: GraphStudy, labels: dict[int, str], found: xr.Dataset, language: str) -> list[Way]:
    """Return for each goal its way by improvements; besides, its way by any moves if that is shorter."""
    led = []
    improving = ways_by(found, "improvements")
    for goal, direct in ways_by(found, "moves").items():
        paid = improving[goal]
        is_shorter = direct is not None and (paid is None or len(direct.steps) < len(paid.steps))
        for way in (direct if is_shorter else None, paid):
            if way is not None and way.steps:
                led.append(Way(labels[goal], _steps(study, way, language), way.is_improving))
    return led


def _steps(study: GraphStudy, way: Found, language: str) -> tuple[WayStep, ...]:
    conflict, rank, start = study.model.conflict, study.model.preferences.rank, way.start
    steps = []
    for mover, end in way.steps:
        before, after = conflict.levels_at(start), conflict.levels_at(end)
        words = _words(study, before, after, language) or (conflict.name(end),)
        change = change_of(before, after) or words[0]
        better = bool(rank[mover, end] > rank[mover, start])
        steps.append(WayStep(conflict.actors[mover], change, words, better))
        start = end
    return tuple(steps)


def _words(
    study: GraphStudy, before: tuple[int, ...], after: tuple[int, ...], language: str
) -> tuple[str, ...]:
    moves = _moves(study, language)
    return tuple(
        f"{_sign(before[at], after[at])} {move.text}"
        for at, move in enumerate(moves)
        if before[at] != after[at]
    )


def _sign(before: int, after: int) -> str:
    """Return a change without the number of its move: taken, dropped, or set to a level."""
    sign, arrow, level = change_of((before,), (after,)).partition("→")
    return arrow + level if arrow else sign[0]
