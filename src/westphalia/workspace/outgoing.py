"""A case on its way to a format: its file, its inputs without doubt, and on demand its graph model."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from westphalia.case.document import Document
    from westphalia.case.schema import CaseFile
    from westphalia.formats.imported import Outgoing, OutgoingGraph
    from westphalia.logic import Formula
    from westphalia.runs.graph import GraphModel


def outgoing_of(document: Document, sources: Path | None = None) -> Outgoing:
    """Return what every export takes of a case; the graph model is worked out only when asked for."""
    from westphalia.case.inputs import build
    from westphalia.formats.imported import Outgoing

    inputs = build(document.case)
    return Outgoing(
        tree=document.tree,
        central=inputs.central,
        name=document.name,
        doubtful=len({cell.path for cell in inputs.cells}),
        sources=sources,
        graph=partial(graph_of, document.case),
    )


def graph_of(case: CaseFile) -> OutgoingGraph:
    """Return the graph model of a checked case as it goes out; raises what `graph_model` raises."""
    import numpy as np

    from westphalia.case.conflicts import level_names
    from westphalia.formats.imported import OutgoingGraph, OutgoingMove
    from westphalia.runs.graph import graph_model

    model = graph_model(case)
    conflict = model.conflict
    moves = tuple(
        OutgoingMove(
            move.id,
            int(conflict.owner[at]),
            level_names(move),
            bool(conflict.can_rise[at]),
            bool(conflict.can_fall[at]),
        )
        for at, move in enumerate(model.terms.moves)
    )
    return OutgoingGraph(
        actors=model.terms.actors,
        moves=moves,
        infeasible=model.terms.infeasible,
        codes=conflict.code_of(np.arange(conflict.size)),
        rank=model.preferences.rank,
        wishes=_wishes(model),
        odd=_odd(model),
    )


def _wishes(model: GraphModel) -> dict[str, tuple[Formula, ...]]:
    """Return the wishes in order of those who state priorities."""
    from westphalia.runs.graph import held_wishes

    return {
        actor: tuple(model.terms.formula(wish.that) for wish in held_wishes(stated))
        for actor, stated in model.terms.preferences.items()
        if stated.priorities
    }


def _odd(model: GraphModel) -> str:
    if model.terms.states:
        return "The graph model has states and arcs of its own, and no moves that make them."
    barred = [model.terms.moves[held.move].id for held in model.terms.held if held.when is not None]
    if barred:
        return f"Whether '{barred[0]}' can be taken or dropped depends on the state."
    return ""
