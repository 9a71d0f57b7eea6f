"""Small cases with and without a package that all accept, and what the deals say of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tests.report import cases

from westphalia.case.document import Document, parse
from westphalia.runs.deals import Deals, negotiate

RIVER = """
westphalia: 1
id: river
title: {en: The river, de: Der Fluss}
question: Is there a deal?
date: 2025-02
actors:
  - {id: ann, name: Ann, kind: state}
  - {id: bob, name: Bob, kind: state}
  - {id: cid, name: Cid, kind: state}
  - {id: home, name: Parliament, kind: organisation}
issues:
  - id: land
    question: Where is the line?
    scale: {0: west, 50: the middle, 100: east}
    reversion: {value: 50, assumption: today}
  - id: venue
    question: {en: Where do they meet?, de: Wo treffen sie sich?}
    kind: nominal
    scale: {here: at home, there: abroad}
stands:
  ann: {land: {position: 0, salience: 1}, venue: {position: here, salience: 0.2}}
  bob: {land: {position: 100, salience: 1}, venue: {position: there, salience: 0.2}}
  cid: {land: {position: 50, salience: 0.5}, venue: {position: there, salience: 0.5}}
  home: {land: {position: 100, salience: 1}, venue: {position: there, salience: 0.2}}
capability: {ann: 50, bob: 50, cid: 10, home: 10}
no_deal: {ann: ANN, bob: 0.4, cid: 0.1, home: 0.5}
agreement: {required: [ann, bob, cid], ratifiers: {bob: [home]}}
"""


def river(ann: str) -> Document:
    """Return the case in which Ann's no deal is worth so much."""
    return parse(RIVER.replace("ANN", ann))


@lru_cache
def agreeable(**how: Any) -> Deals:
    """Return the deals where all can agree: Ann has little without."""
    return negotiate(river("0.3"), draws=32, seed=1, workers=1, **how)


@lru_cache
def blocked() -> Deals:
    """Return the deals where Ann has so much without that nothing suits her and Bob."""
    return negotiate(river("{low: 0.7, high: 0.9}"), draws=32, seed=1, workers=1)


@lru_cache
def hostile(payload: str) -> Deals:
    """Return the deals of a case that tries to break out of every text."""
    tree = cases.hostile(parse(RIVER.replace("ANN", "0.3")).tree, payload)
    return negotiate(parse(cases.written(tree)), draws=8, seed=1, workers=1)


def at_war() -> Deals:
    """Return the deals of a case in which Ann and Bob are at war: she wins with 0.6, it costs 0.2 and 0.1."""
    war = (
        "wars: [{id: border, between: [ann, bob], win_chance: 0.6, costs: {ann: 0.2, bob: 0.1}, "
        "assumption: as told}]"
    )
    text = RIVER.replace("ann: ANN, bob: 0.4, ", "") + war
    return negotiate(parse(text), draws=16, seed=1, workers=1)
