"""Conflicts of GMCR+ (`.gmcr`): options, what cannot be, preferences; as a case with a graph model."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from westphalia.fields import ids_for
from westphalia.formats.gmcr_parts import (
    MOST_LISTED,
    Condition,
    Game,
    IntArray,
    Maker,
    arcs,
    feasible_codes,
    groups_of,
    name_of_state,
)
from westphalia.formats.gmcr_reading import game_of
from westphalia.formats.gmcr_writing import write_gmcr
from westphalia.formats.imported import Format, ImportedCase, Ledger
from westphalia.formats.jsons import Node, json_of
from westphalia.formats.raw import bytes_of
from westphalia.formats.reports import refusal, shown
from westphalia.logic import Formula, Joined, Level, Not

_PICKLE = re.compile(rb"\x80[\x01-\x05]|[\]})]q\x00|\([dl]p?\d*\n|\(?[ic][\w.]+\n[\w.]+\n")
_LONGEST_FORMULA = 4_000
_MOST_ARCS = 20_000
_MOST_SEEN = 1_024
"""With misperceptions all moves are listed, up to so many states and arcs."""


def read_gmcr(path: str | Path) -> ImportedCase:
    """Read a conflict of GMCR+ as a case with a graph model.

    Raises
    ------
    FileError: the file cannot be read, is a pickle of the oldest versions, or holds no sound conflict.
    """
    at, ledger = Path(path), Ledger()
    raw = bytes_of(at)
    if _is_pickle(raw):
        raise refusal(
            "This is a pickle, as version 0.1 of the program wrote it; loading one may run any program.",
            str(at),
            "Open it in a newer version of GMCR+ and save it from there.",
            "pickle",
        )
    root = json_of(raw, str(at))
    game = game_of(root, ledger)
    codes = feasible_codes(game.infeasible, len(game.options))
    if codes is not None and not len(codes):
        raise refusal(
            "No state is left: what is infeasible rules out all.", f"{at}: infeasibles", code="no-state"
        )
    case = _Case(game, at.name, str(at), ledger, codes)
    tree = {**case.tree(), "note": _note(root, at.name)}
    return ImportedCase(tree, ledger.account(), commands=("westphalia stability {case}",))


def _is_pickle(head: bytes) -> bool:
    """Return whether bytes begin as pickles do, in binary or in text."""
    return _PICKLE.match(head) is not None


def _note(root: Node, file: str) -> str:
    said = [shown(str(root.plain(key))[:80]) for key in ("program", "version") if root.plain(key) is not None]
    return f"Read from {shown(file)}, a conflict of GMCR+ ({' '.join(said) or 'of an unknown version'})."


class _Case:
    """A conflict on its way to a case; `codes` are its feasible states, None where they are too many."""

    def __init__(self, game: Game, file: str, where: str, ledger: Ledger, codes: IntArray | None) -> None:
        self.game, self.file, self.where, self.ledger, self.codes = game, shown(file), where, ledger, codes
        self.actors = _ids([maker.name for maker in game.makers], [""] * len(game.makers))
        owners = [game.makers[option.owner].name for option in game.options]
        self.moves = _ids([option.name for option in game.options], owners)

    def tree(self) -> dict[str, Any]:
        """Return the tree of the case, and say in the ledger what became of the file."""
        actors = [
            {"id": name, "name": maker.name, "kind": "organisation"}
            for name, maker in zip(self.actors, self.game.makers, strict=True)
        ]
        model = self._listed() if any(maker.unseen for maker in self.game.makers) else None
        self._account()
        return {
            "title": Path(self.file).stem,
            "question": "In which states does the conflict come to rest?",
            "actors": actors,
            "issues": [],
            "moves": [self._move(at) for at in range(len(self.moves))],
            "stability": model or self._options(),
        }

    def _move(self, at: int) -> dict[str, Any]:
        option = self.game.options[at]
        move = {"id": self.moves[at], "actor": self.actors[option.owner], "kind": "other"}
        once = {"is_reversible": False} if option.direction == "fwd" else {}
        return {**move, "content": option.name, **once, "assumption": self._as("options")}

    def _as(self, path: str) -> str:
        return f"as {self.file} has it ({path})"

    def _options(self) -> dict[str, Any]:
        """Return the graph model that the options make."""
        infeasible = [
            {"that": self._text((condition,), statement.path), "assumption": self._as(statement.path)}
            for statement in self.game.infeasible
            for condition in statement.anyone
        ]
        held = [
            {"move": name, "cannot_be": "taken", "assumption": self._as("options")}
            for name, option in zip(self.moves, self.game.options, strict=True)
            if option.direction == "back"
        ]
        preferences = zip(self.actors, map(self._preference, self.game.makers), strict=True)
        model = {"actors": self.actors, "infeasible": infeasible, "irreversible": held}
        return {**{key: value for key, value in model.items() if value}, "preferences": dict(preferences)}

    def _preference(self, maker: Maker) -> dict[str, Any]:
        if self.game.is_ranked:
            ranked = [[self._bits(code) for code in group] for group in self._ranking(maker)]
            return self._ranked(ranked, maker)
        wishes = [
            {"that": self._text(statement.anyone, statement.path), "assumption": self._as(statement.path)}
            for statement in maker.statements
        ]
        nothing = {"that": "true", "assumption": f"{self.file} states no preference ({maker.path})"}
        return {"priorities": wishes or [nothing]}

    def _ranked(self, groups: list[list[str]], maker: Maker) -> dict[str, Any]:
        ranking = [group[0] if len(group) == 1 else group for group in groups]
        return {"ranking": ranking, "assumption": self._as(maker.path)}

    def _bits(self, code: int) -> str:
        return name_of_state(code, len(self.moves))

    def _ranking(self, maker: Maker) -> list[list[int]]:
        """Return the stored ranking as codes; its numbers count the feasible states there are now."""
        where = f"{self.where}: {maker.path}"
        if self.codes is None:
            raise refusal(
                f"There are more than {MOST_LISTED:,} feasible states: what the ranking's numbers mean "
                "cannot be told.",
                where,
                "State preferences as statements, and use no manual ranking.",
                "too-large",
            )
        numbers = [number for group in maker.ranking for number in group]
        if sorted(numbers) != list(range(1, len(self.codes) + 1)):
            raise refusal(
                f"The ranking of '{maker.name}' does not name each of the {len(self.codes)} feasible states "
                "once.",
                where,
                "Was it stored before something became infeasible? Rank anew in the program and save.",
                "bad-ranking",
            )
        return [[int(self.codes[number - 1]) for number in group] for group in maker.ranking if group]

    def _text(self, anyone: tuple[Condition, ...], path: str) -> str:
        """Return a statement over the moves as text."""
        text = str(_joined("or", [_joined("and", [self._taken(*one) for one in each]) for each in anyone]))
        if len(text) > _LONGEST_FORMULA:
            hint = f"At most {_LONGEST_FORMULA:,} characters: split it, or shorten the names of options."
            raise refusal("A statement is too long.", f"{self.where}: {path}", hint, "too-large")
        return text

    def _taken(self, option: int, is_taken: bool) -> Formula:
        taken = Level(self.moves[option], ">=", 1, "")
        return taken if is_taken else Not(taken)

    # --- states and arcs, where somebody does not perceive all -------------------------------------

    def _listed(self) -> dict[str, Any] | None:
        """Return the graph model as states and arcs, without those of misperceived states; None if large."""
        codes = self.codes
        found: list[dict[str, Any]] = []
        if codes is None or len(codes) > _MOST_SEEN or not self._found_arcs(codes, found):
            self.ledger.leave(
                "Misperceptions: all moves would have to be listed, and there are too many. Everybody can "
                "move from and to all states here."
            )
            return None
        self.ledger.change(
            "Misperceptions: nobody moves from or to what he does not perceive. To say that, the case lists "
            "states and arcs instead of letting moves make them; what happens when several move at the same "
            "time is not judged then."
        )
        states = [
            {"id": self._bits(int(code)), "name": self._words(int(code)), "assumption": self._as("options")}
            for code in codes
        ]
        preferences = {}
        for name, maker in zip(self.actors, self.game.makers, strict=True):
            groups = self._ranking(maker) if self.game.is_ranked else groups_of(maker, codes)
            preferences[name] = self._ranked([[self._bits(int(c)) for c in group] for group in groups], maker)
        return {"actors": self.actors, "states": states, "arcs": found, "preferences": preferences}

    def _found_arcs(self, codes: IntArray, found: list[dict[str, Any]]) -> bool:
        """Collect all arcs; False if there are too many."""
        count = 0
        for maker, name in enumerate(self.actors):
            for code, ends in arcs(self.game, maker, codes):
                reaches = [self._bits(end) for end in ends]
                found.append({"actor": name, "leaves": self._bits(code), "reaches": reaches})
                count += len(ends)
                if count > _MOST_ARCS:
                    return False
        return True

    def _words(self, code: int) -> str:
        taken = [option.name for at, option in enumerate(self.game.options) if code >> at & 1]
        return ", ".join(taken) or "nothing is taken"

    # --- what became of the file ---------------------------------------------------------------------

    def _account(self) -> None:
        game, ledger = self.game, self.ledger
        size = "too many to list" if self.codes is None else str(len(self.codes))
        ledger.carry(
            f"{len(game.makers)} decision makers, {len(game.options)} options, {len(game.infeasible)} "
            f"statements of what cannot be. Feasible states: {size}."
        )
        counts = ", ".join(f"{maker.name} {len(maker.statements)}" for maker in game.makers)
        if game.is_ranked:
            ledger.carry("The manual ranking; its numbers of states became digits, one an option.")
            if any(maker.statements for maker in game.makers):
                ledger.leave(f"Statements of preference, which the manual ranking overrules: {counts}.")
        else:
            ledger.carry(f"Statements of preference in their order: {counts}.")
        for group in game.coalitions:
            if len(group) > 1:
                names = ", ".join(game.makers[maker].name for maker in group)
                ledger.leave(
                    f"The coalition of {names}: it is none of the case; all coalitions can be looked at."
                )
        ledger.leave("Kinds of actors, sources, a date and today's state: no such file says them.")


def _joined(word: str, parts: list[Formula]) -> Formula:
    return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))


def _ids(names: list[str], owners: list[str]) -> list[str]:
    """Return an id for each name; names that stand twice get their owner before them, or a number."""
    called = [
        f"{owner} {name}" if names.count(name) > 1 else name
        for name, owner in zip(names, owners, strict=True)
    ]
    # Blanks at the end tell equal names apart and leave no trace in an id but its number.
    keys = [name + " " * called[:at].count(name) for at, name in enumerate(called)]
    ids = ids_for(keys)
    return [ids[key] for key in keys]


GMCR = Format(
    "gmcr",
    "GMCR+ conflict",
    (".gmcr",),
    'JSON with a key "decisionMakers"',
    lambda head: (
        (b'"decisionMakers"' in head and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{") or _is_pickle(head)
    ),
    read=read_gmcr,
    write=write_gmcr,
)
