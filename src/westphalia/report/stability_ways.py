"""Ways from today's state to where the conflict comes to rest, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import xarray as xr

from westphalia.charts.words import listed, times
from westphalia.labels import GOAL, ROUTE
from westphalia.report.grid import Grid, Part
from westphalia.report.stability_states import Teller

TOLD = 3
"""Ways that are told move by move at most; the table and the data hold the others."""


@dataclass(frozen=True, slots=True)
class Way:
    """A shortest way between two states: `steps` are (actor, state it moves to), as places."""

    start: int
    goal: int
    is_improving: bool
    steps: tuple[tuple[int, int], ...]


def ways(teller: Teller) -> Part:
    """Return where improvements lead from today's state, and how to get to each state of rest."""
    found, sentences = teller.study.ways, list[str]()
    grids: tuple[Grid, ...] = ()
    if found is not None and teller.today is not None and found.sizes[GOAL]:
        by_improvements, by_moves = (ways_by(found, route) for route in ("improvements", "moves"))
        sentences += _told(teller, by_improvements, by_moves)
        grids = (_grid(teller, by_improvements, by_moves),)
    return Part("ways", "Ways there from today", tuple(sentences), grids, "stability-ways")


def ways_by(found: xr.Dataset, route: str) -> dict[int, Way | None]:
    """Return a shortest way to each goal by place, None where there is none; by moves or improvements."""
    own = found.sel({ROUTE: route})
    made: dict[int, Way | None] = {}
    for at, goal in enumerate(map(int, own["goal_state"].values)):
        length = int(own["way_length"].values[at])
        movers, states = own["way_mover"].values[at], own["way_state"].values[at]
        steps = tuple((int(movers[step]), int(states[step])) for step in range(1, length + 1))
        made[goal] = Way(int(states[0]), goal, route == "improvements", steps) if length >= 0 else None
    return made


def leads(teller: Teller) -> Iterator[str]:
    """Say where improvements lead from today if everybody goes on as long as somebody can."""
    ends = teller.study.ends
    if ends is None:
        return
    sizes = ends["attractor_size"].values
    if len(sizes) == 1 and sizes[0] == 1:
        end = int(ends["attractor_state"].values[0])
        many = times(int(ends["attractor_length"].values[0]), "move")
        share = teller.share_words(end, teller.study.lead) if teller.has_doubt else ""
        held = f" It is at rest in {share} of the draws." if share else ""
        if end != teller.today:
            goes = f"{teller.state(end)}, {many} away, and end nowhere else"
            yield f"{_whoever(teller)} lead from there to {goes}: {teller.described(end)}.{held}"
        return
    resting = [int(end) for end, size in zip(ends["attractor_state"].values, sizes, strict=True) if size == 1]
    cycles = [int(size) for size in sizes if size > 1]
    said = [f"come to rest in {listed_or(map(teller.state, resting))}"] if resting else []
    said += [f"go round for ever among {times(size, 'state')}" for size in cycles]
    yield f"If everybody improves as long as somebody can, moves from there {listed_or(said)}."


def _whoever(teller: Teller) -> str:
    """Return whose improvements are meant: where today's state is at rest, of those who look no further."""
    today = teller.today
    is_rest = today is not None and teller.is_at_rest(today, teller.study.lead)
    return "Improvements of actors who do not look ahead would" if is_rest else "Improvements"


def led_to(teller: Teller, states: Sequence[int]) -> Iterator[str]:
    """Say which of the states can be reached from today by improvements alone."""
    found = teller.study.ways
    if found is None:
        return
    by_improvements = ways_by(found, "improvements")
    open_to = [state for state in states if by_improvements.get(state) is not None]
    if open_to:
        yield f"Improvements alone lead from today to {_first(teller, open_to)}."
    elif all(state in by_improvements for state in states):
        yield "Improvements alone lead from today to none of them: somebody would have to move to its loss."


def _first(teller: Teller, states: Sequence[int]) -> str:
    more = f" and {len(states) - TOLD} more of them" if len(states) > TOLD else ""
    return f"{listed(teller.state(state) for state in states[:TOLD])}{more}"


def listed_or(words: Iterable[str]) -> str:
    """Return the words as a list of which one counts."""
    several = tuple(words)
    return "".join(several) if len(several) < 2 else f"{', '.join(several[:-1])} or {several[-1]}"


def _told(
    teller: Teller, by_improvements: dict[int, Way | None], by_moves: dict[int, Way | None]
) -> Iterator[str]:
    shown = [goal for goal in teller.study.shown if goal != teller.today]
    improving = [way for goal in shown if (way := by_improvements[goal]) is not None]
    costly = [way for goal in shown if (way := by_moves[goal]) is not None and by_improvements[goal] is None]
    for way in (*improving, *costly)[:TOLD]:
        how = "by improvements alone" if way.is_improving else "not by improvements alone"
        many = times(len(way.steps), "move")
        yield f"To {teller.state(way.goal)} in {many}, {how}: {_path(teller, way)}."
    closed = [goal for goal in shown if by_moves[goal] is None]
    if closed:
        yield f"No sequence of moves leads from today to {listed(teller.state(goal) for goal in closed)}."


def _path(teller: Teller, way: Way) -> str:
    """Return who does what on the way; moves that cost the mover are marked."""
    said, at = [], way.start
    rank, names = teller.study.model.preferences.rank, list(teller.actors.values())
    for actor, state in way.steps:
        cost = "" if rank[actor, state] > rank[actor, at] else "; no improvement for it"
        said.append(f"{names[actor]} ({teller.change(at, state, actor=actor)}{cost})")
        at = state
    return ", then ".join(said)


def _grid(teller: Teller, by_improvements: dict[int, Way | None], by_moves: dict[int, Way | None]) -> Grid:
    rows = tuple(
        (
            teller.head(goal),
            _length(by_improvements[goal]),
            _length(by_moves[goal]),
            _movers(teller, by_moves[goal]),
        )
        for goal in teller.study.shown
        if goal != teller.today
    )
    head = ("state", "moves, improvements only", "moves, any", "whose moves (any)")
    return Grid("Fewest moves from today's state", head, rows, (1, 2), is_drawn=True)


def _length(way: Way | None) -> str:
    return "no way" if way is None else str(len(way.steps))


def _movers(teller: Teller, way: Way | None) -> str:
    names = list(teller.actors.values())
    return " → ".join(names[actor] for actor, _ in way.steps) if way is not None else ""
