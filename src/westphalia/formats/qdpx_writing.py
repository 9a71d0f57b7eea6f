"""The evidence of a case as a REFI-QDA project: statements as selections, what they are as codes."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from westphalia.dossier.schema import Source, Statement
from westphalia.formats.codings import line
from westphalia.formats.codings_out import Evidence, evidence_of
from westphalia.formats.codings_own import actor_record, issue_record, marked, text_in
from westphalia.formats.imported import Account, Ledger, Outgoing
from westphalia.formats.writing import write_file

ORIGIN = "westphalia"
_SPACE = "urn:QDA-XML:project:1.0"
_IDS = uuid.UUID("6f6d8c0e-5b0b-5c55-9b0e-3f3c1a5d7a11")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_LEFT = ("tellers", "addressee", "date", "loaded", "supports", "contradicts", "breaks", "refers_to", "note")


def write_qdpx(outgoing: Outgoing, path: Path) -> Account:
    """Write sources with their texts, statements as selections and their parts as codes.

    The same case and texts give the same bytes. Offsets count in code points, as the standard asks.

    Raises
    ------
    FileError: the file cannot be written.
    """
    ledger = Ledger()
    evidence = evidence_of(outgoing, ledger)
    root = ElementTree.Element("Project", {"xmlns": _SPACE, "name": _title(outgoing), "origin": ORIGIN})
    coders = dict.fromkeys(one.coder for one in evidence.statements if one.coder)
    if coders:
        users = ElementTree.SubElement(root, "Users")
        for name in coders:
            ElementTree.SubElement(users, "User", {"guid": _guid("user", name), "name": line(name)})
    _write_codes(root, evidence)
    if evidence.sources:
        sources = ElementTree.SubElement(root, "Sources")
        for source in evidence.sources:
            _write_source(sources, source, evidence)
    write_file(Path(path), _zipped(root, evidence.texts))
    _say(ledger, evidence)
    return ledger.account()


def _title(outgoing: Outgoing) -> str:
    return text_in(outgoing.tree.get("title")) or "A case"


def _guid(kind: str, name: str) -> str:
    return str(uuid.uuid5(_IDS, f"{kind}:{name}"))


def _codes_of(statement: Statement) -> Iterable[tuple[str, str]]:
    """Yield the codes of a statement, each as its top code and its name."""
    yield "speaker", statement.speaker
    yield "mode", statement.mode
    yield "kind", statement.kind
    for about in statement.about:
        if about.actor is not None:
            yield "actor", about.actor
        if about.issue is not None:
            yield "issue", about.issue
        yield "about", about.model_dump_json(exclude_defaults=True)


def _write_codes(root: ElementTree.Element, evidence: Evidence) -> None:
    below: dict[str, dict[str, str]] = {}
    codings = (code for statement in evidence.statements for code in _codes_of(statement))
    for top, name in dict.fromkeys(codings):
        below.setdefault(top, {})[name] = _description(top, name, evidence)
    if not below:
        return
    codes = ElementTree.SubElement(ElementTree.SubElement(root, "CodeBook"), "Codes")
    for top, named in below.items():
        parent = ElementTree.SubElement(
            codes, "Code", {"guid": _guid("top", top), "name": top, "isCodable": "false"}
        )
        for name, description in named.items():
            code = ElementTree.SubElement(
                parent, "Code", {"guid": _guid(top, name), "name": name, "isCodable": "true"}
            )
            if description:
                ElementTree.SubElement(code, "Description").text = description


def _description(top: str, name: str, evidence: Evidence) -> str:
    if top in ("speaker", "actor") and name in evidence.actors:
        return marked(actor_record(evidence.actors[name]))
    if top == "issue" and name in evidence.issues:
        return marked(issue_record(evidence.issues[name]))
    return ""


def _write_source(sources: ElementTree.Element, source: Source, evidence: Evidence) -> None:
    guid = _guid("source", source.id)
    attributes = {"guid": guid, "name": text_in(source.title)}
    if source.id in evidence.texts:
        attributes["plainTextPath"] = f"internal://{guid}.txt"
    element = ElementTree.SubElement(sources, "TextSource", attributes)
    record = source.model_dump(mode="json", exclude_defaults=True, exclude={"file", "sha256", "characters"})
    ElementTree.SubElement(element, "Description").text = marked(record)
    for statement in evidence.statements:
        if statement.source == source.id and statement.id in evidence.places:
            _write_selection(element, statement, *evidence.places[statement.id])


def _write_selection(element: ElementTree.Element, statement: Statement, start: int, end: int) -> None:
    user = {"creatingUser": _guid("user", statement.coder)} if statement.coder else {}
    selection = ElementTree.SubElement(
        element,
        "PlainTextSelection",
        {
            "guid": _guid("statement", statement.id),
            "name": statement.id,
            "startPosition": str(start),
            "endPosition": str(end),
            **user,
        },
    )
    ElementTree.SubElement(selection, "Description").text = text_in(statement.gloss)
    for top, name in dict.fromkeys(_codes_of(statement)):
        attributes = {"guid": _guid(f"coding {statement.id}", f"{top}:{name}"), **user}
        coding = ElementTree.SubElement(selection, "Coding", attributes)
        ElementTree.SubElement(coding, "CodeRef", {"targetGUID": _guid(top, name)})


def _zipped(root: ElementTree.Element, texts: dict[str, str]) -> bytes:
    ElementTree.indent(root)
    entries = {"project.qde": ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)}
    entries |= {f"sources/{_guid('source', name)}.txt": text.encode() for name, text in texts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in entries.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, raw)
    return buffer.getvalue()


def _say(ledger: Ledger, evidence: Evidence) -> None:
    ledger.carry(f"Statements that became selections: {len(evidence.places)}.")
    ledger.carry("Speaker, mode, kind and what they are about became codes, coders became users.")
    for source in evidence.sources:
        if source.id in evidence.texts:
            rights = f" Its rights: {source.rights}" if source.rights else ""
            ledger.carry(f"The archive holds the text of '{source.id}': mind who may have it.{rights}")
        else:
            ledger.leave(f"The text of '{source.id}' is not at hand: its statements are not in the project.")
    spanless = [one.id for one in evidence.statements if one.span is None and one.source in evidence.texts]
    if spanless:
        ledger.leave(f"Statements without a span, which have no place in a project: {len(spanless)}.")
    counts = {name: sum(bool(getattr(one, name)) for one in evidence.statements) for name in _LEFT}
    told = [f"{name.replace('_', ' ')} ({count})" for name, count in counts.items() if count]
    if told:
        ledger.leave(f"Of statements these were left out: {', '.join(told)}.")
    if any(len(one.gloss.by_language) > 1 for one in evidence.statements):
        ledger.leave("Of glosses in several languages only one went out, the English one if there is it.")
    ledger.leave("Stands, capability, commitments and all that is no evidence are not in the project.")
