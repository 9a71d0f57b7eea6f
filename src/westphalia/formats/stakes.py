"""Stands on scales, between the files of other tools and a case: who wants what, how much, how strongly."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from westphalia.errors import CallError
from westphalia.fields import ids_for
from westphalia.formats.imported import Ledger, Outgoing
from westphalia.formats.raw import number_of
from westphalia.formats.reports import refusal
from westphalia.labels import ACTOR, ISSUE

MOST_PARTIES = 1000
MOST_QUESTIONS = 1000
MOST_STANDS = 50_000
_NO_TEXT = {"\ufffe", "\uffff"}
_SECTIONS = {
    "statements": "statements",
    "sources": "sources",
    "no_deal": "utilities without agreement",
    "wars": "wars",
    "commitments": "commitments",
    "linkages": "exchanges across issues",
    "moves": "moves",
    "events": "events",
    "consultations": "consultations",
    "agreement": "whose consent is needed",
}


@dataclass(frozen=True)
class Party:
    """Who takes part: the name its file knows it by, its full name, and what is said of it."""

    key: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Question:
    """What is in dispute, with the points of its scale and what they mean; the outer ones are its ends."""

    key: str
    name: str
    points: tuple[tuple[float, str], ...]
    note: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest point."""
        values = [value for value, _ in self.points]
        return min(values), max(values)


@dataclass(frozen=True)
class Stand:
    """Where a party stands: position in scale points, salience from 0 to 1, capability, and the place."""

    position: float
    salience: float
    capability: float
    where: str = ""


@dataclass(frozen=True)
class Stakes:
    """All stands, by the keys of party and question."""

    title: str
    parties: tuple[Party, ...]
    questions: tuple[Question, ...]
    stands: dict[tuple[str, str], Stand]


def words(text: str, what: str, where: str, longest: int) -> str:
    """Return a text on one line, without blanks at its ends.

    Raises
    ------
    FileError: it is too long, or holds characters that cannot be shown.
    """
    plain = " ".join(text.split())
    if len(plain) > longest:
        raise refusal(f"The {what} has {len(plain)} characters.", where, f"At most {longest}.", "too-large")
    if any(unicodedata.category(letter) in {"Cc", "Cs"} or letter in _NO_TEXT for letter in plain):
        raise refusal(f"The {what} holds characters that cannot be shown.", where, code="damaged-text")
    return plain


def number_in(text: str | None, what: str, where: str, low: float | None = None) -> float:
    """Return the number that stands in a field; raises what `number_of` raises, also where it is blank."""
    return number_of((text or "").strip() or None, what, where, low)


def check_size(parties: int, questions: int, where: str) -> None:
    """Refuse with a FileError more than a case can hold."""
    if parties > MOST_PARTIES or questions > MOST_QUESTIONS or parties * questions > MOST_STANDS:
        raise refusal(
            f"{parties} actors and {questions} issues are too much.",
            where,
            f"At most {MOST_PARTIES} actors, {MOST_QUESTIONS} issues and {MOST_STANDS:,} stands are held.",
            "too-large",
        )


def percent(share: float) -> float:
    """Return a share of 1 as the hundredths that read as the same share again."""
    return float(Decimal(repr(share)) * 100)


def share(hundredths: float) -> float:
    """Return hundredths as a share of 1, the number that is nearest in decimal."""
    return float(Decimal(repr(hundredths)) / 100)


# --- to a case -----------------------------------------------------------------------------------


def tree_of(stakes: Stakes, file: str, ledger: Ledger) -> dict[str, Any]:
    """Return the tree of a case that holds the stakes; every number is assumed as read from the file.

    Raises
    ------
    FileError: there are not two parties, or no question on which anybody stands.
    """
    _check(stakes, file)
    stood_on = {question for _, question in stakes.stands}
    disputed = [each for each in stakes.questions if each.key in stood_on]
    for question in stakes.questions:
        if question.key not in stood_on:
            ledger.leave(f"Nobody has a stand on '{question.key}'; it was left out.")
    actors = ids_for(party.key for party in stakes.parties)
    issues = ids_for(question.key for question in disputed)
    ledger.carry(
        f"{len(actors)} actors, {len(issues)} issues and {len(stakes.stands)} stands, "
        "each with position, salience and capability."
    )
    ledger.leave("What kind of actor each is the file does not say; all are written as organisations.")
    ledger.leave("What holds if nothing is agreed the file does not say; no reversion is written.")
    return {
        "title": stakes.title,
        "question": "What will be agreed?",
        "actors": [_actor(party, actors[party.key]) for party in stakes.parties],
        "issues": [_issue(question, issues[question.key]) for question in disputed],
        "stands": _stands(stakes, actors, issues, file),
        "capability": _capabilities(stakes, actors, issues, file),
    }


def _check(stakes: Stakes, file: str) -> None:
    if len(stakes.parties) < 2:
        raise refusal("The file has fewer than two actors.", file, "A conflict has at least two.")
    if not stakes.stands:
        raise refusal("Nobody has a stand on any issue.", file, "Give positions, saliences and capabilities.")
    if not any(stand.capability > 0 for stand in stakes.stands.values()):
        raise refusal("Every capability is 0, so nobody counts.", file, "Give at least one above 0.")


