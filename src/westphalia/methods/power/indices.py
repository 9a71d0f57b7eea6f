"""Power indices of a voting rule: how often a player's vote decides, exactly, as fractions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from westphalia.labels import ACTOR, described
from westphalia.methods.power.counting import Counts, count
from westphalia.methods.power.rules import Game, Rule, game_of

if TYPE_CHECKING:
    import xarray as xr

Indices = dict[str, Fraction]
"""The index of each player."""


@dataclass(frozen=True)
class Power:
    """A voting rule counted out: its players, its coalitions, and every index as exact fractions."""

    game: Game
    counts: Counts

    @property
    def players(self) -> tuple[str, ...]:
        """The players in the order of the rule."""
        return self.game.players

    @property
    def winning(self) -> int:
        """How many coalitions pass."""
        return sum(self.counts.winning.coalitions)

    @property
    def winning_share(self) -> Fraction:
        """The share of all coalitions, the empty one among them, that pass."""
        return Fraction(self.winning, 1 << len(self.players))

    @property
    def minimal_winning(self) -> int:
        """How many coalitions pass and have nobody to spare."""
        return sum(self.counts.winning.minimal)

    @property
    def minimal_blocking(self) -> int:
        """How many coalitions block and have nobody to spare."""
        return sum(self.counts.blocking.minimal)

    @property
    def swings(self) -> dict[str, int]:
        """In how many coalitions each player decides: they pass with it and not without."""
        with_each = self.counts.winning.coalitions_with
        return {name: 2 * sum(own) - self.winning for name, own in zip(self.players, with_each, strict=True)}

    def shapley_shubik(self) -> Indices:
        """Return the share of orders of joining in which the player turns a losing coalition to passing."""
        n = len(self.players)
        orders = [math.factorial(s - 1) * math.factorial(n - s) for s in range(1, n + 1)]
        total = self.counts.winning.coalitions
        found = {}
        for name, own in zip(self.players, self.counts.winning.coalitions_with, strict=True):
            gained = sum(orders[s - 1] * own[s] for s in range(1, n + 1))
            held = sum(orders[s] * (total[s] - own[s]) for s in range(n))
            found[name] = Fraction(gained - held, math.factorial(n))
        return found

    def banzhaf(self) -> Indices:
        """Return the player's share of all swings (normalised Banzhaf, or Penrose–Banzhaf–Coleman)."""
        every = sum(self.swings.values())
        return {name: Fraction(own, every) for name, own in self.swings.items()}

    def banzhaf_absolute(self) -> Indices:
        """Return the chance that the player decides if each of the others votes yes or no at even odds."""
        return {name: Fraction(own, 1 << (len(self.players) - 1)) for name, own in self.swings.items()}

    def deegan_packel(self) -> Indices:
        """Return the player's expected share if a minimal winning coalition is drawn and splits evenly."""
        found = {}
        for name, own in zip(self.players, self.counts.winning.minimal_with, strict=True):
            parts = sum((Fraction(number, size) for size, number in enumerate(own) if number), Fraction(0))
            found[name] = parts / self.minimal_winning
        return found

    def holler(self) -> Indices:
        """Return the player's share of all memberships of minimal winning coalitions (public good index)."""
        member_of = [sum(own) for own in self.counts.winning.minimal_with]
        return {
            name: Fraction(own, sum(member_of)) for name, own in zip(self.players, member_of, strict=True)
        }

    @property
    def null_players(self) -> tuple[str, ...]:
        """The players whose vote never decides."""
        return tuple(name for name, own in self.swings.items() if own == 0)

    @property
    def vetoes(self) -> tuple[str, ...]:
        """The players without whom nothing passes."""
        with_each = zip(self.players, self.counts.winning.coalitions_with, strict=True)
        return tuple(name for name, own in with_each if sum(own) == self.winning)

    @property
    def dictator(self) -> str | None:
        """The player whose vote alone decides everything, if there is one.

        Reaching the quota alone makes no dictator: where the quota is at most half, others may do so too.
        """
        alone = [
            name
            for name, own in zip(self.players, self.counts.winning.coalitions_with, strict=True)
            if own[1] == 1 and name in self.vetoes
        ]
        return alone[0] if alone else None


def power_of(rule: Rule) -> Power:
    """Count a voting rule out.

    A single weighted rule, and one joined with a least number of members by AND or OR, takes a table
    over size and weight: time n² times the sum of the weights (80 players with weights to 1000: 3 s),
    or two halves for up to 34 players with weights of any size. Other rules are counted by kinds of
    players, or coalition by coalition up to 27 players.

    Raises
    ------
    CallError: the rule is contradictory or malformed (see `rules.game_of`), or too large to be
        counted exactly (code ``game-too-large``).
    """
    game = game_of(rule)
    return Power(game, count(game))


def power_indices(rule: Rule) -> xr.Dataset:
    """Return every index of every player, with the null players, vetoes and the dictator.

    Returns
    -------
    Dataset over `actor` with `shapley_shubik`, `banzhaf`, `banzhaf_absolute`, `deegan_packel`,
    `holler`, `is_null_player`, `has_veto`, `is_dictator`; and without dimension `winning_share` and
    `is_proper` (no two coalitions without common member both pass). The numbers of coalitions, which
    can be too large for an array, are the attributes `winning_coalitions`, `minimal_winning` and
    `minimal_blocking`. `power_of` gives the same as whole numbers and fractions.

    Raises
    ------
    CallError: as `power_of`.

    References
    ----------
    shapley_shubik1954, banzhaf1965, deegan_packel1978, holler1982
    """
    import xarray as xr

    power = power_of(rule)
    indices: Mapping[str, Indices] = {
        "shapley_shubik": power.shapley_shubik(),
        "banzhaf": power.banzhaf(),
        "banzhaf_absolute": power.banzhaf_absolute(),
        "deegan_packel": power.deegan_packel(),
        "holler": power.holler(),
    }
    players = power.players
    data = {name: ((ACTOR,), [float(index[p]) for p in players]) for name, index in indices.items()}
    claims = {
        "is_null_player": power.null_players,
        "has_veto": power.vetoes,
        "is_dictator": (power.dictator,),
    }
    told = {name: ((ACTOR,), np.isin(players, [p for p in those if p])) for name, those in claims.items()}
    scalars = {"winning_share": float(power.winning_share), "is_proper": power.counts.is_proper}
    result = xr.Dataset({**data, **told, **scalars}, coords={ACTOR: list(players)})
    return described(
        result,
        winning_coalitions=str(power.winning),
        minimal_winning=str(power.minimal_winning),
        minimal_blocking=str(power.minimal_blocking),
    )
