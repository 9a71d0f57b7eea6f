"""Checks of names: ids that stand twice, names that nothing has, ties that run in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

import pydantic

from westphalia.case.checks.base import Report
from westphalia.case.checks.partial import LISTS
from westphalia.case.schema import (
    Actor,
    Agreement,
    Aim,
    Commitment,
    Consultation,
    Event,
    Half,
    Move,
    War,
)
from westphalia.case.stability import Arc, Irreversible, Stability
from westphalia.case.text.nodes import Path
from westphalia.dossier.schema import AUTHOR, About, Dated, Statement
from westphalia.errors import suggest
from westphalia.fields import Backed

_ACTORS, _ISSUES, _STATEMENTS, _EVENTS, _SOURCES = "actors", "issues", "statements", "events", "sources"
_MOVES = "moves"
_VOICES = "voices"
_BREAKABLE = "breakable"

_REFERS: dict[type[pydantic.BaseModel], dict[str, str]] = {
    Actor: {"speaks_for": _ACTORS, "part_of": _ACTORS, "ratifies_for": _ACTORS},
    About: {"actor": _ACTORS, "issue": _ISSUES, "event": _EVENTS},
    Aim: {"issue": _ISSUES},
    Half: {"actor": _ACTORS, "issue": _ISSUES},
    Dated: {"event": _EVENTS},
    Statement: {
        "source": _SOURCES,
        "speaker": _VOICES,
        "tellers": _VOICES,
        "addressee": _ACTORS,
        "supports": _STATEMENTS,
        "contradicts": _STATEMENTS,
        "breaks": _BREAKABLE,
        "refers_to": _SOURCES,
    },
    War: {"between": _ACTORS},
    Commitment: {"by": _ACTORS, "to": _ACTORS, "broken_by": _STATEMENTS},
    Move: {"actor": _ACTORS, "against": _ACTORS, "issue": _ISSUES},
    Event: {"participants": _ACTORS, "after": _EVENTS},
    Consultation: {"by": _ACTORS, "whom": _ACTORS, "left_out": _ACTORS, "event": _EVENTS},
    Agreement: {"required": _ACTORS},
    Stability: {"actors": _ACTORS, "moves": _MOVES},
    Irreversible: {"move": _MOVES},
    Arc: {"actor": _ACTORS},
}
_SINGULAR = {
    _ACTORS: "actor",
    _ISSUES: "issue",
    _STATEMENTS: "statement",
    _EVENTS: "event",
    _SOURCES: "source",
    _MOVES: "move",
    _VOICES: "actor",
    _BREAKABLE: "statement or commitment",
}


def check_ids(report: Report) -> None:
    """Report ids that two things of one kind share, and the reserved name of the source's author."""
    for section in LISTS:
        items = report.part.tree.get(section)
        first: dict[str, int] = {}
        for at, item in enumerate(items if isinstance(items, list) else []):
            if not isinstance(item, dict) or "id" not in item:
                continue
            name = str(item["id"])
            if name in first:
                line = report.places.value_place((section, first[name], "id")).line
                message = f"Two {section} have the id '{name}': one in line {line}, one here."
                report.error("duplicate-id", message, (section, at, "id"), "Give one of them another id.")
            first.setdefault(name, at)
    for path, actor in report.part.each(_ACTORS):
        if actor.id == AUTHOR:
            message = f"'{AUTHOR}' is kept for the author of a source and cannot be an actor's id."
            report.error("reserved-id", message, (*path, "id"), "Choose another id.")


def check_names(report: Report) -> None:
    """Report every name of an actor, issue, statement, source, event or commitment that there is not."""
    known = {section: report.part.ids(section) for section in LISTS}
    known[_VOICES] = [*known[_ACTORS], AUTHOR]
    known[_BREAKABLE] = [*known[_STATEMENTS], *known["commitments"]]
    sets = {kind: frozenset(names) for kind, names in known.items()}
    hints: dict[tuple[str, str], str] = {}
    for path, name, kind, is_key in references(report):
        if name not in sets[kind]:
            what = _SINGULAR[kind]
            message = f"There is no {what} '{name}'."
            code = f"unknown-{what.split()[0]}"
            if (name, kind) not in hints:
                hints[name, kind] = suggest(name, known[kind])
            report.error(code, message, path, hints[name, kind], at_key=is_key)


