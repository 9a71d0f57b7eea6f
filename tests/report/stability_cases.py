"""Small cases with a graph model, and what it answers of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from westphalia.case.document import Document, parse
from westphalia.runs.stability import GraphStudy, play

ARMS = """
westphalia: 1
id: arms
title: {en: Two neighbours, de: Zwei Nachbarn}
question: Do they arm?
date: 2025-02
issues: [{id: arms, question: How many arms?, scale: {0: none, 100: all}}]
stands: {north: {arms: {position: 90, salience: 1}}, south: {arms: {position: 80, salience: 1}}}
capability: {north: 1, south: 1}
actors:
  - {id: north, name: {en: The North, de: Der Norden}, kind: state}
  - {id: south, name: The South, kind: state}
moves:
  - {id: north-arms, actor: north, kind: escalation, content: {en: Arm the North, de: Den Norden rüsten},
     is_taken: true, assumption: made up}
  - {id: south-arms, actor: south, kind: escalation, content: Arm the South, is_taken: false,
     assumption: made up}
stability:
  preferences:
    north: {ranking: ["10", "00", "11", "01"]}
    south: {ranking: ["01", "00", "11", "10"]}
"""
"""The prisoners' dilemma: both arm (Nash), or nobody does if each fears that the other follows."""

GATES = """
westphalia: 1
id: gates
title: The gates
question: Do the gates open?
date: 2025-02
issues: [{id: arms, question: How many arms?, scale: {0: none, 100: all}}]
stands: {north: {arms: {position: 90, salience: 1}}, south: {arms: {position: 80, salience: 1}}}
capability: {north: 1, south: 1}
actors:
  - {id: north, name: The North, kind: state}
  - {id: south, name: The South, kind: state}
moves:
  - {id: march, actor: north, kind: escalation, content: March, is_taken: true, assumption: made up}
  - {id: open-gates, actor: south, kind: concession, content: Open the gates, is_reversible: false,
     is_taken: false, assumption: made up}
stability:
  infeasible:
    - {that: march and open-gates, assumption: nobody storms open gates}
  preferences:
    north:
      priorities:
        - {that: open-gates, assumption: its aim}
        - {that: march, chance: CHANCE, assumption: its pride}
        - {that: march and open-gates, assumption: idle}
    south:
      priorities:
        - {that: not open-gates, place: {low: 1, high: 4}, assumption: its pride}
        - {that: not march, place: {low: 2, high: 3}, assumption: its fear}
"""
"""South opens the gates only while the North does not march; how proud either is, is in doubt."""

PEACE = """
westphalia: 1
id: peace
title: War or peace
question: Does peace hold?
date: 2025-02
issues: [{id: arms, question: How many arms?, scale: {0: none, 100: all}}]
stands: {north: {arms: {position: 90, salience: 1}}, south: {arms: {position: 80, salience: 1}}}
capability: {north: 1, south: 1}
actors:
  - {id: north, name: The North, kind: state}
  - {id: south, name: The South, kind: state}
stability:
  states:
    - {id: peace, name: Peace at last, assumption: made up}
    - {id: war, name: Open war, assumption: made up}
    - {id: ruin, name: "Ruin <b>&", assumption: made up}
  arcs:
    - {actor: north, leaves: peace, reaches: [war], assumption: made up}
    - {actor: south, leaves: war, reaches: [ruin], assumption: made up}
  status_quo: peace
  preferences:
    north: {ranking: [war, peace, ruin]}
    south: {ranking: [peace, ruin, war]}
"""
"""States and arcs: the North would go to war, but that the South then ruins both."""

UNKNOWN = ARMS.replace(
    'south: {ranking: ["01", "00", "11", "10"]}',
    'south: {ranking: ["01", "00", "11", "10"], unknown: [{states: ["00", "01"]}]}',
)


def gates(chance: str = "0.5") -> Document:
    """Return the case in which the North is proud with that chance."""
    return parse(GATES.replace("CHANCE", chance))


@lru_cache
def arms(**how: Any) -> GraphStudy:
    """Return what the graph model of two neighbours answers."""
    return play(parse(ARMS), draws=16, **how)


@lru_cache
def open_gates(**how: Any) -> GraphStudy:
    """Return what the graph model of the gates answers."""
    return play(gates(), draws=64, **how)


@lru_cache
def peace() -> GraphStudy:
    """Return what a graph model without moves answers."""
    return play(parse(PEACE), draws=4)


@lru_cache
def unknown() -> GraphStudy:
    """Return what can be answered where an actor's preference is not known."""
    return play(parse(UNKNOWN), draws=4)
