"""Where the conflict of a case comes to rest: every question to its graph model, for all faces."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import xarray as xr

from westphalia.case.document import Document
from westphalia.errors import CallError
from westphalia.labels import ATTITUDE, CONCEPT
from westphalia.methods.stability.build import MoveForm, count_removed
from westphalia.methods.stability.coalitions import coalition_stability, departures
from westphalia.methods.stability.concepts import CONCEPTS as IN_TURN
from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.conflict import IntArray
from westphalia.methods.stability.deterrence import DETERRED, who_deters_whom
from westphalia.methods.stability.feasible import Removed
from westphalia.methods.stability.horizon import limited_stability, nonmyopic_stability
from westphalia.methods.stability.robustness import robustness, swaps
from westphalia.methods.stability.sets import are_known
from westphalia.methods.stability.simultaneous import SIMULTANEOUS, simultaneous
from westphalia.methods.stability.statements import Idle, idle_statements
from westphalia.methods.stability.status_quo import attractors, status_quo
from westphalia.methods.stability.unknown import unknown_stability
from westphalia.runs.asked import CONCEPTS
from westphalia.runs.engine import Progress, version
from westphalia.runs.graph import GraphModel, graph_model, held_statements, rank_draws
from westphalia.runs.wished import Rest, Wished, changes, rest_of, states_of, wished

MOST_SEARCHED = 4_096
"""States up to which coalitions, deterrence, horizons and swaps are searched."""

REPORTED = 500
"""Draws that a report judges at most: shares within 4 % (twice the standard error at the worst)."""

MOST_DRAWN = 1 << 28
"""Ranks (draws times actors times states) that are drawn at most; they take four bytes each."""

MOST_GOALS = 256
"""States at rest to which ways are looked for, besides those that are shown."""

LED = 3
"""Of these, how many stand first because improvements lead there from today's state."""

SHOWN = 12
"""States of rest that are looked at one by one."""

_UNDECIDED = "b"
"""The attitude by which verdicts are told where preferences are unknown: it leaves that out of account."""

PARTS = 13
"""Parts of a study at most, as progress counts them."""

OPEN = "The case does not say of every move whether it is taken today."
TOO_MANY = "{:,} states are too many to search one by one."

Found = TypeVar("Found")


@dataclass(frozen=True)
class GraphStudy:
    """What the graph model of a case answers; a part that was skipped is None, and `skipped` says why.

    `verdicts` hold at central values, by every concept that could be judged; where preferences are
    not known they leave out of account what is unknown. `robust` counts draws of what is doubtful in
    preferences. `shown` are the places of states at rest, first those to which improvements lead from
    today, then those at rest in most draws; `lead` is the concept that orders them. `ends` is where
    improvements lead from today's state, `ways` lead from there to those shown and to others at rest.
    `leaving` tells who would leave the states shown or today's, `swapped` which swaps of neighbouring
    ranks change what is at rest. `stay` says what would bring today's state to rest, `wished` what
    would bring one to rest in which a statement holds, if that was asked. `idle` (actor) are wishes
    that never matter at central values, `removed` what each line of `infeasible` rules out. `seconds`
    is what each part took.
    """

    document: Document
    model: GraphModel
    verdicts: xr.Dataset
    robust: xr.Dataset | None
    shown: tuple[int, ...]
    strong: xr.Dataset | None
    unknown: xr.Dataset | None
    ways: xr.Dataset | None
    ends: xr.Dataset | None
    limited: xr.Dataset | None
    nonmyopic: xr.Dataset | None
    coalitions: xr.Dataset | None
    leaving: xr.Dataset | None
    deterrence: xr.Dataset | None
    swapped: xr.Dataset | None
    stay: Rest | None
    wished: Wished | None
    idle: dict[str, tuple[Idle, ...]]
    removed: tuple[Removed, ...]
    skipped: dict[str, str]
    draws: int
    seed: int
    options: dict[str, Any]
    seconds: dict[str, float]

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts that states were judged by."""
        return tuple(map(str, self.verdicts[CONCEPT].values))

    @property
    def lead(self) -> str:
        """The concept that orders states: sequential stability, or else the first that was judged."""
        return lead_of(self.verdicts)

    @property
    def looked_at(self) -> list[int]:
        """The states that are told of one by one: today's, if the case says, and those shown."""
        today = [] if self.model.today is None else [self.model.today]
        return list(dict.fromkeys([*today, *self.shown]))

    @property
    def stamp(self) -> dict[str, Any]:
        """Where it came from, so that a figure can be computed again."""
        case = {"case": self.document.case.id, "case_digest": self.document.digest}
        return {**case, "draws": self.draws, "seed": self.seed, "version": version()}


def lead_of(verdicts: xr.Dataset) -> str:
    """Return sequential stability, or else the first concept that was judged."""
    concepts = [str(concept) for concept in verdicts[CONCEPT].values]
    return "seq" if "seq" in concepts else concepts[0]


