"""Voting bodies whose rules and weights are on record, each with its source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from westphalia.errors import CallError, suggest


@dataclass(frozen=True, slots=True)
class VotingBody:
    """A body, its members' weights and its rule.

    Something passes with the `quota` of weight and `least_members` members in favour (None: no
    least number), or with `always_passes_at` members (None: there is no such clause). Numbers are
    decimals as printed.
    """

    title: str
    source: str
    weights: Mapping[str, str]
    quota: str
    least_members: int | None
    always_passes_at: int | None


def load_bodies() -> dict[str, VotingBody]:
    """Return every body by its id."""
    raw = json.loads(resources.files(__name__).joinpath("bodies.json").read_text(encoding="utf-8"))
    return {name: VotingBody(**body) for name, body in raw.items()}


def load_body(name: str) -> VotingBody:
    """Return a body by its id.

    Raises
    ------
    CallError: there is none; the message names the nearest.
    """
    bodies = load_bodies()
    if name not in bodies:
        raise CallError(
            f"There is no voting body '{name}'.",
            code="unknown-body",
            where=name,
            hint=suggest(name, bodies),
        )
    return bodies[name]
