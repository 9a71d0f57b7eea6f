"""From who was coded as saying what on which concept to the statements, actors and issues of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from westphalia.dossier.schema import AUTHOR
from westphalia.fields import ids_for
from westphalia.formats.codings import Codings

_Held = TypeVar("_Held")
_YES_NO = {0: "against: {}", 100: "for: {}"}


@dataclass(frozen=True)
class Roles:
    """Which variables hold what; the names are compared without regard to case.

    `side` is the boolean or whole number that says where one stands on the concept; if None it is the
    one of a statement type named ``agreement``, else its only boolean, else its only whole number.
    """

    person: str = "person"
    organization: str = "organization"
    concept: str = "concept"
    qualifier: str | None = None

    def find(self, name: str, held: Mapping[str, _Held]) -> _Held | None:
        """Return what is held by the variable of that name, None if there is none; -isation is -ization."""
        american = {key.replace("isation", "ization"): each for key, each in held.items()}
        return american.get(name.casefold().replace("isation", "ization"))

    def side(self, kinds: Mapping[str, str]) -> str | None:
        """Return the name of the variable that says the side, of those with their kinds of data."""
        wanted = (self.qualifier or "agreement").casefold()
        if wanted in kinds and kinds[wanted] != "short text":
            return wanted
        for kind in () if self.qualifier is not None else ("boolean", "integer"):
            fitting = [name for name, each in kinds.items() if each == kind]
            if len(fitting) == 1:
                return fitting[0]
        return None


@dataclass(frozen=True)
class Coded:
    """One row of discourse data: who, of which organisation, on what concept, on which side.

    `side` is 0 or 100 for a boolean, else the whole number as coded.
    """

    id: str
    source: str
    span: dict[str, Any] | None
    person: str | None
    organization: str | None
    concept: str | None
    side: int | None
    coder: str
    is_boolean: bool = True


def add_coded(codings: Codings, coded: list[Coded]) -> None:
    """Add statements with their actors and issues; the ledger says how they were taken."""
    actors = _actors(codings, coded)
    issues = ids_for(_key(one) for one in coded if one.concept)
    for one in coded:
        if one.concept:
            _add_issue(codings, issues[_key(one)], one)
        codings.add_statement(_statement(one, actors, issues))
    _say(codings, coded)


def _key(one: Coded) -> str:
    """Return what tells an issue: a concept on which sides are graded is another than one of yes and no."""
    return str(one.concept) if one.is_boolean else f"{one.concept} (graded)"


def _add_issue(codings: Codings, name: str, one: Coded) -> None:
    issue: dict[str, Any] = {"id": name, "question": one.concept}
    if one.is_boolean:
        issue["scale"] = {at: words.format(one.concept) for at, words in _YES_NO.items()}
    codings.issues.setdefault(name, issue)


def _actors(codings: Codings, coded: list[Coded]) -> dict[tuple[str, str], str]:
    """Add organisations and persons as actors; return their ids by what they are and their name."""
    organizations = dict.fromkeys(one.organization for one in coded if one.organization)
    persons = dict.fromkeys(one.person for one in coded if one.person)
    shared = {name: f"{name} (person)" if name in organizations else name for name in persons}
    ids = ids_for([*organizations, *shared.values()])
    for name in organizations:
        codings.actors[ids[name]] = {"id": ids[name], "name": name, "kind": "organisation"}
    homes: dict[str, set[str]] = {}
    for one in coded:
        if one.person and one.organization:
            homes.setdefault(one.person, set()).add(one.organization)
    for name in persons:
        actor = {"id": ids[shared[name]], "name": name, "kind": "person"}
        home = homes.get(name, set())
        if len(home) == 1:
            actor["speaks_for"] = ids[next(iter(home))]
        codings.actors[actor["id"]] = actor
    several = sum(len(home) > 1 for home in homes.values())
    if several:
        codings.ledger.change(
            f"Persons coded with several organisations, who speak for none of them: {several}."
        )
    found = {("organization", name): ids[name] for name in organizations}
    return found | {("person", name): ids[shared[name]] for name in persons}


def _statement(
    one: Coded, actors: Mapping[tuple[str, str], str], issues: Mapping[str, str]
) -> dict[str, Any]:
    person = actors.get(("person", one.person or ""))
    holder = actors.get(("organization", one.organization or ""), person)
    about: dict[str, Any] = {"actor": holder} if holder else {}
    if one.concept:
        about["issue"] = issues[_key(one)]
    if holder and one.concept and one.side is not None:
        about["value"] = one.side
    return {
        "id": one.id,
        "source": one.source,
        "span": one.span,
        "speaker": person or holder or AUTHOR,
        "mode": "indirect" if holder else "narration",
        "kind": "position" if one.concept else "fact",
        "about": [about] if about else [],
        "gloss": _gloss(one),
        "coder": one.coder,
    }


def _gloss(one: Coded) -> str:
    """Return what was coded, in words of ours; those of the text stay in the text."""
    who = one.person or one.organization or "The author"
    if one.person and one.organization:
        who = f"{one.person} ({one.organization})"
    if one.concept is None:
        return f"{who}: a statement without a concept."
    if one.side is None:
        return f"{who} on: {one.concept}"
    side = ("for" if one.side else "against") if one.is_boolean else f"{one.side} on"
    return f"{who}, {side}: {one.concept}"


def _say(codings: Codings, coded: list[Coded]) -> None:
    ledger = codings.ledger
    ledger.carry(f"Statements: {len(coded)}; actors: {len(codings.actors)}.")
    ledger.carry(f"Concepts that became questions: {len(codings.issues)}.")
    ledger.change(
        "The file does not record how its sources give a statement: all are taken as indirect speech, "
        "which counts less than a quotation."
    )
    ledger.change("Statements have no date of their own in the file; only their sources have.")
    counts = {
        "without person and organisation, where the author of the source speaks and takes no side": sum(
            not (one.person or one.organization) for one in coded
        ),
        "that take no side on their concept": sum(
            one.concept is not None and one.side is None for one in coded
        ),
        "without a span, for their places do not lie in a text": sum(one.span is None for one in coded),
    }
    for what, count in counts.items():
        if count:
            ledger.change(f"Statements {what}: {count}.")
