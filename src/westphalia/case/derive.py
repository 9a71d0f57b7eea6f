"""The rule that derives a position from the statements about it.

A derived position is a mixture of accounts: each statement that puts the actor on the issue is one,
with a weight and a widening. Accounts that differ are not averaged: a draw believes one of them.

How much a statement counts follows from how its source gives it (`RELIANCE`), from each teller it
went through (`PER_TELLER`), and from whether the actor's own side speaks (`BY_ANOTHER`). Weights are
relative; widenings are shares of the issue's scale added on both sides. The numbers are conventions
of this project, not measurements: an analyst who judges otherwise sets the position by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from westphalia.case.schema import CaseFile, Issue
from westphalia.dossier.schema import Mode, Statement
from westphalia.uncertain import Mixture, Point, Triangular, Uniform, Value


class Reliance(NamedTuple):
    """How much a statement of a mode counts: its weight, and the share of the scale it is widened by."""

    weight: float
    widening: float


RELIANCE: dict[Mode, Reliance] = {
    "quote": Reliance(1.0, 0.0),
    "indirect": Reliance(0.8, 0.05),
    "narration": Reliance(0.6, 0.05),
    "hearsay": Reliance(0.4, 0.15),
    "commentary": Reliance(0.3, 0.15),
}
PER_TELLER = Reliance(0.8, 0.03)
BY_ANOTHER = Reliance(0.5, 0.05)


@dataclass(frozen=True, slots=True)
class Account:
    """One statement's account of where an actor stands: its value or option, weight and widening."""

    statement: str
    weight: float
    widening: float
    value: Value | None
    option: str | None


def own_voices(case: CaseFile, actor: str) -> frozenset[str]:
    """Return the actor and everyone who speaks for it, directly or through others."""
    voices = {actor}
    grown = True
    while grown:
        more = {other.id for other in case.actors if other.speaks_for in voices} - voices
        voices |= more
        grown = bool(more)
    return frozenset(voices)


def reliance(statement: Statement, voices: frozenset[str]) -> Reliance:
    """Return what the rule gives a statement about an actor whose own voices are `voices`."""
    weight, widening = RELIANCE[statement.mode]
    for _teller in statement.tellers:
        weight, widening = weight * PER_TELLER.weight, widening + PER_TELLER.widening
    if statement.speaker not in voices:
        weight, widening = weight * BY_ANOTHER.weight, widening + BY_ANOTHER.widening
    return Reliance(weight, widening)


def accounts(case: CaseFile, actor: str, issue: str) -> tuple[Account, ...]:
    """Return the accounts of where `actor` stands on `issue`, in the order of the statements."""
    voices = own_voices(case, actor)
    found = []
    for statement, about in case.placing.get(issue, ()):
        if about.actor in voices:
            trust = reliance(statement, voices)
            found.append(Account(statement.id, trust.weight, trust.widening, about.value, about.option))
    return tuple(found)


def derived_position(case: CaseFile, actor: str, issue: Issue) -> Value | None:
    """Return the position of `actor` on a scaled issue as its statements give it, None without any."""
    low, high = issue.ends
    told = [account for account in accounts(case, actor, issue.id) if account.value is not None]
    if not told:
        return None
    parts = [
        widened(account.value, account.widening * (high - low), low, high)
        for account in told
        if account.value
    ]
    if len(parts) == 1:
        return parts[0]
    return Mixture(tuple(parts), tuple(account.weight for account in told))


def derived_choice(case: CaseFile, actor: str, issue: Issue) -> dict[str, float] | None:
    """Return the chances of the options of a nominal issue as the statements give them, None without any."""
    told = [account for account in accounts(case, actor, issue.id) if account.option is not None]
    if not told:
        return None
    total = sum(account.weight for account in told)
    chances = dict.fromkeys((str(account.option) for account in told), 0.0)
    for account in told:
        chances[str(account.option)] += account.weight / total
    return chances


def widened(value: Value, by: float, low: float, high: float) -> Value:
    """Return the value with `by` scale points of doubt added on both sides, cut at the scale's ends."""
    if by == 0:
        return value.within(low, high)
    if isinstance(value, Mixture):
        parts = tuple(widened(part, by, low, high) for part in value.components)
        return Mixture(parts, value.weights)
    least, most = max(low, value.low - by), min(high, value.high + by)
    if isinstance(value, Uniform):
        return Uniform(least, most)
    likeliest = value.mode if isinstance(value, Triangular) else value.central
    return Triangular(least, min(max(likeliest, least), most), most) if least < most else Point(least)
