"""The graph model of a case as a conflict of GMCR+."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from westphalia.errors import CallError
from westphalia.formats.codings_own import text_in
from westphalia.formats.gmcr_conditions import conditions_of
from westphalia.formats.gmcr_parts import MOST_LISTED, MOST_OPTIONS, PROGRAM, VERSION, Anyone
from westphalia.formats.imported import Account, Ledger, Outgoing, OutgoingGraph, OutgoingMove
from westphalia.formats.writing import write_file

MOST_STATEMENTS = 63
"""The program adds up powers of two in 64 bits: with one more statement it stops."""

_MOST_MEMBERS = 64
_MOST_INFEASIBLE = 1_000
_DIRECTIONS = {(True, True): "both", (True, False): "fwd", (False, True): "back"}


def write_gmcr(outgoing: Outgoing, path: Path) -> Account:
    """Write the graph model of a case; where statements cannot say a preference, all states are ranked.

    Raises
    ------
    CallError: the case has no graph model, or one that no such file can hold; says what and why.
    FileError: the file cannot be written.
    """
    if outgoing.graph is None:
        raise CallError("The case has no graph model to write.", code="no-stability", where=outgoing.name)
    graph, ledger = outgoing.graph(), Ledger()
    if graph.odd:
        raise _refused(graph.odd, "stability", "Write it in another format, or model it by moves alone.")
    game = _Writing(graph, outgoing.tree, ledger).content()
    write_file(Path(path), f"{json.dumps(game, ensure_ascii=False, indent=1)}\n")
    _say_doubt(outgoing.tree["stability"]["preferences"], ledger)
    ledger.leave(
        "Today's state, evidence, assumptions, issues, stands and all else of the case are not in the file."
    )
    return ledger.account()


def _refused(message: str, where: str, hint: str) -> CallError:
    return CallError(message, code="cannot-be-written", where=where, hint=hint)


class _Writing:
    """A graph model on its way out.

    A move of L levels makes L − 1 options; the k-th says that it stands at level k or above, so that a
    step up takes options and never drops one.
    """

    def __init__(self, graph: OutgoingGraph, tree: dict[str, Any], ledger: Ledger) -> None:
        self.graph, self.ledger = graph, ledger
        self.actors = {actor["id"]: text_in(actor["name"]) for actor in tree["actors"]}
        self.moves = {move["id"]: text_in(move["content"]) for move in tree["moves"]}
        order = sorted(range(len(graph.moves)), key=lambda at: graph.moves[at].owner)
        self.steps = [(at, level) for at in order for level in range(1, len(graph.moves[at].levels))]
        self.options: dict[str, list[int]] = {move.id: [] for move in graph.moves}
        for place, (at, _) in enumerate(self.steps):
            self.options[graph.moves[at].id].append(place)

    def content(self) -> dict[str, Any]:
        """Return what the file says."""
        graph = self.graph
        if len(self.steps) > MOST_OPTIONS:
            raise _refused(f"There are {len(self.steps)} options.", "moves", f"Up to {MOST_OPTIONS} fit.")
        options = [self._option(graph.moves[at], level) for at, level in self.steps]
        infeasible = [_plain(each) for each in self._infeasible()]
        statements = {actor: self._statements(actor) for actor in graph.actors}
        is_ranked = any(each is None for each in statements.values())
        numbers = self._numbers() if is_ranked else None
        makers = []
        for at, actor in enumerate(graph.actors):
            own = [place for place, (move, _) in enumerate(self.steps) if graph.moves[move].owner == at]
            maker = {"name": self.actors[actor], "options": own, "misperceptions": []}
            maker["preferences"] = [_statement(each) for each in statements[actor] or ()]
            if numbers is not None:
                maker["preferenceRanking"] = _groups(graph.rank[at], numbers)
            makers.append(maker)
        self._say(statements, is_ranked=is_ranked)
        return {
            "program": PROGRAM,
            "version": VERSION,
            "decisionMakers": makers,
            "options": options,
            "infeasibles": infeasible,
            "useManualPreferenceRanking": is_ranked,
            "coalitions": list(range(len(makers))),
        }

    def _option(self, move: OutgoingMove, level: int) -> dict[str, str]:
        direction = _DIRECTIONS.get((move.can_rise, move.can_fall))
        if direction is None:
            raise _refused(
                f"'{move.id}' can be neither taken nor dropped, and the format has no such options.",
                move.id,
                "Leave it out of 'moves' in the section stability, or free one direction.",
            )
        name = self.moves[move.id]
        if len(move.levels) > 2:
            name = f"{name}: {move.levels[level]}" + (" or more" if level + 1 < len(move.levels) else "")
            self.ledger.change(
                f"'{move.id}' has {len(move.levels)} levels: it became {len(move.levels) - 1} options, each "
                "of which needs the one before."
            )
        return {"name": name, "permittedDirection": direction}

    def _infeasible(self) -> Iterator[tuple[tuple[int, bool], ...]]:
        """Yield conditions on options that cannot be."""
        for places in self.options.values():
            for lower, higher in pairwise(places):
                yield ((lower, False), (higher, True))
        for formula in self.graph.infeasible:
            found = conditions_of(formula, self.options, _MOST_INFEASIBLE)
            if found is None:
                raise _refused(
                    "What cannot be takes too many conditions: each is a list of options taken or not.",
                    str(formula)[:80],
                    "Split it into several statements.",
                )
            yield from found

    def _statements(self, actor: str) -> list[Anyone] | None:
        """Return the wishes as conditions, without idle ones; None if they do not fit."""
        wishes = self.graph.wishes.get(actor)
        if wishes is None:
            return None
        found = []
        for formula in wishes:
            anyone = conditions_of(formula, self.options, _MOST_MEMBERS)
            if anyone is None:
                return None
            if anyone and anyone != ((),):
                found.append(anyone)
        return found if len(found) <= MOST_STATEMENTS else None

    def _numbers(self) -> np.ndarray:
        """Return the program's number of each feasible state: its place in the order of codes, from 1."""
        codes = self.graph.codes
        if len(codes) > MOST_LISTED:
            raise _refused(
                f"There are {len(codes):,} feasible states, and preferences that only a ranking can say.",
                "stability.preferences",
                f"Up to {MOST_LISTED:,} states can be ranked; state wishes as priorities.",
            )
        levels = []
        for move in self.graph.moves:
            levels.append(codes % len(move.levels))
            codes = codes // len(move.levels)
        code = np.zeros(len(codes), dtype=np.int64)
        for place, (at, level) in enumerate(self.steps):
            code |= (levels[at] >= level).astype(np.int64) << place
        numbers = np.empty(len(code), dtype=np.int64)
        numbers[np.argsort(code)] = np.arange(1, len(code) + 1)
        return numbers

    def _say(self, statements: dict[str, list[Anyone] | None], *, is_ranked: bool) -> None:
        count = len(self.graph.codes)
        self.ledger.carry(
            f"{len(self.graph.actors)} decision makers, {len(self.steps)} options, {count:,} feasible states."
        )
        if not is_ranked:
            self.ledger.carry("The wishes in their order, as conditions on options.")
            return
        odd = ", ".join(self.actors[actor] for actor, found in statements.items() if found is None)
        self.ledger.carry("A ranking of all states for everybody; it is what counts in the file.")
        self.ledger.change(
            "States are ranked for everybody: what they want is no list of wishes that the format knows "
            f"({odd})."
        )


