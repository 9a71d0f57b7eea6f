"""REFI-QDA projects (`.qdpx`) as cases: the exchange format of NVivo, MAXQDA, ATLAS.ti and QualCoder.

A selection becomes a statement. In a project of any program a code book says nothing of who speaks; but
codes below the top codes named in `TOPS` are understood, and so are projects that were written here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from westphalia.dossier.schema import AUTHOR
from westphalia.fields import ids_for
from westphalia.formats.codings import LONGEST_GLOSS, Codings, case_of, line, span_of
from westphalia.formats.codings_own import (
    KINDS,
    MODES,
    about_of,
    actor_of,
    is_id,
    issue_of,
    record_in,
    source_of,
)
from westphalia.formats.codings_texts import Kept, Offsets, Reading, unmarked
from westphalia.formats.imported import Format, ImportedCase
from westphalia.formats.qdpx_archive import MAGIC, Archive
from westphalia.formats.qdpx_project import Code, Coded, Project, Text, read_project
from westphalia.formats.qdpx_writing import ORIGIN, write_qdpx

TOPS = ("speaker", "mode", "kind", "actor", "issue", "about")
"""The top codes whose sub-codes say what a statement is."""

_READINGS = tuple(Reading(in_units, is_joined) for is_joined in (False, True) for in_units in (False, True))
_SHORTEST_EXCERPT = 8


@dataclass
class _Book:
    """The ids of actors and issues that codes stand for."""

    actors: dict[str, str] = field(default_factory=dict)
    issues: dict[str, str] = field(default_factory=dict)


def read_qdpx(path: str | Path) -> ImportedCase:
    """Read a REFI-QDA project.

    Raises
    ------
    FileError: the archive is damaged or a trap, or holds no sound project; says where.
    """
    path = Path(path)
    codings = Codings(f"Imported from {line(path.name)}", str(path))
    with Archive(path) as archive:
        project = read_project(archive, codings)
    codings.title = project.name or codings.title
    book = _book(codings, project)
    # Programs count in ways of their own; what was written here counts as the standard asks.
    readings = _READINGS[:1] if project.origin == ORIGIN else _READINGS
    plain = ids_for(f"{text.name}\n{at}" for at, text in enumerate(project.texts))
    given: set[str] = set()
    for at, text in enumerate(project.texts):
        source = _source(text, plain[f"{text.name}\n{at}"], given)
        given.add(source["id"])
        _add_text(codings, text, source, book, readings)
    codings.ledger.carry(f"Texts that became sources: {len(project.texts)}.")
    codings.ledger.carry(f"Selections that became statements, with their coders: {len(codings.statements)}.")
    if not codings.actors:
        codings.ledger.change(
            "The codes do not say who speaks, nor how: each statement is taken as narration by the author of "
            f"its source. Codes below top codes named {', '.join(TOPS)} would be understood."
        )
    codings.ledger.leave("Colours, times of coding and the order of codes are not read.")
    return case_of(codings)


# --- the code book -------------------------------------------------------------------------------


def _book(codings: Codings, project: Project) -> _Book:
    """Add the actors and issues that the code book names."""
    below: dict[str, dict[str, str]] = {top: {} for top in TOPS}
    for code in project.codes.values():
        top = code.path[0].casefold()
        if len(code.path) > 1 and top in below:
            below[top].setdefault(_name(code), code.description)
    voices = below["actor"] | {name: text for name, text in below["speaker"].items() if name != AUTHOR}
    book = _Book(_known(codings.actors, voices, actor_of), _known(codings.issues, below["issue"], issue_of))
    for name, own in book.actors.items():
        codings.actors.setdefault(own, {"id": own, "name": name, "kind": "organisation"})
    for name, own in book.issues.items():
        codings.issues.setdefault(own, {"id": own, "question": name})
    return book


def _name(code: Code) -> str:
    return " > ".join(code.path[1:])


def _known(
    into: dict[str, dict[str, Any]],
    named: dict[str, str],
    take: Callable[[dict[str, Any]], dict[str, Any] | None],
) -> dict[str, str]:
    """Return the id of each name: the one it was written with, else one made of the name."""
    ids: dict[str, str] = {}
    for name, description in named.items():
        item = take(record_in(description) or {})
        if item is not None and item["id"] not in into:
            into[item["id"]] = item
            ids[name] = item["id"]
    others = ids_for([*ids.values(), *(name for name in named if name not in ids)])
    return ids | {name: others[name] for name in named if name not in ids}


# --- texts and selections ------------------------------------------------------------------------


def _source(text: Text, plain: str, given: set[str]) -> dict[str, Any]:
    own = source_of(record_in(text.description))
    if own is not None and own["id"] not in given:
        return {key: value for key, value in own.items() if key not in ("file", "sha256", "characters")}
    name = plain if plain not in given else f"{plain}-{len(given)}"
    note = line(text.description, LONGEST_GLOSS) if own is None else ""
    rights = "Not stated in the file it was imported from."
    return {"id": name, "title": text.name, "rights": rights, "note": note}


def _add_text(
    codings: Codings, text: Text, source: dict[str, Any], book: _Book, readings: Sequence[Reading]
) -> None:
    raw = text.raw or ""
    kept = codings.add_source(source, unmarked(raw)[0] if raw else None)
    spans = [(each.start, each.stop) for each in text.coded]
    offsets = Offsets(raw, kept, readings, spans)
    if offsets.reading != _READINGS[0] and text.coded:
        unit = "units of UTF-16" if offsets.reading.in_units else "characters"
        ends = ", CR LF as one" if offsets.reading.is_joined else ""
        codings.ledger.change(f"In '{source['id']}' offsets count in {unit}{ends}: so most fall on words.")
    for each in text.coded:
        statement = _statement(codings, each, source["id"], book)
        place = offsets.place(each.start, each.stop)
        fault = _misplaced(each, kept, place)
        if fault:
            codings.ledger.change(f"'{statement['id']}' has no span: {fault}.")
            statement["note"] = f"In the file its offsets are {each.start} to {each.stop}: {fault}."
        elif kept is not None and place is not None:
            statement["span"] = span_of(kept.text, *place)
        codings.add_statement(statement)


def _misplaced(coded: Coded, kept: Kept | None, place: tuple[int, int] | None) -> str:
    """Return why the offsets of a selection cannot be right, nothing if they can.

    Many programs name a selection by its words; where the words of the name stand elsewhere in the text
    and not at the offsets, the offsets are off.
    """
    if kept is None:
        return ""
    if place is None:
        return "its offsets do not lie in the text"
    words = " ".join(kept.text[place[0] : place[1]].split())
    excerpt = coded.name.rstrip("….").strip()
    is_excerpt = len(excerpt) >= _SHORTEST_EXCERPT and excerpt in " ".join(kept.text.split())
    if is_excerpt and not words.startswith(excerpt) and not excerpt.startswith(words):
        return "the words it is named by stand elsewhere in the text"
    return ""


def _statement(codings: Codings, coded: Coded, source: str, book: _Book) -> dict[str, Any]:
    by_top: dict[str, list[str]] = {top: [] for top in TOPS}
    plain = []
    for code in coded.codes:
        top = code.path[0].casefold()
        if top in by_top and len(code.path) > 1:
            by_top[top].append(_name(code))
        else:
            plain.append(" > ".join(code.path))
    abouts = [about for name in by_top["about"] if (about := about_of(_record(name))) is not None]
    speakers = [AUTHOR if name == AUTHOR else book.actors[name] for name in by_top["speaker"]]
    abouts = _known_only(abouts, codings) or _pair(by_top, book)
    actors = [about["actor"] for about in abouts if "actor" in about]
    name = coded.name if is_id(coded.name) and coded.name not in codings.statements else None
    return {
        "id": name or f"selection-{len(codings.statements) + 1}",
        "source": source,
        "speaker": (speakers or actors or [AUTHOR])[0],
        "mode": next((each for each in by_top["mode"] if each in MODES), "narration"),
        "kind": next((each for each in by_top["kind"] if each in KINDS), "fact"),
        "about": abouts,
        "gloss": line(coded.description, LONGEST_GLOSS) or f"Coded: {'; '.join(plain) or 'without a code'}",
        "coder": coded.user,
        "note": f"Codes: {'; '.join(plain)}" if plain and coded.description else "",
    }


def _record(name: str) -> object:
    return record_in(f'{{"westphalia": {name}}}')


def _known_only(abouts: list[dict[str, Any]], codings: Codings) -> list[dict[str, Any]]:
    """Return what statements are about without names that nothing in the file has."""
    known = {"actor": codings.actors, "issue": codings.issues}
    for about in abouts:
        if "event" in about:
            codings.events.setdefault(about["event"], {"id": about["event"], "name": about["event"]})
    trimmed = [
        {key: value for key, value in about.items() if key not in known or value in known[key]}
        for about in abouts
    ]
    return [about for about in trimmed if about]


def _pair(by_top: dict[str, list[str]], book: _Book) -> list[dict[str, Any]]:
    """Return what a statement is about where codes name one actor, one issue or one of each."""
    actors = [book.actors[name] for name in by_top["actor"]]
    issues = [book.issues[name] for name in by_top["issue"]]
    if len(actors) == 1 and len(issues) == 1:
        return [{"actor": actors[0], "issue": issues[0]}]
    return [{"actor": name} for name in actors] + [{"issue": name} for name in issues]


QDPX = Format(
    "qdpx",
    "REFI-QDA project",
    (".qdpx",),
    "a zip archive that holds project.qde",
    lambda head: (
        head.startswith(MAGIC) and any(name in head.lower() for name in (b"project.qde", b"sources/"))
    ),
    read=read_qdpx,
    write=write_qdpx,
)
