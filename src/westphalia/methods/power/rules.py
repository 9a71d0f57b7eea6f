"""Rules of decision: weights with a quota, and several of them joined by AND and OR.

A rule is a monotone simple game: whoever can pass something can still pass it with more supporters.
All numbers are exact: a weight given as a decimal counts as that decimal.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from westphalia.errors import CallError, suggest
from westphalia.methods.arrays import Array

Number = int | float | str | Decimal | Fraction


@dataclass(frozen=True)
class Weighted:
    """A coalition passes if the weights of its members sum to at least `quota`.

    Every player of the game is named; one without a vote under this rule has weight 0. Decimals may
    be given as floats or texts (``18.49``, ``"18.49"``); both mean the decimal as written.
    """

    weights: Mapping[str, Number]
    quota: Number
    name: str = ""


@dataclass(frozen=True)
class AllOf:
    """A coalition passes if it passes under every one of the rules."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class AnyOf:
    """A coalition passes if it passes under at least one of the rules."""

    rules: tuple[Rule, ...]


Rule = Weighted | AllOf | AnyOf


def at_least(least: int, players: Sequence[str], among: Iterable[str] | None = None) -> Weighted:
    """Return the rule that at least `least` of the players agree, or of those `among` them.

    Raises
    ------
    CallError: a name in `among` is no player.
    """
    counted = set(players) if among is None else set(_known(among, players))
    weights = {player: int(player in counted) for player in players}
    return Weighted(weights, least, name=f"at least {least} of {len(counted)} players")


def veto(holders: Iterable[str], players: Sequence[str]) -> Weighted:
    """Return the rule that every holder of a veto agrees.

    Raises
    ------
    CallError: a holder is no player.
    """
    names = list(dict.fromkeys(holders))
    return at_least(len(names), players, among=names)


def unanimity(players: Sequence[str]) -> Weighted:
    """Return the rule that all players agree."""
    return at_least(len(players), players)


def majority(weights: Mapping[str, Number], share: Number = "1/2") -> Weighted:
    """Return the rule that more than a share of the weight agrees.

    Raises
    ------
    CallError: the share is not at least 0 and below 1, or a weight is no number.
    """
    part = exact(share, "share")
    if not 0 <= part < 1:
        raise CallError(
            f"The share of a majority is {share}.", code="bad-quota", hint="It is at least 0 and below 1."
        )
    whole = {player: exact(weight, player) for player, weight in weights.items()}
    unit = Fraction(1, math.lcm(*(weight.denominator for weight in whole.values())))
    return Weighted(weights, math.floor(sum(whole.values()) * part / unit) * unit + unit, name="majority")


@dataclass(frozen=True)
class Leaf:
    """One weighted rule in whole numbers: weights in the order of the players, without common divisor."""

    weights: tuple[int, ...]
    quota: int

    @property
    def is_count(self) -> bool:
        """Whether all weights are 1, so that only the number of members counts."""
        return set(self.weights) == {1}


@dataclass(frozen=True)
class Game:
    """A checked rule: its players, its weighted rules in whole numbers, and the formula over them.

    `formula` is ``("leaf", k)``, ``("all", (…))`` or ``("any", (…))``.
    """

    players: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    formula: Formula

    def passes(self, reached: Sequence[Array]) -> Array:
        """Return where the rule is met, given where each weighted rule is (arrays that broadcast)."""
        return _passes(self.formula, reached)

    def wins(self, members: Iterable[int]) -> bool:
        """Return whether the coalition of these places passes."""
        chosen = tuple(members)
        sums = [sum(leaf.weights[at] for at in chosen) for leaf in self.leaves]
        reached = [np.asarray(total >= leaf.quota) for total, leaf in zip(sums, self.leaves, strict=True)]
        return bool(self.passes(reached))

    def dual(self) -> Game:
        """Return the game in which those coalitions pass that can block in this one."""
        leaves = tuple(Leaf(leaf.weights, sum(leaf.weights) - leaf.quota + 1) for leaf in self.leaves)
        return Game(self.players, leaves, _dual(self.formula))


Formula = tuple[str, "int | tuple[Formula, ...]"]


