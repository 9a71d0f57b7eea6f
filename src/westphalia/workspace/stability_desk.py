"""The desk at which states are judged: what is at rest at central values, and why, told at once.

Runs count draws and search far; a page that shows one state after another asks here. The desk's study is
one of `runs.stability` in which all that takes draws or a search of all pairs is left out.
"""

from __future__ import annotations

import contextlib
import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from westphalia.case.conflicts import conflict_terms
from westphalia.case.document import Document
from westphalia.case.schema import CaseFile
from westphalia.errors import CallError
from westphalia.labels import CONCEPT
from westphalia.methods.stability.concepts import CONCEPTS, stability
from westphalia.methods.stability.preferences import place_of
from westphalia.methods.stability.reasons_words import words
from westphalia.methods.stability.simultaneous import simultaneous
from westphalia.methods.stability.status_quo import attractors, status_quo
from westphalia.methods.stability.unknown import unknown_stability
from westphalia.report.grid import Chapter
from westphalia.report.stability_change import needed
from westphalia.report.stability_chapter import stability_chapter
from westphalia.report.stability_reasons import reasons_at, state_place, verdicts_at
from westphalia.report.stability_states import Teller
from westphalia.runs.graph import GraphModel, graph_model
from westphalia.runs.stability import MOST_SEARCHED, OPEN, SHOWN, TOO_MANY, GraphStudy, lead_of
from westphalia.runs.wished import changes, rest_of

_MOST_COMBINED: Final = 1 << 16
"""Combinations of moves up to which states are looked for while a page waits."""

_OUT_OF_ACCOUNT: Final = "b"
"""The attitude to unknown preferences by which studies tell verdicts."""

_KEPT: Final = 6


@dataclass(frozen=True, slots=True)
class Why:
    """Why an actor stays in a state or leaves it: a `reason` in words, and the `concepts` it is told of."""

    concepts: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """An actor's verdict on a state: whether it stays by each concept, and why."""

    actor: str
    stays: dict[str, bool]
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class StateJudged:
    """A state looked at closely.

    Attributes
    ----------
    name: as results name it. called: as sentences call it. described: how it differs from today's.
    verdicts: of each actor. at_rest: the concepts by which nobody leaves.
    needed: for each who leaves it by `concept`, what it would have to value less in order to stay.
    open: why reasons cannot be told, empty if they can.
    """

    name: str
    called: str
    described: str
    verdicts: tuple[Verdict, ...]
    at_rest: tuple[str, ...]
    concept: str
    needed: tuple[str, ...]
    open: str


_HELD: OrderedDict[tuple[str, tuple[str, ...]], GraphStudy] = OrderedDict()
_TOLD: OrderedDict[tuple[str, tuple[int, ...], str], Chapter] = OrderedDict()
_LOCK = threading.Lock()


def study_of(document: Document, shown: tuple[str, ...] = ()) -> GraphStudy:
    """Return what the graph model of a case answers at central values; that of a case seen lately is at hand.

    Parameters
    ----------
    document: a checked case.
    shown: names of the states to look at, in this order, as a run found them; else those at rest.

    Raises
    ------
    CallError: the case makes no graph model (``no-stability`` and others of `runs.graph.graph_model`), it is
        too large to be judged while a page waits (``too-many-states``), or a name is no state's.
    """
    key = (document.digest, shown)
    with _LOCK:
        found = _HELD.get(key)
        if found is None:
            found = _HELD[key] = _glanced(document, shown)
        _HELD.move_to_end(key)
        while len(_HELD) > _KEPT:
            _HELD.popitem(last=False)
    return found


def chapter_of(study: GraphStudy, language: str) -> Chapter:
    """Return what a study of `study_of` tells, with its pictures; told lately, it is at hand."""
    key = (study.document.digest, study.shown, language)
    with _LOCK:
        found = _TOLD.get(key)
    if found is None:
        found = stability_chapter(study, language)
        with _LOCK:
            _TOLD[key] = found
            while len(_TOLD) > _KEPT:
                _TOLD.popitem(last=False)
    return found


