"""Hypothesis strategies for small conflicts of every kind, and for what their actors prefer."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from westphalia.methods.stability.conflict import Arcs, Conflict, Preferences

FORMS = ("free", "listed", "restricted", "graph")
"""Free moves; the same as arcs; some of these arcs taken away; states and arcs without options."""


@st.composite
def conflicts(draw, *, forms=FORMS, most_states=64, most_actors=5):
    """2 to `most_actors` decision makers; one-way and frozen options, several levels, infeasible states."""
    form = draw(st.sampled_from(forms))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    actors = tuple(f"actor-{i}" for i in range(draw(st.integers(2, most_actors))))
    if form == "graph":
        return _graph_form(rng, actors, draw(st.integers(1, most_states)), draw(st.sampled_from([1, 2, 4])))
    levels = _levels(draw, rng, most_states)
    count = len(levels)
    combinations = int(np.prod(levels))
    feasible = draw(st.sampled_from([1.0, 0.9, 0.7, 0.5, 0.3]))
    codes = np.flatnonzero(rng.random(combinations) < feasible) if feasible < 1 else None
    if codes is not None and len(codes) == 0:
        codes = np.array([combinations - 1])
    one_way = draw(st.booleans())
    conflict = Conflict(
        actors,
        tuple(f"move-{k}" for k in range(count)),
        rng.integers(0, len(actors), size=count),
        np.array(levels, dtype=np.int64),
        rng.random(count) < 0.7 if one_way else np.ones(count, dtype=bool),
        rng.random(count) < 0.7 if one_way else np.ones(count, dtype=bool),
        codes,
    )
    return conflict if form == "free" else _with_arcs(rng, conflict, 1.0 if form == "listed" else 0.7)


def _levels(draw, rng, most_states):
    levels = []
    while len(levels) < 6 and 2 * np.prod(levels, dtype=int) <= most_states:
        room = most_states // int(np.prod(levels, dtype=int))
        levels.append(draw(st.sampled_from([2, 2, 2, min(3, room), min(4, room)])))
        if rng.random() < 0.1:
            break
    return levels


def _graph_form(rng, actors, size, degree):
    arcs = tuple(_arcs(rng.random((size, size)) < degree / size) for _ in actors)
    empty = np.zeros(0, dtype=np.int64)
    no = np.zeros(0, dtype=bool)
    names = tuple(f"s{at}" for at in range(size))
    return Conflict(actors, (), empty, empty, no, no, None, arcs, names, is_transitive=False)


def _with_arcs(rng, conflict, share):
    """The moves of the conflict one by one, each kept with that probability."""
    levels = np.stack([conflict.level(k) for k in range(len(conflict.moves))])
    rises, falls = (levels[:, :, None] < levels[:, None]), (levels[:, :, None] > levels[:, None])
    barred = (rises & ~conflict.can_rise[:, None, None]) | (falls & ~conflict.can_fall[:, None, None])
    arcs = []
    for i in range(len(conflict.actors)):
        foreign = (conflict.owner != i)[:, None, None] & (rises | falls)
        arcs.append(_arcs(~(barred | foreign).any(axis=0) & (rng.random(levels.shape[1:] * 2) < share)))
    return Conflict(
        conflict.actors,
        conflict.moves,
        conflict.owner,
        conflict.levels,
        conflict.can_rise,
        conflict.can_fall,
        conflict.codes,
        tuple(arcs),
        is_transitive=share == 1.0,
    )


def _arcs(has_arc):
    np.fill_diagonal(has_arc, False)
    starts = np.concatenate([[0], np.cumsum(has_arc.sum(axis=1))]).astype(np.int64)
    return Arcs(starts, np.nonzero(has_arc)[1].astype(np.int64))


@st.composite
def preferences(draw, conflict, *, graded=False, unknown=False):
    """Ranks, from strict to nearly all tied; grades that never contradict them; pairs that are not known."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (len(conflict.actors), conflict.size)
    strict = draw(st.booleans())
    if strict:
        rank = rng.permuted(np.tile(np.arange(conflict.size), (shape[0], 1)), axis=1).astype(np.int32)
    else:
        rank = rng.integers(0, draw(st.integers(1, 8)), size=shape).astype(np.int32)
    grade = np.stack([_graded(rng, row) for row in rank]) if graded else None
    share = draw(st.sampled_from([0.05, 0.2, 0.5]))
    pairs = tuple(_pairs(rng, conflict.size, share) for _ in range(shape[0])) if unknown else None
    return Preferences(rank, grade, pairs)


def _graded(rng, rank):
    """Grades that rise at some of the ranks."""
    rises = rng.random(int(rank.max()) + 1) < 0.4
    return np.cumsum(rises).astype(np.int32)[rank]


def _pairs(rng, size, share):
    if rng.random() < 0.2:
        return None
    upper = np.triu(rng.random((size, size)) < share, 1)
    return upper | upper.T


@st.composite
def told(draw, *, forms=FORMS, most_states=64, most_actors=5, graded=False, unknown=False):
    """A conflict and preferences over it."""
    conflict = draw(conflicts(forms=forms, most_states=most_states, most_actors=most_actors))
    return conflict, draw(preferences(conflict, graded=graded, unknown=unknown))
