"""What files of coded texts have in common: sources with their texts, statements, and the case they make.

A file of codings says who was coded as saying what, and where. It says nothing of salience and
influence, so the case it becomes leaves the one open from 0 to 1 and makes the other equal, each as an
assumption. Positions are derived from the statements and from nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from westphalia.dossier.anchors import make_span
from westphalia.formats.codings_texts import Kept, keep
from westphalia.formats.imported import ImportedCase, Ledger
from westphalia.formats.reports import refusal

MOST_SOURCES = 20_000
MOST_STATEMENTS = 20_000
MOST_CHARACTERS = 100_000_000
LONGEST_LINE = 300
LONGEST_GLOSS = 2_000
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")
_POINTS = ("low", "mode", "high")
_COMMANDS = (
    "westphalia check {case} --sources {case}",
    "westphalia networks {case}",
    "westphalia forecast {case}",
)
_PLACEHOLDER = "a placeholder: the file says nothing of it"


def line(value: object, most: int = LONGEST_LINE) -> str:
    """Return a text of strangers on one line: what cannot be shown is gone, blanks are evened out.

    Nothing in it is taken for markup: a tag stays the text it is.
    """
    text = "" if value is None else str(value)
    plain = " ".join(_UNSHOWN.sub(" ", text[: 20 * most]).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def span_of(text: str, start: int, end: int) -> dict[str, Any]:
    """Return the span of a stretch of a text as it is kept, with its hashes, as plain data."""
    return make_span(text, start, end).model_dump(exclude_none=True)


@dataclass
class Codings:
    """What is collected from a file of codings.

    `sources`, `actors`, `issues`, `events` and `statements` are plain trees by id, as the case file
    writes them; an issue without `scale` gets one from the values that statements give on it.
    `beside` holds the files that belong to the case.
    """

    title: str
    where: str
    ledger: Ledger = field(default_factory=Ledger)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    actors: dict[str, dict[str, Any]] = field(default_factory=dict)
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    beside: dict[str, bytes] = field(default_factory=dict)
    characters: int = 0

    def add_source(self, source: dict[str, Any], given: str | None) -> Kept | None:
        """Add a source, its text as a file beside the case; return the text as it is kept.

        Raises
        ------
        FileError: there are too many sources, two of one id, or their texts are too long.
        """
        if len(self.sources) >= MOST_SOURCES:
            raise refusal(f"There are more than {MOST_SOURCES:,} sources.", self.where, code="too-large")
        name = source["id"]
        if name in self.sources:
            raise refusal(f"Two sources have the id '{name}'.", self.where, code="doubled-id")
        self.sources[name] = {key: value for key, value in source.items() if value not in (None, "")}
        kept = None if given is None else keep(given, name, self.ledger)
        if kept is None:
            return None
        self.characters += len(kept.text)
        if self.characters > MOST_CHARACTERS:
            message = f"The texts have more than {MOST_CHARACTERS // 1_000_000} million characters."
            raise refusal(message, self.where, "Split the project.", "too-large")
        raw = kept.text.encode("utf-8")
        file = f"texts/{name}.txt"
        self.beside[file] = raw
        sha256 = hashlib.sha256(raw).hexdigest()
        self.sources[name] |= {"file": file, "sha256": sha256, "characters": len(kept.text)}
        return kept

    def add_statement(self, statement: dict[str, Any]) -> None:
        """Add a statement.

        Raises
        ------
        FileError: there are too many statements, or two of one id.
        """
        if len(self.statements) >= MOST_STATEMENTS:
            message = f"There are more than {MOST_STATEMENTS:,} statements."
            raise refusal(message, self.where, "Split the project.", "too-large")
        if statement["id"] in self.statements:
            message = f"Two statements have the id '{statement['id']}'."
            raise refusal(message, self.where, code="doubled-id")
        self.statements[statement["id"]] = {
            key: value for key, value in statement.items() if value not in (None, "", [], ())
        }


def case_of(codings: Codings) -> ImportedCase:
    """Return the case that codings make: stands derived from statements, the rest left open and told.

    Where the file names fewer than two actors, or no issue on which a statement takes a side,
    placeholders that say what they are stand in, so that the evidence can be worked on.
    """
    told = _told(codings)
    _drop_unsided(codings, {issue for _, issue in told})
    stands: dict[str, dict[str, Any]] = {}
    rank = {actor: at for at, actor in enumerate(codings.actors)}
    for actor, issue in sorted(told, key=lambda pair: rank[pair[0]]):
        stands.setdefault(actor, {})[issue] = {
            "position": "derived",
            "salience": {"low": 0, "high": 1},
            "assumption": "the file records no salience: any is possible",
        }
    sides: dict[str, list[Any]] = {}
    for (_, issue), given in told.items():
        sides.setdefault(issue, []).extend(given)
    for name, item in codings.issues.items():
        _give_scale(item, sides[name])
    _fill(codings, stands)
    codings.ledger.change("Salience is not in the file: every stand leaves it open from 0 to 1.")
    codings.ledger.change("Influence is not in the file: all actors count alike until you say otherwise.")
    dates = [date for source in codings.sources.values() if (date := _last_date(source.get("date")))]
    tree = {
        "title": codings.title,
        "question": "What will be agreed?",
        **({"date": max(dates)} if dates else {}),
        "sources": list(codings.sources.values()),
        "actors": list(codings.actors.values()),
        "issues": list(codings.issues.values()),
        "stands": stands,
        "capability": {
            actor: {"value": 1, "assumption": "the file records no influence: all count alike"}
            for actor in stands
        },
        "events": list(codings.events.values()),
        "statements": list(codings.statements.values()),
    }
    return ImportedCase(
        {key: value for key, value in tree.items() if value not in ([], {})},
        codings.ledger.account(),
        codings.beside,
        _COMMANDS if codings.characters else _COMMANDS[1:],
    )


def _last_date(date: Any) -> str | None:
    """Return the last date that a source states, as exact as it does."""
    if isinstance(date, dict):
        return next((str(date[key]) for key in ("at", "until", "since") if date.get(key)), None)
    return None if date is None else str(date)


def _told(codings: Codings) -> dict[tuple[str, str], list[Any]]:
    """Return the values (or options) that statements give, by actor and issue."""
    told: dict[tuple[str, str], list[Any]] = {}
    for statement in codings.statements.values():
        for about in statement.get("about", ()):
            side = about.get("value", about.get("option"))
            if side is not None and {"actor", "issue"} <= set(about):
                told.setdefault((about["actor"], about["issue"]), []).append(side)
    return told


def _drop_unsided(codings: Codings, sided: set[str]) -> None:
    """Drop the issues on which no statement says where anyone stands: a case cannot hold them."""
    unsided = {name for name in codings.issues if name not in sided}
    for name in unsided:
        question = codings.issues.pop(name)["question"]
        codings.ledger.leave(f"'{question}' is no issue of the case: no statement says where anyone stands.")
    for statement in codings.statements.values() if unsided else ():
        abouts = [
            {key: value for key, value in about.items() if key != "issue" or value not in unsided}
            for about in statement.get("about", ())
        ]
        if "about" in statement:
            statement["about"] = [about for about in abouts if about]


def _give_scale(issue: dict[str, Any], sides: list[Any]) -> None:
    """Give an issue a scale that holds all sides, if it has none that does; its meaning is to be written."""
    options = dict.fromkeys(side for side in sides if isinstance(side, str))
    points = [point for side in sides if not isinstance(side, str) for point in _numbers(side)]
    if _holds(issue.get("scale", {}), options, points):
        return
    issue["kind"] = "nominal" if options else "continuous"
    if options:
        spare = ["other", "none"] if len(options) == 1 else []
        issue["scale"] = {option: f"as coded: {option}" for option in dict.fromkeys([*options, *spare])}
        return
    low, high = min(points), max(points)
    if low == high:
        low, high = (min(0, low), max(0, low)) if low else (-1, 1)
    issue["scale"] = {low: "the least that was coded", high: "the most that was coded"}


def _holds(scale: dict[Any, str], options: Iterable[str], points: list[float]) -> bool:
    """Return whether a scale holds options and points."""
    ends = [key for key in scale if not isinstance(key, str)]
    are_in = not points or (bool(ends) and min(ends) <= min(points) and max(points) <= max(ends))
    return bool(scale) and are_in and all(option in scale for option in options)


def _numbers(side: Any) -> list[float]:
    """Return numbers between which a value with doubt lies."""
    if isinstance(side, dict) and "normal" in side:
        mean, spread = side["normal"]
        return [mean - 4 * spread, mean + 4 * spread]
    if isinstance(side, dict):
        inner = side.get("experts", [side[key] for key in _POINTS if key in side])
        return [number for one in inner for number in _numbers(one)]
    if isinstance(side, list | tuple):
        return [number for one in side for number in _numbers(one)]
    return [side]


def _fill(codings: Codings, stands: dict[str, dict[str, Any]]) -> None:
    """Add the placeholders that a case without two actors or without an issue needs."""
    for number in range(1, 3 - len(codings.actors)):
        name = f"placeholder-{number}"
        codings.actors[name] = {"id": name, "name": f"Party to be named {number}", "kind": "organisation"}
        codings.ledger.change(f"The file names too few actors: '{name}' stands in for one.")
    if codings.issues:
        return
    codings.issues["placeholder"] = {
        "id": "placeholder",
        "question": "What is in dispute? (to be written)",
        "scale": {0: "one end, to be written", 100: "the other end, to be written"},
    }
    codings.ledger.change("The file says on no issue where anyone stands: 'placeholder' stands in for one.")
    stand = {"position": {"low": 0, "high": 100}, "salience": {"low": 0, "high": 1}}
    for actor in list(codings.actors)[:2]:
        stands[actor] = {"placeholder": {**stand, "assumption": _PLACEHOLDER}}
