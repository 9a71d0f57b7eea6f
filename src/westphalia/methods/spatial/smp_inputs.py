"""From labelled inputs to what the spatial model of politics plays on, and back to scale points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR
from westphalia.methods.arrays import FloatArray, Frame
from westphalia.methods.deals.utility import lengths, on_unit
from westphalia.methods.spatial.smp_kernels import play_all
from westphalia.methods.spatial.smp_table import REASONS, SETTLED, Played, Rules, Stands

SLACK = 1e-9
"""By how much a sum of shares may pass 1 by rounding alone."""


class Stated(NamedTuple):
    """How saliences become shares of attention, and what a run writes down."""

    salience_scale: str
    keeps_path: bool
    keeps_reasons: bool


def play(frame: Frame, rules: Rules, stated: Stated) -> Played:
    """Play every draw, and return the result in scale points.

    Raises
    ------
    CallError: see `smp`.
    """
    low, length = frame["scale_low"], lengths(frame)
    saliences = attention(frame, stated.salience_scale)
    unit = on_unit(frame)
    stands = Stands(
        position=np.ascontiguousarray(unit),
        salience=np.ascontiguousarray(saliences),
        capability=one_capability(frame, saliences),
        has_stand=frame["has_stand"],
        follows=adjustment_of(frame),
        draw=frame.draw_numbers(),
    )
    played = blank(np.where(frame["has_stand"], unit, np.nan), rules, stated)
    play_all(stands, rules, played)
    settled = played.settled * length
    settled[SETTLED] += low
    return played._replace(
        settled=settled,
        final=low[:, None] + length[:, None] * played.final,
        path=low[:, None, None] + length[:, None, None] * played.path,
    )


def attention(frame: Frame, scale: str) -> FloatArray:
    """Return saliences (draw, actor, issue) of which no actor has more than 1 in all.

    Raises
    ------
    CallError: taken as they are, those of some actor sum to more.
    """
    salience: FloatArray = frame["salience"]
    total = salience.sum(axis=2)
    above = total > 1 + SLACK
    if scale == "issue-count":
        return salience / salience.shape[2]
    if scale == "as-given" and above.any():
        draw, actor = np.unravel_index(int(np.argmax(above)), above.shape)
        raise CallError(
            f"The saliences of '{frame.name_of(ACTOR, int(actor))}' sum to {total[draw, actor]:g}.",
            code="value-out-of-range",
            where="salience",
            hint="Taken as they are they sum to 1 at most; or set salience_scale to budget or issue-count.",
        )
    return salience / np.where(above, total, 1.0)[..., None]


def one_capability(frame: Frame, salience: FloatArray) -> FloatArray:
    """Return the capability (draw, actor): the mean by salience, to the bit where all issues agree."""
    counts = frame["has_stand"] & (salience > 0)
    capability: FloatArray = frame["capability"]
    low = np.where(counts, capability, np.inf).min(axis=2)
    high = np.where(counts, capability, -np.inf).max(axis=2)
    total = salience.sum(axis=2)
    mean = (salience * capability).sum(axis=2) / np.where(total > 0, total, 1.0)
    return np.ascontiguousarray(np.where(low == high, low, mean))


def adjustment_of(frame: Frame) -> FloatArray:
    """Return how ideals follow positions (actor, other); each its own position if nothing is given.

    Raises
    ------
    CallError: a row sums to more than 1.
    """
    actors = frame["position"].shape[1]
    if "ideal_adjustment" not in frame.arrays:
        return np.eye(actors)
    follows: FloatArray = frame["ideal_adjustment"]
    above = follows.sum(axis=1) > 1 + SLACK
    if above.any():
        raise CallError(
            f"The ideal of '{frame.name_of(ACTOR, int(np.argmax(above)))}' follows positions by more than 1.",
            code="value-out-of-range",
            where="ideal_adjustment",
            hint="Its shares sum to 1 at most.",
        )
    return follows


def blank(position: FloatArray, rules: Rules, stated: Stated) -> Played:
    """Lay out the results of a run: all stay at `position` (draw, actor, issue), nothing else is known."""
    draws, actors, issues = position.shape
    rounds = rules.rounds + 1 if stated.keeps_path else 0
    turns = (draws, rounds if stated.keeps_reasons else 0, actors)
    why = np.full((len(REASONS), *turns), np.nan)
    why[4:7], why[7] = -1, 0
    return Played(
        settled=np.full((2, draws, issues), np.nan),
        final=position.copy(),
        odds=np.full((2, draws, actors), np.nan),
        rounds=np.zeros(draws, dtype=np.int64),
        converged=np.zeros(draws, dtype=bool),
        path=np.repeat(position[:, None], rounds, axis=1),
        ratio=np.full((draws, rounds), np.nan),
        why=why,
    )