def play(
    document: Document,
    *,
    draws: int = 2000,
    seed: int = 1,
    concepts: Sequence[str] = CONCEPTS,
    wish: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> GraphStudy:
    """Ask the graph model of a case every question.

    Parameters
    ----------
    document: a checked case.
    draws, seed: of what is doubtful in preferences; how robust verdicts are is judged on all of
        them, everything else at central values.
    concepts: any of CONCEPTS.
    wish: a statement over moves (in graph form the id of a state): what would bring a state to rest in
        which it holds?
    workers: threads, two unless given; the result is the same.

    Raises
    ------
    CallError: the case has no section `stability` (``no-stability``) or it makes no graph; a concept
        is not known (``unknown-name``), none is asked for (``input-missing``), the wish is no
        statement (``bad-formula``), or a number is out of bounds (``bad-draws``, ``bad-seed``,
        ``bad-workers``).
    """
    _is_sound(draws, seed, concepts, workers)
    model = graph_model(document.case)
    if wish is not None:
        states_of(model, wish)
    asked = _Asked(document, model, tuple(dict.fromkeys(concepts)), _Parts(progress))
    verdicts = asked.verdicts()
    robust = asked.robust(draws, seed, workers or 2)
    ends = asked.ends()
    shown = _shown(verdicts, ends, _foremost(model, verdicts, robust))
    resting = np.flatnonzero(verdicts["is_equilibrium"].sel({CONCEPT: lead_of(verdicts)}).values)
    return GraphStudy(
        document=document,
        model=model,
        verdicts=verdicts,
        robust=robust,
        shown=shown,
        strong=asked.strong(),
        unknown=asked.unknown,
        ends=ends,
        ways=asked.ways(tuple(dict.fromkeys([*shown, *resting[:MOST_GOALS].tolist()]))),
        **asked.searches(shown),
        **asked.needs(verdicts, wish),
        idle=_idle(model),
        removed=_removed(model),
        skipped=asked.parts.skipped,
        draws=draws,
        seed=seed,
        options={"concepts": list(asked.concepts), "wish": wish},
        seconds=asked.parts.seconds,
    )


def _is_sound(draws: int, seed: int, concepts: Sequence[str], workers: int | None) -> None:
    are_known(concepts, CONCEPTS, "concept")
    if not concepts:
        raise CallError(
            "No concept is asked for.", code="input-missing", hint=f"Known: {', '.join(CONCEPTS)}."
        )
    if draws < 1:
        raise CallError(f"{draws} draws were asked for.", code="bad-draws", hint="At least 1.")
    if seed < 0:
        raise CallError(f"The seed is {seed}.", code="bad-seed", hint="A seed is 0 or more.")
    if workers is not None and workers < 1:
        raise CallError(f"{workers} workers were asked for.", code="bad-workers", hint="At least 1.")


class _Parts:
    """Runs one part after another, tells of each, keeps what it took, and why one is left out."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}
        self.skipped: dict[str, str] = {}

    def __call__(self, part: str, compute: Callable[[], Found], reason: str = "") -> Found | None:
        started = time.perf_counter()
        found: Found | None = None
        try:
            if not reason:
                found = compute()
        except CallError as error:
            reason = f"{error.message} {error.hint}".strip()
        if reason:
            self.skipped[part] = reason
        self.seconds[part] = time.perf_counter() - started
        if self.progress is not None:
            self.progress("stability", len(self.seconds), PARTS)
        return found


class _Asked:
    """The questions to one graph model, and what keeps some from being answered."""

    def __init__(
        self, document: Document, model: GraphModel, concepts: tuple[str, ...], parts: _Parts
    ) -> None:
        self.document = document
        self.model = model
        self.concepts = concepts
        self.parts = parts
        self.unknown: xr.Dataset | None = None
        self.both = (model.conflict, model.preferences)
        self.is_known = model.preferences.unknown is None
        self.usual = tuple(concept for concept in concepts if concept in IN_TURN)

    def verdicts(self) -> xr.Dataset:
        """Return `is_stable` and `is_equilibrium` by all concepts that can be judged."""
        usual = self.usual or ("nash",)
        if not self.is_known:
            self.unknown = unknown_stability(*self.both, concepts=usual)
            return self.unknown.sel({ATTITUDE: _UNDECIDED}, drop=True)
        found = [stability(*self.both, concepts=usual)] if self.usual else []
        together = [concept for concept in self.concepts if concept in SIMULTANEOUS]
        if together:
            at_once = self.parts("simultaneous", lambda: simultaneous(*self.both))
            found += [at_once.sel({CONCEPT: together})] if at_once is not None else []
        return xr.concat(found or [stability(*self.both, concepts=usual)], dim=CONCEPT)

    def robust(self, draws: int, seed: int, threads: int) -> xr.Dataset | None:
        """Return how often states are at rest over draws of the preferences."""
        conflict, usual = self.model.conflict, self.usual or ("nash",)
        most = MOST_DRAWN // (len(conflict.actors) * conflict.size)
        reason = f"{draws:,} draws of {conflict.size:,} states are too many." if draws > most else ""
        return self.parts(
            "robust",
            lambda: robustness(
                conflict,
                rank_draws(self.document.case, self.model, draws=draws, seed=seed),
                concepts=usual,
                threads=threads,
            ),
            reason and f"{reason} Ask for {most:,} at most." if most else reason,
        )

    def strong(self) -> xr.Dataset | None:
        """Return what is strongly stable, if some wishes are strong."""
        reason = "" if self.model.preferences.grade is not None else "No wish is marked as strong."
        usual = self.usual or ("nash",)
        return self.parts("strong", lambda: stability(*self.both, concepts=usual, strength="strong"), reason)

    def ends(self) -> xr.Dataset | None:
        """Return where improvements lead from today's state."""
        today = self.model.today
        return self.parts("ends", lambda: attractors(*self.both, today or 0), OPEN if today is None else "")

    def ways(self, goals: tuple[int, ...]) -> xr.Dataset | None:
        """Return the ways from today's state to the goals."""
        today = self.model.today
        return self.parts(
            "ways", lambda: status_quo(*self.both, today or 0, goals=goals), OPEN if today is None else ""
        )

    def searches(self, shown: tuple[int, ...]) -> dict[str, Any]:
        """Return what takes a search of all pairs of states, if they are few enough."""
        size, usual = self.model.conflict.size, self.usual or ("nash",)
        reason = "" if size <= MOST_SEARCHED else TOO_MANY.format(size)
        asked = [*shown, *([] if self.model.today is None else [self.model.today])]
        deterred = [concept for concept in usual if concept in DETERRED]
        nobody = reason or ("" if deterred else "Under Nash stability nobody deters anybody.")
        return {
            "limited": self.parts("limited", lambda: limited_stability(*self.both), reason),
            "nonmyopic": self.parts("nonmyopic", lambda: nonmyopic_stability(*self.both), reason),
            "coalitions": self.parts(
                "coalitions", lambda: coalition_stability(*self.both, concepts=usual), reason
            ),
            "leaving": self.parts("leaving", lambda: departures(*self.both, asked, concepts=usual), reason),
            "deterrence": self.parts(
                "deterrence", lambda: who_deters_whom(*self.both, concepts=deterred), nobody
            ),
            "swapped": self.parts("swapped", lambda: swaps(*self.both, concepts=usual), reason),
        }

    def needs(self, verdicts: xr.Dataset, wish: str | None) -> dict[str, Any]:
        """Return what would bring today's state to rest, and a state in which the wish holds."""
        model, lead, today = self.model, lead_of(verdicts), self.model.today
        large = "" if model.conflict.size <= MOST_SEARCHED else TOO_MANY.format(model.conflict.size)
        stays = large or (OPEN if today is None else "")
        asked = large or ("" if wish else "No wish was asked about.")
        return {
            "stay": self.parts("stay", lambda: rest_of(model, verdicts, lead, today or 0), stays),
            "wished": self.parts("wished", lambda: wished(model, verdicts, lead, wish or ""), asked),
        }


# --- what is looked at one by one ------------------------------------------------------------------


def _shown(verdicts: xr.Dataset, ends: xr.Dataset | None, foremost: IntArray) -> tuple[int, ...]:
    """Return the states at rest to look at: first where improvements lead from today, then the foremost."""
    led = [] if ends is None else ends["attractor_state"].values[ends["attractor_size"].values == 1].tolist()
    is_rest = verdicts["is_equilibrium"].sel({CONCEPT: lead_of(verdicts)}).values
    first = [state for state in led if is_rest[state]][:LED]
    return tuple(dict.fromkeys([*first, *foremost.tolist()]))[:SHOWN]


def _foremost(model: GraphModel, verdicts: xr.Dataset, robust: xr.Dataset | None) -> IntArray:
    """Return the places of states at rest in most draws, by the leading concept, then by the others.

    Of states alike in all of them those come first that differ from today's in fewest moves.
    """
    told = verdicts["is_equilibrium"] if robust is None else robust["equilibrium_probability"]
    names = [str(name) for name in told[CONCEPT].values]
    first = names.index(lead) if (lead := lead_of(verdicts)) in names else 0
    order = [first, *(at for at in range(len(names)) if at != first)]
    shares = told.values.astype(float)[order]
    at_rest = np.flatnonzero(shares.any(axis=0))
    ranked = np.lexsort((at_rest, changes(model, at_rest), *-shares[::-1, at_rest]))
    return at_rest[ranked[:SHOWN]]


def _idle(model: GraphModel) -> dict[str, tuple[Idle, ...]]:
    """Return the wishes that order no two states at central values, by actor, as places among those held."""
    found = {}
    for actor, stated in model.terms.preferences.items():
        formulas = held_statements(model, actor)
        idle = idle_statements(model.conflict, formulas) if formulas else ()
        # What follows from wishes before it still counts where weights are added up.
        found[actor] = tuple(one for one in idle if stated.priorities or one.reason != "decided")
    return {actor: idle for actor, idle in found.items() if idle}


def _removed(model: GraphModel) -> tuple[Removed, ...]:
    moves = [MoveForm(move.id, move.actor, move.level_count) for move in model.terms.moves]
    return count_removed(moves, model.terms.infeasible) if moves and model.terms.infeasible else ()