def references(report: Report) -> Iterator[tuple[Path, str, str, bool]]:
    """Yield the path of every name, the name, the kind of thing it names, and whether it is a key."""
    yield from _keys(report)
    for path, model in report.models:
        for field, kind in _naming(type(model)):
            names = getattr(model, field)
            many = names if isinstance(names, tuple) else (names,) if names is not None else ()
            for at, name in enumerate(many):
                yield (*path, field, at), name, kind, False


@lru_cache
def _naming(model: type[pydantic.BaseModel]) -> tuple[tuple[str, str], ...]:
    """Return the fields of a model that name things, each with the kind of thing."""
    evidence = (("evidence", _STATEMENTS),) if issubclass(model, Backed) else ()
    return (*_REFERS.get(model, {}).items(), *evidence)


def _keys(report: Report) -> Iterator[tuple[Path, str, str, bool]]:
    """Yield what sections name in their keys."""
    case = report.case
    sections: dict[str, Mapping[str, object]] = {
        "stands": case.stands,
        "capability": case.capability,
        "no_deal": case.no_deal,
    }
    for section, by_actor in sections.items():
        for actor in by_actor:
            yield (section, actor), actor, _ACTORS, True
    for actor in case.stability.preferences if case.stability else ():
        yield ("stability", "preferences", actor), actor, _ACTORS, True
    for place, war in report.part.each("wars"):
        for actor in war.costs:
            yield (*place, "costs", actor), actor, _ACTORS, True
    yield from _issue_keys(report)
    for actor, ratifiers in (case.agreement.ratifiers if case.agreement else {}).items():
        path: Path = ("agreement", "ratifiers", actor)
        yield path, actor, _ACTORS, True
        for at, name in enumerate(ratifiers):
            yield (*path, at), name, _ACTORS, False


def _issue_keys(report: Report) -> Iterator[tuple[Path, str, str, bool]]:
    for actor, stands in report.case.stands.items():
        for issue in stands:
            yield ("stands", actor, issue), issue, _ISSUES, True
    for actor, capability in report.case.capability.items():
        for issue in capability.by_issue:
            yield ("capability", actor, "by_issue", issue), issue, _ISSUES, True


# --- circles -------------------------------------------------------------------------------------

_MOST_RINGS = 20

_TIES = (
    (_ACTORS, "part_of", "is part of"),
    (_ACTORS, "speaks_for", "speaks for"),
    (_ACTORS, "ratifies_for", "ratifies for"),
    (_EVENTS, "after", "is after"),
)


def check_cycles(report: Report) -> None:
    """Report circles of *part of*, *speaks for*, *ratifies for* and *after*."""
    for section, tie, verb in _TIES:
        paths = {item.id: (*path, tie) for path, item in report.part.each(section)}
        ties = {item.id: _as_list(getattr(item, tie)) for _, item in report.part.each(section)}
        for ring in _rings(ties):
            chain = f" {verb} ".join(f"'{name}'" for name in ring)
            report.error("cycle", f"A circle: {chain}.", paths[ring[0]], "Remove one of these ties.")


def _as_list(names: str | tuple[str, ...] | None) -> list[str]:
    return list(names) if isinstance(names, tuple) else [names] if names else []


def _rings(ties: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield circles, each from its first name in the file round to that name again.

    Each circle found is cut open before the next is looked for.
    """
    order = {name: at for at, name in enumerate(ties)}
    for _ in range(_MOST_RINGS):
        try:
            TopologicalSorter(ties).prepare()
            return
        except CycleError as error:
            ring = list(reversed(error.args[1]))[:-1]
        start = min(range(len(ring)), key=lambda at: order[ring[at]])
        turned = [*ring[start:], *ring[: start + 1]]
        yield turned
        ties[turned[0]] = [name for name in ties[turned[0]] if name != turned[1]]