def game_of(rule: Rule) -> Game:
    """Return the rule as a game in whole numbers.

    Raises
    ------
    CallError: no players; rules that name different players; a weight or quota that is no number; a
        negative weight; a rule under which nothing, or everything, passes.
    """
    found: list[Weighted] = []
    formula = _flattened(rule, found)
    players = tuple(found[0].weights)
    for part in found:
        _names_all(part, players)
    game = Game(players, tuple(_leaf(part, players) for part in found), formula)
    if not game.wins(range(len(players))):
        raise CallError(_never(found, game), code="rule-contradictory", hint="Lower the quota.")
    if game.wins(()):
        raise CallError(
            "Everything passes under the rule, even without a single supporter.",
            code="rule-contradictory",
            hint="Raise the quota above 0.",
        )
    return game


def exact(number: Number, where: str) -> Fraction:
    """Return the number without loss; a float counts as the decimal it is written as.

    Raises
    ------
    CallError: it is not a finite number.
    """
    try:
        if isinstance(number, bool):
            raise TypeError
        return Fraction(repr(float(number))) if isinstance(number, float | np.floating) else Fraction(number)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise CallError(
            f"{number!r} is no number.",
            code="not-a-number",
            where=where,
            hint="Give a whole number, a decimal or a fraction.",
        ) from None


def _known(names: Iterable[str], players: Sequence[str]) -> Iterable[str]:
    for name in names:
        if name not in players:
            raise CallError(
                f"'{name}' is no player of the rule.",
                code="unknown-player",
                where=name,
                hint=suggest(name, players),
            )
        yield name


def _flattened(rule: Rule, found: list[Weighted]) -> Formula:
    if isinstance(rule, Weighted):
        found.append(rule)
        return ("leaf", len(found) - 1)
    if not isinstance(rule, AllOf | AnyOf) or not rule.rules:
        raise CallError(
            "There is no rule to apply.",
            code="rule-missing",
            hint="Give Weighted, or AllOf or AnyOf of some.",
        )
    parts = tuple(_flattened(part, found) for part in rule.rules)
    return ("all" if isinstance(rule, AllOf) else "any", parts)


def _names_all(part: Weighted, players: tuple[str, ...]) -> None:
    if not part.weights:
        raise CallError("A rule has no players.", code="rule-missing", hint="Give each player a weight.")
    odd = sorted(set(players) ^ set(part.weights))
    if odd:
        raise CallError(
            f"The rules do not name the same players: they differ in {', '.join(odd)}.",
            code="labels-differ",
            where=odd[0],
            hint="Name every player in every rule, with weight 0 where it has no vote.",
        )


def _leaf(part: Weighted, players: tuple[str, ...]) -> Leaf:
    weights = [exact(part.weights[player], player) for player in players]
    for player, weight in zip(players, weights, strict=True):
        if weight < 0:
            raise CallError(
                f"The weight of '{player}' is {part.weights[player]}.",
                code="value-out-of-range",
                where=player,
                hint="A weight is at least 0.",
            )
    unit = math.lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * unit) for weight in weights]
    divisor = math.gcd(*whole) or 1
    quota = math.ceil(exact(part.quota, "quota") * unit / divisor)
    return Leaf(tuple(weight // divisor for weight in whole), quota)


def _never(found: list[Weighted], game: Game) -> str:
    for part, leaf in zip(found, game.leaves, strict=True):
        if sum(leaf.weights) < leaf.quota:
            total = sum(exact(weight, "weight") for weight in part.weights.values())
            name = f" ({part.name})" if part.name else ""
            return f"Nothing passes: a rule{name} asks for {part.quota}, all together have {float(total):g}."
    return "Nothing passes under the rule, even if all agree."


def _passes(formula: Formula, reached: Sequence[Array]) -> Array:
    kind, parts = formula
    if isinstance(parts, int):
        return reached[parts]
    joined = _passes(parts[0], reached)
    for part in parts[1:]:
        right = _passes(part, reached)
        joined = joined & right if kind == "all" else joined | right
    return joined


def _dual(formula: Formula) -> Formula:
    kind, parts = formula
    if isinstance(parts, int):
        return formula
    return ("any" if kind == "all" else "all", tuple(_dual(part) for part in parts))
