"""Who can impose an outcome and who can block it: coalitions under a voting rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from westphalia.check import has_dimensions
from westphalia.errors import CallError, suggest
from westphalia.labels import ACTOR, COALITION, DRAW, described
from westphalia.methods.arrays import Array
from westphalia.methods.power.rules import Game, Rule, game_of

if TYPE_CHECKING:
    import xarray as xr

MOST = 1000
_STEPS = 5_000_000
"""Steps of the search for minimal coalitions, times players, before it says that it did not finish."""


@dataclass(frozen=True)
class Standing:
    """What a group of players can do together.

    `can_impose`: it passes what it wants against all others. `can_block`: without it nothing
    passes. `critical` lists the members without whom it could no longer impose (or, if it cannot
    impose, block).
    """

    members: tuple[str, ...]
    can_impose: bool
    can_block: bool
    critical: tuple[str, ...]


def standing(rule: Rule, members: Iterable[str]) -> Standing:
    """Say what a group can impose or block, and who in it is needed for that.

    Raises
    ------
    CallError: a member is no player, or the rule is contradictory.
    """
    game = game_of(rule)
    dual = game.dual()
    places = _places(game, members)
    can_impose, can_block = game.wins(places), dual.wins(places)
    able = game if can_impose else dual
    is_able = can_impose or can_block
    critical = [at for at in places if is_able and not able.wins([other for other in places if other != at])]
    return Standing(_named(game, places), can_impose, can_block, _named(game, critical))


def coalitions(rule: Rule, *, most: int = MOST) -> xr.Dataset:
    """List the minimal coalitions that can impose an outcome and those that can block one.

    Parameters
    ----------
    rule: the voting rule.
    most: how many of each to list, at least 1; `power_indices` counts them all.

    Returns
    -------
    Dataset with `is_member` (coalition, actor), `can_impose` and `can_block` (coalition), and as
    attributes `lists_all_imposing` and `lists_all_blocking` (0 or 1). A coalition is listed once if
    it is minimal for both.

    Raises
    ------
    CallError: the rule is contradictory, or `most` is below 1.
    """
    import xarray as xr

    if most < 1:
        raise CallError(f"{most} coalitions were asked for.", code="bad-limit", hint="At least 1.")
    game = game_of(rule)
    dual = game.dual()
    imposing, has_all_imposing = _listed(game, most)
    blocking, has_all_blocking = _listed(dual, most)
    listed = list(dict.fromkeys(imposing + blocking))
    is_member = np.zeros((len(listed), len(game.players)), dtype=bool)
    for at, places in enumerate(listed):
        is_member[at, list(places)] = True
    result = xr.Dataset(
        {
            "is_member": ((COALITION, ACTOR), is_member),
            "can_impose": ((COALITION,), wins_of(game, is_member)),
            "can_block": ((COALITION,), wins_of(dual, is_member)),
        },
        coords={ACTOR: list(game.players)},
    )
    lists = {"lists_all_imposing": int(has_all_imposing), "lists_all_blocking": int(has_all_blocking)}
    return described(result, **lists)


def vote(rule: Rule, is_for: xr.DataArray) -> xr.Dataset:
    """Say whether the actors in favour pass an outcome, whether the others block it, and who decides.

    Parameters
    ----------
    rule: the voting rule; its players are the labels of `actor`.
    is_for: (actor), or (draw, actor); true where the actor votes for the outcome.

    Returns
    -------
    Dataset with `is_passed` (draw), `is_blocked` (draw), its contrary, and `is_decisive` (draw,
    actor): with its vote alone turned, the result would turn. Time is linear in draws times the
    square of players.

    Raises
    ------
    CallError: actors and players differ, or the rule is contradictory.
    """
    import xarray as xr

    game = game_of(rule)
    has_dimensions(is_for, "is_for", (ACTOR,))
    _same_players(game, [str(name) for name in is_for[ACTOR].values])
    kept = is_for if DRAW in is_for.dims else is_for.expand_dims(DRAW)
    votes = np.asarray(kept.transpose(DRAW, ACTOR).sel({ACTOR: list(game.players)}).values, dtype=bool)
    passed = wins_of(game, votes)
    decisive = np.empty(votes.shape, dtype=bool)
    for at in range(votes.shape[1]):
        turned = votes.copy()
        turned[:, at] = ~turned[:, at]
        decisive[:, at] = wins_of(game, turned) != passed
    coords: dict[str, Any] = {ACTOR: list(game.players)}
    if DRAW in kept.coords:
        coords[DRAW] = kept[DRAW].values
    result = xr.Dataset(
        {
            "is_passed": ((DRAW,), passed),
            "is_blocked": ((DRAW,), ~passed),
            "is_decisive": ((DRAW, ACTOR), decisive),
        },
        coords=coords,
    )
    return described(result)


def wins_of(game: Game, is_member: Array) -> Array:
    """Return which coalitions (…, player) pass."""
    reached = []
    for leaf in game.leaves:
        exact = object if sum(leaf.weights) >= 1 << 62 else np.int64
        total = (is_member.astype(exact) * np.array(leaf.weights, dtype=exact)).sum(axis=-1)
        reached.append(np.asarray(total >= leaf.quota, dtype=bool))
    return game.passes(reached)


def minimal(game: Game, most: int) -> Iterator[tuple[int, ...] | None]:
    """Yield the minimal passing coalitions, heaviest players first; None if the search was cut short.

    A minimal coalition is found at its last player: all before it together do not pass. A branch
    ends where even all players left would not make it pass.
    """
    order = _deciders(game)
    steps = [0]

    def grow(chosen: list[int], start: int) -> Iterator[tuple[int, ...] | None]:
        for place in range(start, len(order)):
            steps[0] += 1
            if steps[0] * len(order) > _STEPS:
                yield None
                return
            if not game.wins([*chosen, *order[place:]]):
                return
            with_next = [*chosen, order[place]]
            if not game.wins(with_next):
                yield from grow(with_next, place + 1)
            elif not any(game.wins([other for other in with_next if other != at]) for at in chosen):
                yield tuple(sorted(with_next))

    for found, coalition in enumerate(grow([], 0)):
        yield coalition if found < most else None
        if coalition is None or found >= most:
            return


def _listed(game: Game, most: int) -> tuple[list[tuple[int, ...]], bool]:
    found = list(minimal(game, most))
    whole = [coalition for coalition in found if coalition is not None]
    return whole, len(whole) == len(found)


def _deciders(game: Game) -> list[int]:
    """Return the players with weight under some rule, by their largest share of a rule's weight."""
    shares = [
        max(leaf.weights[at] / max(sum(leaf.weights), 1) for leaf in game.leaves)
        for at in range(len(game.players))
    ]
    return sorted((at for at, share in enumerate(shares) if share > 0), key=lambda at: -shares[at])


def _places(game: Game, members: Iterable[str]) -> list[int]:
    found = []
    for name in dict.fromkeys(members):
        if name not in game.players:
            raise CallError(
                f"'{name}' is no player of the rule.",
                code="unknown-player",
                where=name,
                hint=suggest(name, game.players),
            )
        found.append(game.players.index(name))
    return found


def _named(game: Game, places: Sequence[int]) -> tuple[str, ...]:
    return tuple(game.players[at] for at in places)


def _same_players(game: Game, actors: list[str]) -> None:
    odd = sorted(set(actors) ^ set(game.players))
    if odd or len(set(actors)) != len(actors):
        raise CallError(
            f"The actors and the players of the rule differ: {', '.join(odd) or 'an actor occurs twice'}.",
            code="labels-differ",
            where="is_for",
            hint="Every player of the rule votes, and nobody else.",
        )