def _plain(condition: tuple[tuple[int, bool], ...]) -> list[list[Any]]:
    return [[option, "Y" if is_taken else "N"] for option, is_taken in condition]


def _statement(anyone: Anyone) -> Any:
    members = [_plain(condition) for condition in anyone]
    return members[0] if len(members) == 1 else {"compound": True, "members": members}


def _groups(rank: np.ndarray, numbers: np.ndarray) -> list[Any]:
    """Return the numbers of the states, best first; those that tie in a list of their own."""
    groups = (sorted(numbers[rank == value].tolist()) for value in np.unique(rank)[::-1])
    return [group[0] if len(group) == 1 else group for group in groups]


_DOUBTS = {
    "place": "Places that are in doubt: wishes stand at the centre.",
    "chance": "Chances that an actor has a wish: the likelier case is written.",
    "is_unknown": "That the direction of some wishes is unknown: they are written as wanted.",
    "is_strong": "That some wishes make states much better.",
}


def _say_doubt(preferences: dict[str, Any], ledger: Ledger) -> None:
    """Say which of the finer shades of preferences are lost."""
    for stated in preferences.values():
        for wish in (*(stated.get("priorities") or ()), *(stated.get("weights") or ())):
            for key, sentence in _DOUBTS.items():
                if wish.get(key):
                    ledger.leave(sentence)
        if ">>" in (stated.get("ranking") or ()):
            ledger.leave("That some ranked states are much better than others.")
        if stated.get("unknown"):
            ledger.leave("Pairs of states whose order is unknown: they have the order of the ranking.")
