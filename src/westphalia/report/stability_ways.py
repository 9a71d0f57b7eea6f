"""Ways from today's state to where the conflict comes to rest, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import xarray as xr

from westphalia.charts.words import listed
from westphalia.labels import GOAL, ROUTE
from westphalia.language import said, said_n
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
    return Part("ways", said("Ways there from today"), tuple(sentences), grids, "stability-ways")


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
        if end != teller.today:
            yield _leads_to(teller, end, int(ends["attractor_length"].values[0]))
        return
    resting = [int(end) for end, size in zip(ends["attractor_state"].values, sizes, strict=True) if size == 1]
    cycles = [int(size) for size in sizes if size > 1]
    told = [said("come to rest in {states}", states=listed_or(map(teller.state, resting)))] if resting else []
    told += [
        said_n("go round for ever among {n} state", "go round for ever among {n} states", size)
        for size in cycles
    ]
    yield said(
        "If everybody improves as long as somebody can, moves from there {ends}.", ends=listed_or(told)
    )


def _leads_to(teller: Teller, end: int, length: int) -> str:
    """Return that improvements lead to a state: where today's is at rest, of those who look no further."""
    today, state, what = teller.today, teller.state(end), teller.described(end)
    if today is not None and teller.is_at_rest(today, teller.study.lead):
        told = said_n(
            "Improvements of actors who do not look ahead would lead from there to {state}, {n} move away, "
            "and end nowhere else: {what}.",
            "Improvements of actors who do not look ahead would lead from there to {state}, {n} moves away, "
            "and end nowhere else: {what}.",
            length,
            state=state,
            what=what,
        )
    else:
        told = said_n(
            "Improvements lead from there to {state}, {n} move away, and end nowhere else: {what}.",
            "Improvements lead from there to {state}, {n} moves away, and end nowhere else: {what}.",
            length,
            state=state,
            what=what,
        )
    share = teller.share_words(end, teller.study.lead) if teller.has_doubt else ""
    return f"{told} {said('It is at rest in {share} of the draws.', share=share)}" if share else told


def led_to(teller: Teller, states: Sequence[int]) -> Iterator[str]:
    """Say which of the states can be reached from today by improvements alone."""
    found = teller.study.ways
    if found is None:
        return
    by_improvements = ways_by(found, "improvements")
    open_to = [state for state in states if by_improvements.get(state) is not None]
    if open_to:
        yield said("Improvements alone lead from today to {states}.", states=_first(teller, open_to))
    elif all(state in by_improvements for state in states):
        yield said(
            "Improvements alone lead from today to none of them: somebody would have to move to its loss."
        )


def _first(teller: Teller, states: Sequence[int]) -> str:
    first, left = listed(teller.state(state) for state in states[:TOLD]), len(states) - TOLD
    return said("{first} and {n} more of them", first=first, n=left) if left > 0 else first


def listed_or(words: Iterable[str]) -> str:
    """Return the words as a list of which one counts."""
    several = tuple(words)
    if len(several) < 2:
        return "".join(several)
    return said("{first} or {last}", first=", ".join(several[:-1]), last=several[-1])


def _told(
    teller: Teller, by_improvements: dict[int, Way | None], by_moves: dict[int, Way | None]
) -> Iterator[str]:
    shown = [goal for goal in teller.study.shown if goal != teller.today]
    improving = [way for goal in shown if (way := by_improvements[goal]) is not None]
    costly = [way for goal in shown if (way := by_moves[goal]) is not None and by_improvements[goal] is None]
    for way in (*improving, *costly)[:TOLD]:
        yield _way(teller, way)
    closed = [goal for goal in shown if by_moves[goal] is None]
    if closed:
        yield said(
            "No sequence of moves leads from today to {states}.",
            states=listed(teller.state(goal) for goal in closed),
        )


def _way(teller: Teller, way: Way) -> str:
    told = {"state": teller.state(way.goal), "path": _path(teller, way)}
    if way.is_improving:
        return said_n(
            "To {state} in {n} move, by improvements alone: {path}.",
            "To {state} in {n} moves, by improvements alone: {path}.",
            len(way.steps),
            **told,
        )
    return said_n(
        "To {state} in {n} move, not by improvements alone: {path}.",
        "To {state} in {n} moves, not by improvements alone: {path}.",
        len(way.steps),
        **told,
    )


def _path(teller: Teller, way: Way) -> str:
    """Return who does what on the way; moves that cost the mover are marked."""
    told, at = list[str](), way.start
    rank, names = teller.study.model.preferences.rank, list(teller.actors.values())
    for actor, state in way.steps:
        change = teller.change(at, state, actor=actor)
        if rank[actor, state] <= rank[actor, at]:
            change = f"{change}; {said('no improvement for it')}"
        step = f"{names[actor]} ({change})"
        told.append(said("then {step}", step=step) if told else step)
        at = state
    return ", ".join(told)


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
    head = (
        said("the state"),
        said("moves, improvements only"),
        said("moves, any"),
        said("whose moves (any)"),
    )
    return Grid(said("Fewest moves from today's state"), head, rows, (1, 2), is_drawn=True)


def _length(way: Way | None) -> str:
    return said("no way") if way is None else str(len(way.steps))


def _movers(teller: Teller, way: Way | None) -> str:
    names = list(teller.actors.values())
    return " → ".join(names[actor] for actor, _ in way.steps) if way is not None else ""
