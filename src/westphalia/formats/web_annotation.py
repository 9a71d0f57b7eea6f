"""W3C Web Annotations (JSON) as cases: statements whose places are told by position and by quotation.

Offsets count in code points, as the recommendation asks. What an annotation points at is found again as
the dossier does it: exact, moved, to review or lost. Only the first two give a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from westphalia.dossier.anchors import Anchored, Candidate, anchor
from westphalia.dossier.outline import digest
from westphalia.dossier.schema import AUTHOR, Span
from westphalia.dossier.words import Words, words_content
from westphalia.fields import ids_for
from westphalia.formats.codings import LONGEST_GLOSS, Codings, case_of, line, span_of
from westphalia.formats.codings_own import KEY, actor_of, is_id, issue_of, source_of, statement_of
from westphalia.formats.imported import Format, ImportedCase
from westphalia.formats.jsons import Node, read_json
from westphalia.formats.reports import refusal
from westphalia.formats.web_annotation_parts import (
    Selected,
    annotations_of,
    at_quote,
    bodies_of,
    creator_of,
    plain_of,
    quoted_at,
    selected,
    source_iri,
)
from westphalia.formats.web_annotation_writing import write_web_annotation

_REFERENCES = ("supports", "contradicts", "breaks")
_PLACES = ("exact", "moved")


@dataclass
class _Reading:
    """What is read so far: the case, the ids of sources by their address, the texts, the words."""

    codings: Codings
    sources: dict[str, str]
    texts: Mapping[str, str]
    words: dict[str, Words]
    states: dict[str, int]


def read_web_annotation(path: str | Path, *, texts: Mapping[str, str] | None = None) -> ImportedCase:
    """Read annotations; `texts` holds the texts of sources, by id or by address, if they are at hand.

    With the text of its source at hand an annotation is anchored in it. One that is to review or lost
    keeps the place and the hash of the words it was written with: `westphalia check` shows it again.
    Without the text it keeps them too.

    Raises
    ------
    FileError: the file cannot be read, is no JSON, or holds no sound annotations; says where.
    """
    path = Path(path)
    root = read_json(path)
    codings = Codings(f"Imported from {line(path.name)}", str(path))
    annotations = annotations_of(root)
    _own_records(codings, root)
    reading = _Reading(codings, _sources(codings, root, annotations), texts or {}, {}, {})
    for node in annotations:
        _add(reading, node)
    _tie(codings)
    if reading.words:
        codings.beside["case.words.json"] = words_content(reading.words)
    _account(reading)
    return case_of(codings)


# --- sources, actors and issues ------------------------------------------------------------------


def _own_records(codings: Codings, root: Node) -> None:
    """Add the actors and issues that a collection of ours names."""
    own = root.get(KEY)
    for key, take, into in (("actors", actor_of, codings.actors), ("issues", issue_of, codings.issues)):
        listed = plain_of(own.plain(key)) if own is not None else None
        for record in listed if isinstance(listed, list) else []:
            item = take(record) if isinstance(record, dict) else None
            if item is not None:
                into.setdefault(item["id"], item)


def _sources(codings: Codings, root: Node, annotations: list[Node]) -> dict[str, str]:
    """Add a source for each address that annotations point at; return their ids."""
    own = root.get(KEY)
    listed = plain_of(own.plain("sources")) if own is not None else None
    known = [source_of(record) for record in listed] if isinstance(listed, list) else []
    for source in known:
        if source is not None and source["id"] not in codings.sources:
            plain = {key: value for key, value in source.items() if key != "file"}
            codings.add_source(plain, None)
    addresses = dict.fromkeys(source_iri(node) for node in annotations)
    ours = {name: f"urn:{KEY}:source:{name}" for name in codings.sources}
    found = {address: name for name, address in ours.items()}
    others = ids_for([*codings.sources, *(address for address in addresses if address not in found)])
    for address in addresses:
        if address in found:
            continue
        found[address] = others[address]
        is_link = address.startswith(("http://", "https://"))
        source = {"id": others[address], "title": line(address), "url": line(address) if is_link else ""}
        codings.add_source(source, None)
    return found


# --- annotations ---------------------------------------------------------------------------------


def _add(reading: _Reading, node: Node) -> None:
    address = source_iri(node)
    source = reading.sources[address]
    own, gloss = bodies_of(node)
    statement = statement_of(own) if own is not None else None
    if own is not None and statement is None:
        raise refusal(
            "The statement in the body is none.",
            node.where,
            "Its fields are those of a statement in a case file.",
            "bad-statement",
        )
    if statement is None:
        statement = {
            "id": f"annotation-{len(reading.codings.statements) + 1}",
            "speaker": AUTHOR,
            "mode": "narration",
            "kind": "fact",
            "gloss": line(gloss, LONGEST_GLOSS) or "An annotation without words.",
            "coder": creator_of(node),
        }
    statement["source"] = source
    what = selected(node)
    text = reading.texts.get(source, reading.texts.get(address))
    statement |= _placed(reading, statement, what, text)
    if what.exact is not None:
        reading.words[statement["id"]] = Words(what.exact, what.prefix, what.suffix)
    reading.codings.add_statement(statement)


def _placed(reading: _Reading, statement: dict[str, Any], what: Selected, text: str | None) -> dict[str, Any]:
    """Return the span of a statement, and a note where its place is not certain."""
    own = statement.get("span")
    if own is not None and what.start is not None and (own["start"], own["end"]) != (what.start, what.end):
        reading.codings.ledger.change(f"'{statement['id']}' states two places; that of its selector counts.")
    span = _span(own, what)
    if text is None or (span is None and what.exact is None):
        return {"span": span.model_dump(exclude_none=True) if span else None}
    found = _anchored(span, what, text)
    reading.states[found.state] = reading.states.get(found.state, 0) + 1
    if found.state in _PLACES and found.start is not None and found.end is not None:
        # The hashes of the neighbourhood are made anew: the text at hand is the one that counts.
        if found.state == "moved":
            reading.codings.ledger.change(f"'{statement['id']}' was moved: {found.reason}")
        return {"span": span_of(text, found.start, found.end)}
    reading.codings.ledger.change(f"'{statement['id']}' is {found.state.replace('-', ' ')}: {found.reason}")
    places = ", ".join(f"[{one.start}, {one.end}]" for one in found.candidates[:5])
    note = f"On import {found.state.replace('-', ' ')}: {found.reason}"
    note += f" It may belong at {places}." if places else ""
    earlier = statement.get("note")
    return {
        "span": span.model_dump(exclude_none=True) if span else None,
        "note": f"{earlier} {note}" if earlier else note,
    }


def _span(own: dict[str, Any] | None, what: Selected) -> Span | None:
    """Return the span that an annotation states: hashes of ours where the selectors agree with them."""
    exact = None if what.exact is None else digest(what.exact, 16)
    if own is not None and _agrees(own, what, exact):
        return Span.model_validate({**own, **({"words": exact} if exact else {})})
    if what.start is None or what.end is None:
        return None
    return Span(start=what.start, end=what.end, words=exact)


def _agrees(own: dict[str, Any], what: Selected, exact: str | None) -> bool:
    is_there = what.start is None or (own["start"], own["end"]) == (what.start, what.end)
    return is_there and (exact is None or own.get("words") in (None, exact))


def _anchored(span: Span | None, what: Selected, text: str) -> Anchored:
    """Return what became of an annotation in a text, by its place, its words and their context."""
    found = anchor(span, text) if span is not None else None
    if found is not None and (found.state == "exact" or what.exact is None):
        return found
    place = at_quote(text, what)
    if place is not None:
        reason = f"The quoted words stand at [{place[0]}, {place[1]}], and only there."
        return Anchored("moved", *place, (), reason)
    places = tuple(Candidate(*each) for each in quoted_at(text, what))
    if places:
        reason = f"The quoted words stand at {len(places)} other places, or within a longer word."
        return Anchored("to-review", None, None, places, reason)
    return found or Anchored("lost", None, None, (), "The quoted words stand nowhere in the text.")


# --- ties between statements ---------------------------------------------------------------------


def _tie(codings: Codings) -> None:
    """Add actors, issues and events that statements name and nothing lists; cut ties to what is not there."""
    cut = 0
    for statement in codings.statements.values():
        for name in _actors(statement):
            codings.actors.setdefault(name, {"id": name, "name": name, "kind": "organisation"})
        for about in statement.get("about", ()):
            if "issue" in about:
                codings.issues.setdefault(about["issue"], {"id": about["issue"], "question": about["issue"]})
        for event in _events(statement):
            codings.events.setdefault(event, {"id": event, "name": event})
        for key in _REFERENCES:
            kept = [name for name in statement.get(key, ()) if name in codings.statements]
            cut += len(statement.get(key, ())) - len(kept)
            if key in statement:
                statement[key] = kept
        if statement.get("refers_to") not in (None, *codings.sources):
            cut += 1
            del statement["refers_to"]
    if cut:
        codings.ledger.leave(f"Ties to statements, commitments or sources that are not in the file: {cut}.")


def _actors(statement: dict[str, Any]) -> list[str]:
    named = [statement["speaker"], *statement.get("tellers", ()), *statement.get("addressee", ())]
    named += [about["actor"] for about in statement.get("about", ()) if "actor" in about]
    return [name for name in named if name != AUTHOR and is_id(name)]


def _events(statement: dict[str, Any]) -> list[str]:
    date = statement.get("date")
    named = [date["event"]] if isinstance(date, dict) and "event" in date else []
    return named + [about["event"] for about in statement.get("about", ()) if "event" in about]


def _account(reading: _Reading) -> None:
    ledger = reading.codings.ledger
    ledger.carry(f"Annotations that became statements: {len(reading.codings.statements)}.")
    for state, count in sorted(reading.states.items()):
        ledger.carry(f"In the texts at hand {state.replace('-', ' ')}: {count}.")
    if reading.words:
        ledger.carry("The quoted words are in case.words.json, which stays with you; the case has hashes.")
    if not reading.states:
        ledger.leave(
            "No text was at hand: no place was looked at. 'westphalia anchor' does it with the texts."
        )


WEB_ANNOTATION = Format(
    "web-annotation",
    "W3C Web Annotation",
    (".jsonld", ".json"),
    "JSON with the context http://www.w3.org/ns/anno.jsonld",
    lambda head: b"www.w3.org/ns/anno" in head and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["),
    read=read_web_annotation,
    write=write_web_annotation,
)
