"""From JSON of GMCR+ to a conflict with every index checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from westphalia.errors import suggest
from westphalia.formats.gmcr_parts import MOST_OPTIONS, Condition, Game, Maker, Option, Statement
from westphalia.formats.imported import Ledger
from westphalia.formats.jsons import Node
from westphalia.formats.raw import name_of
from westphalia.formats.reports import Notes, refusal

MOST_MAKERS = 50
MOST_CONDITIONS = 5_000

_DIRECTIONS = ("both", "fwd", "back")
_RANKED = ("useManualPreferenceRanking", "useManualPreferenceVectors")
_RANKING = ("preferenceRanking", "preferenceVector")
_KNOWN = {
    *("decisionMakers", "options", "infeasibles", "coalitions", "coalitionsFull", "program", "version"),
    *_RANKED,
}


@dataclass
class _Reading:
    """`place` leads from the file's index of an option to its place once options are grouped by owner."""

    place: dict[int, int]
    names: list[str]
    ledger: Ledger
    conditions: int = 0


def game_of(root: Node, ledger: Ledger) -> Game:
    """Return the conflict of a file; what the program itself would not notice is refused or told.

    Raises
    ------
    FileError: something is missing, of another form, too much, or an index leads nowhere.
    """
    notes = Notes()
    options = [_option(node, ledger, notes) for node in root.at("options").items()]
    makers = root.at("decisionMakers").items()
    _check_counts(options, makers, root)
    owned = _owned(makers, options, root.file)
    place = {option: at for at, (option, _) in enumerate(owned)}
    grouped = tuple(replace(options[option], owner=owner) for option, owner in owned)
    reading = _Reading(place, [option.name for option in grouped], ledger)
    infeasible = root.get("infeasibles")
    game = Game(
        grouped,
        tuple(_maker(node, reading, notes) for node in makers),
        _statements(infeasible, reading),
        _is_ranked(root),
        _coalitions(root, len(makers)),
    )
    for sentence in notes.repaired:
        ledger.change(sentence)
    for key in sorted(set(root.value) - _KNOWN):
        ledger.leave(f"'{key:.80}' is not read.")
    return game


def _option(node: Node, ledger: Ledger, notes: Notes) -> Option:
    name = name_of(node.at("name").value, node.where, notes)
    direction = node.plain("permittedDirection")
    if direction is None:
        ledger.change(f"'{name}' has no direction: it can be taken and dropped.")
        direction = "both"
    if direction not in _DIRECTIONS:
        hint = suggest(str(direction), _DIRECTIONS)
        raise refusal(f"'{direction!s:.80}' is no direction.", node.where, hint, "unknown-direction")
    return Option(name, -1, direction)


def _check_counts(options: list[Option], makers: list[Node], root: Node) -> None:
    for what, count, least, most in (
        ("options", len(options), 1, MOST_OPTIONS),
        ("decision makers", len(makers), 2, MOST_MAKERS),
    ):
        if not least <= count <= most:
            hint = f"{least} to {most} are read."
            raise refusal(f"There are {count} {what}.", root.where, hint, "out-of-range")


def _owned(makers: list[Node], options: list[Option], file: str) -> list[tuple[int, int]]:
    """Return each option with the place of its owner, grouped by owners in their order."""
    owned: dict[int, int] = {}
    for owner, maker in enumerate(makers):
        for node in maker.at("options").items():
            option = _index(node, len(options), "option")
            if option in owned:
                raise refusal(
                    f"The option '{options[option].name}' has two owners, or is named twice.",
                    node.where,
                    "Every option belongs to one decision maker.",
                    "option-shared",
                )
            owned[option] = owner
    free = [option.name for at, option in enumerate(options) if at not in owned]
    if free:
        hint = "Every option belongs to one decision maker."
        raise refusal(f"The option '{free[0]}' belongs to nobody.", f"{file}: options", hint, "option-free")
    return list(owned.items())


def _index(node: Node, count: int, what: str) -> int:
    """Return an index from 0, below `count`."""
    value = node.value
    is_whole = isinstance(value, Decimal) and value == value.to_integral_value()
    if not is_whole or not 0 <= value < count:
        raise refusal(
            f"{_shown(node)} is the index of no {what}.",
            node.where,
            f"It is a whole number from 0 to {count - 1}.",
            "bad-index",
        )
    return int(value)