def judged(study: GraphStudy, state: str, concept: str, language: str) -> StateJudged:
    """Return who stays in a state and why, and what would bring it to rest.

    Parameters
    ----------
    study: of `study_of`.
    state: ``today``, a letter of the study's table, or the state's name.
    concept: by which it is asked what would bring it to rest.

    Raises
    ------
    CallError: there is no such state.
    """
    place, teller = state_place(study, state), Teller(study, language)
    stays = verdicts_at(study, place)
    why, lacking, reason = _reasons(study, teller, place, concept)
    return StateJudged(
        name=study.model.conflict.name(place),
        called=teller.state(place),
        described=teller.described(place),
        verdicts=tuple(
            Verdict(actor, {one: stays[one][actor] for one in stays}, why.get(actor, ()))
            for actor in study.model.conflict.actors
        ),
        at_rest=tuple(one for one in study.concepts if teller.is_at_rest(place, one)),
        concept=concept,
        needed=lacking,
        open=reason,
    )


def _reasons(
    study: GraphStudy, teller: Teller, place: int, concept: str
) -> tuple[dict[str, tuple[Why, ...]], tuple[str, ...], str]:
    """Return the reasons of each actor, what is lacking, and why neither can be told."""
    told: dict[str, dict[str, list[str]]] = {}
    try:
        for one in reasons_at(study, place):
            actor = study.model.conflict.actors[one.actor]
            sentence = words(*teller.both, one, teller.names(), teller.language)
            told.setdefault(actor, {}).setdefault(sentence, []).append(one.concept)
        lacking = tuple(needed(teller, rest_of(study.model, study.verdicts, concept, place)))
    except CallError as error:
        return {}, (), f"{error.message} {error.hint}".strip()
    why = {actor: tuple(Why(tuple(by), reason) for reason, by in own.items()) for actor, own in told.items()}
    return why, lacking, ""


# --- the study ---------------------------------------------------------------------------------------


def _glanced(document: Document, shown: tuple[str, ...]) -> GraphStudy:
    _is_small(document.case)
    model = graph_model(document.case)
    if model.conflict.size > MOST_SEARCHED:
        raise _too_many(model.conflict.size)
    verdicts, unknown = _verdicts(model)
    ends = None if model.today is None else attractors(model.conflict, model.preferences, model.today)
    places = tuple(place_of(model.conflict, name) for name in shown) or _at_rest(model, verdicts, ends)
    left_out = ("robust", "strong", "limited", "nonmyopic", "coalitions", "leaving", "deterrence", "swapped")
    return GraphStudy(
        document=document,
        model=model,
        verdicts=verdicts,
        shown=places,
        unknown=unknown,
        ends=ends,
        ways=_ways(model, places),
        stay=None,
        wished=None,
        **dict.fromkeys(left_out),
        idle={},
        removed=(),
        skipped={} if model.today is not None else {"ends": OPEN},
        draws=0,
        seed=0,
        options={},
        seconds={},
    )


def _is_small(case: CaseFile) -> None:
    combined = math.prod(move.level_count for move in conflict_terms(case).moves)
    if combined > _MOST_COMBINED:
        raise _too_many(combined)


def _too_many(states: int) -> CallError:
    hint = "Run it: a run has the time to judge all states."
    return CallError(TOO_MANY.format(states), code="too-many-states", where="stability", hint=hint)


def _verdicts(model: GraphModel) -> tuple[xr.Dataset, xr.Dataset | None]:
    """Return the verdicts by every concept, and those by each attitude where preferences are unknown."""
    both = (model.conflict, model.preferences)
    if model.preferences.unknown is not None:
        unknown = unknown_stability(*both, concepts=CONCEPTS)
        return unknown.sel(attitude=_OUT_OF_ACCOUNT, drop=True), unknown
    found = [stability(*both, concepts=CONCEPTS)]
    with contextlib.suppress(CallError):  # It is for conflicts of moves alone; a run says so.
        found.append(simultaneous(*both))
    return xr.concat(found, dim=CONCEPT), None


def _at_rest(model: GraphModel, verdicts: xr.Dataset, ends: xr.Dataset | None) -> tuple[int, ...]:
    """Return states at rest: first those that improvements lead to from today, then those nearest to it."""
    is_rest = verdicts["is_equilibrium"].sel({CONCEPT: lead_of(verdicts)}).values
    led = [] if ends is None else ends["attractor_state"].values[ends["attractor_size"].values == 1].tolist()
    resting = np.flatnonzero(is_rest)
    near = resting[np.lexsort((resting, changes(model, resting)))]
    return tuple(dict.fromkeys([*(one for one in led if is_rest[one]), *near.tolist()]))[:SHOWN]


def _ways(model: GraphModel, goals: tuple[int, ...]) -> xr.Dataset | None:
    if model.today is None or not goals:
        return None
    return status_quo(model.conflict, model.preferences, model.today, goals=goals)
