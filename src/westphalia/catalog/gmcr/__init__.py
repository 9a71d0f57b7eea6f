"""Small conflicts of the literature on the graph model, with the verdicts that a known program reports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal, TypedDict

from westphalia.errors import CallError, suggest


class Option(TypedDict):
    """What its owner may take or drop, or only one of them."""

    name: str
    owner: str
    direction: Literal["both", "rise", "fall"]


@dataclass(frozen=True, slots=True)
class GraphModel:
    """A conflict in option form and its published verdicts; states are numbered from 1.

    The numbers count the feasible states, the first option changing fastest; `infeasible` are
    statements that hold in the others, `size` is how many are left. `rankings` (actor) list groups
    of states that tie, best first. `unseen` (actor) are statements of what an actor does not
    perceive: it has no moves to or from there. `stable` (concept, actor) and `equilibria` (concept)
    are the states that the program reports, except "nash, all coalitions", which follows from the
    definitions: no group of actors has a sequence of moves to what is better for all of them.
    """

    title: str
    source: str
    options: Sequence[Option]
    infeasible: Sequence[str]
    size: int
    rankings: Mapping[str, Sequence[Sequence[int]]]
    unseen: Mapping[str, Sequence[str]]
    stable: Mapping[str, Mapping[str, Sequence[int]]]
    equilibria: Mapping[str, Sequence[int]]


def load_conflicts() -> dict[str, GraphModel]:
    """Return every conflict by its id."""
    raw = json.loads(resources.files(__name__).joinpath("conflicts.json").read_text(encoding="utf-8"))
    return {name: GraphModel(**conflict) for name, conflict in raw.items()}


def load_conflict(name: str) -> GraphModel:
    """Return a conflict by its id.

    Raises
    ------
    CallError: there is none; the message names the nearest.
    """
    conflicts = load_conflicts()
    if name not in conflicts:
        raise CallError(
            f"There is no conflict '{name}'.",
            code="unknown-conflict",
            where=name,
            hint=suggest(name, conflicts),
        )
    return conflicts[name]