def _actor(party: Party, name: str) -> dict[str, Any]:
    actor = {"id": name, "name": party.name or party.key, "kind": "organisation"}
    return {**actor, "note": party.note} if party.note else actor


def _issue(question: Question, name: str) -> dict[str, Any]:
    scale = {_plain(value): meaning or f"{value:g}" for value, meaning in sorted(question.points)}
    issue = {"id": name, "question": question.name or question.key, "scale": scale}
    return {**issue, "note": question.note} if question.note else issue


def _stands(stakes: Stakes, actors: dict[str, str], issues: dict[str, str], file: str) -> dict[str, Any]:
    stands: dict[str, Any] = {}
    for (party, question), stand in stakes.stands.items():
        stands.setdefault(actors[party], {})[issues[question]] = {
            "position": _plain(stand.position),
            "salience": _plain(stand.salience),
            "assumption": _read_from(file, stand),
        }
    return stands


def _capabilities(
    stakes: Stakes, actors: dict[str, str], issues: dict[str, str], file: str
) -> dict[str, Any]:
    """Return one value for an actor that has the same on all its issues, else one for each."""
    given: dict[str, dict[str, Stand]] = {}
    for (party, question), stand in stakes.stands.items():
        given.setdefault(actors[party], {})[issues[question]] = stand
    capabilities: dict[str, Any] = {}
    for actor, by_issue in given.items():
        values = {
            issue: {"value": _plain(stand.capability), "assumption": _read_from(file, stand)}
            for issue, stand in by_issue.items()
        }
        is_one = len({stand.capability for stand in by_issue.values()}) == 1
        capabilities[actor] = next(iter(values.values())) if is_one else {"by_issue": values}
    return capabilities


def _read_from(file: str, stand: Stand) -> str:
    return f"read from {file}, {stand.where}" if stand.where else f"read from {file}"


def _plain(value: float) -> int | float:
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else float(value)


# --- from a case ---------------------------------------------------------------------------------


def stakes_of(outgoing: Outgoing, ledger: Ledger) -> Stakes:
    """Return the stakes of a case at their central values, and say what they leave behind.

    Raises
    ------
    CallError: nobody has a stand on an issue with a scale.
    """
    central = outgoing.central.transpose(ACTOR, ISSUE, ...)
    present = central["has_stand"].values
    actors, issues = (list(map(str, central[dim].values)) for dim in (ACTOR, ISSUE))
    position, salience, capability = (central[name].values for name in ("position", "salience", "capability"))
    stands = {
        (actor, issue): Stand(
            float(position[row, column]), float(salience[row, column]), float(capability[row, column])
        )
        for row, actor in enumerate(actors)
        for column, issue in enumerate(issues)
        if present[row, column]
    }
    if not stands:
        raise CallError("Nobody has a stand on an issue with a scale.", code="no-stand", where=outgoing.name)
    described, asked = (
        {str(item["id"]): item for item in outgoing.tree[part]} for part in ("actors", "issues")
    )
    standing = {actor for actor, _ in stands}
    parties = tuple(_party(described[actor]) for actor in actors if actor in standing)
    questions = tuple(_question(asked[issue]) for issue in issues)
    ledger.carry(f"{len(parties)} actors, {len(questions)} issues and {len(stands)} stands.")
    _leave(outgoing, {party.key for party in parties}, ledger)
    return Stakes(text_in(outgoing.tree["title"]), parties, questions, stands)


def text_in(value: Any) -> str:
    """Return a text of the case file: as it stands, or in English or the first language there is."""
    if isinstance(value, dict):
        value = value.get("en") or next(iter(value.values()))
    return " ".join(str(value).split())


def _party(item: dict[str, Any]) -> Party:
    return Party(str(item["id"]), text_in(item["name"]), text_in(item.get("note") or item.get("role") or ""))


def _question(item: dict[str, Any]) -> Question:
    points = tuple((float(value), text_in(meaning)) for value, meaning in item["scale"].items())
    return Question(str(item["id"]), text_in(item["question"]), points, text_in(item.get("note") or ""))


def _leave(outgoing: Outgoing, kept: set[str], ledger: Ledger) -> None:
    tree = outgoing.tree
    for item in tree["issues"]:
        if item.get("kind") == "nominal":
            ledger.leave(f"'{item['id']}' is nominal: it has no scale and was left out.")
    absent = [str(item["id"]) for item in tree["actors"] if str(item["id"]) not in kept]
    if absent:
        ledger.leave(f"Actors without a stand on a scale were left out: {', '.join(absent)}.")
    if outgoing.doubtful:
        ledger.change(f"{outgoing.doubtful} values are not known exactly; their means are written.")
    left = [name for section, name in _SECTIONS.items() if tree.get(section)]
    if any("reversion" in item for item in tree["issues"]):
        left.append("what holds without agreement")
    ledger.leave(f"Evidence and assumptions{''.join(f', {name}' for name in left)} are not carried.")