def _shown(node: Node) -> str:
    is_long = isinstance(node.value, dict | list)
    return "This" if is_long or node.value is None else f"'{node.value!s:.40}'"


def _maker(node: Node, reading: _Reading, notes: Notes) -> Maker:
    ranking = _either(node, _RANKING)
    return Maker(
        name_of(node.at("name").value, node.where, notes),
        _statements(node.get("preferences"), reading),
        tuple(map(_tied, ranking.items())) if ranking is not None and ranking.value is not None else (),
        _statements(node.get("misperceptions"), reading),
        node.path,
    )


def _either(node: Node, keys: Iterable[str]) -> Node | None:
    return next((found for key in keys if (found := node.get(key)) is not None), None)


def _tied(node: Node) -> tuple[int, ...]:
    """Return the numbers of states that share a place: one, or a list of them."""
    nodes = node.items() if isinstance(node.value, list) else [node]
    return tuple(_index(one, 1 << MOST_OPTIONS, "state") for one in nodes)


def _is_ranked(root: Node) -> bool:
    node = _either(root, _RANKED)
    if node is not None and not isinstance(node.value, bool):
        raise refusal(f"{_shown(node)} is neither true nor false.", node.where, "Write true or false.")
    return node is not None and bool(node.value)


def _coalitions(root: Node, count: int) -> tuple[tuple[int, ...], ...]:
    node = root.get("coalitions")
    if node is None or node.value is None:
        return ()
    groups = [each.items() if isinstance(each.value, list) else [each] for each in node.items()]
    found = tuple(tuple(_index(one, count, "decision maker") for one in group) for group in groups)
    named = [maker for group in found for maker in group]
    if found and sorted(named) != list(range(count)):
        raise refusal(
            "The coalitions do not name every decision maker once.", node.where, code="bad-coalitions"
        )
    return found


# --- statements ----------------------------------------------------------------------------------


def _statements(node: Node | None, reading: _Reading) -> tuple[Statement, ...]:
    """Return the statements of a list; one that says what an earlier one says is dropped and told."""
    if node is None or node.value is None:
        return ()
    found: dict[frozenset[Condition], Statement] = {}
    for each in node.items():
        statement = _statement(each, reading)
        key = frozenset(statement.anyone)
        if not key:
            reading.ledger.change(f"{each.path} never holds: it was dropped.")
        elif key in found:
            reading.ledger.change(f"{each.path} says the same as {found[key].path}: it was dropped.")
        else:
            found[key] = statement
    return tuple(found.values())


def _statement(node: Node, reading: _Reading) -> Statement:
    members = [node]
    if isinstance(node.value, dict):
        if node.plain("compound") is not True:
            raise refusal(
                "This is no condition.", node.where, 'Write [[0, "Y"], …] or {"compound": true, …}.'
            )
        members = node.at("members").items()
        if not members:
            raise refusal("A compound has no members.", node.where, "Give at least one condition.")
    conditions = [_condition(member, reading) for member in members]
    return Statement(tuple(dict.fromkeys(each for each in conditions if each is not None)), node.path)


def _condition(node: Node, reading: _Reading) -> Condition | None:
    """Return a condition, its options in their order; None if it contradicts itself."""
    reading.conditions += 1
    if reading.conditions > MOST_CONDITIONS:
        raise refusal(
            f"There are more than {MOST_CONDITIONS:,} conditions.",
            node.where,
            "Leave out those that others imply.",
            "too-large",
        )
    pairs = dict.fromkeys(_taken(each, reading) for each in node.items())
    if not pairs:
        raise refusal("A condition names no option.", node.where, 'Write [[0, "Y"], …].')
    if len({option for option, _ in pairs}) < len(pairs):
        reading.ledger.change(f"{node.path} has an option both taken and not: it never holds.")
        return None
    return tuple(sorted(pairs))


def _taken(node: Node, reading: _Reading) -> tuple[int, bool]:
    pair = node.items()
    if len(pair) != 2 or pair[1].value not in ("Y", "N"):
        raise refusal("This is no option with Y or N.", node.where, 'Write [0, "Y"] or [0, "N"].')
    return reading.place[_index(pair[0], len(reading.place), "option")], pair[1].value == "Y"
