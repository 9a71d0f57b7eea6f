"""The statements of a case as a collection of W3C Web Annotations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from westphalia.dossier.anchors import in_context
from westphalia.dossier.schema import Statement
from westphalia.dossier.words import CONTEXT
from westphalia.formats.codings_out import Evidence, evidence_of, voices_of
from westphalia.formats.codings_own import KEY, actor_record, issue_record, text_in
from westphalia.formats.imported import Account, Ledger, Outgoing
from westphalia.formats.web_annotation_parts import FIELD
from westphalia.formats.writing import write_file

_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {KEY: f"urn:{KEY}:"}]


def write_web_annotation(outgoing: Outgoing, path: Path, *, with_words: bool = False) -> Account:
    """Write each statement as an annotation; its words only with `with_words` and where the text is at hand.

    The words of a text may not be anybody's to pass on: without them places are told by position and
    hash alone, which is enough for who has the text.

    Raises
    ------
    FileError: the file cannot be written.
    """
    ledger = Ledger()
    evidence = evidence_of(outgoing, ledger)
    named = {name for statement in evidence.statements for name in voices_of(statement)}
    about = {one.issue for statement in evidence.statements for one in statement.about if one.issue}
    items = [_annotation(statement, evidence, with_words) for statement in evidence.statements]
    collection = {
        "@context": _CONTEXT,
        "type": "AnnotationCollection",
        "label": text_in(outgoing.tree.get("title")),
        "total": len(items),
        KEY: {
            "sources": [
                source.model_dump(mode="json", exclude_defaults=True, exclude={"file"})
                for source in evidence.sources
            ],
            "actors": [actor_record(item) for name, item in evidence.actors.items() if name in named],
            "issues": [issue_record(item) for name, item in evidence.issues.items() if name in about],
        },
        "first": {"type": "AnnotationPage", "startIndex": 0, "items": items},
    }
    content = json.dumps(collection, ensure_ascii=False, indent=1)
    write_file(Path(path), f"{content}\n")
    _say(ledger, evidence, with_words=with_words)
    return ledger.account()


def _annotation(statement: Statement, evidence: Evidence, with_words: bool) -> dict[str, Any]:
    own = statement.model_dump(mode="json", exclude_defaults=True)
    annotation: dict[str, Any] = {
        "type": "Annotation",
        "id": f"urn:{KEY}:statement:{statement.id}",
        "motivation": "describing",
        "body": [
            {"type": "TextualBody", "purpose": "describing", "value": text_in(own["gloss"])},
            {"type": "Dataset", "format": "application/json", FIELD: own},
        ],
        "target": {"source": f"urn:{KEY}:source:{statement.source}"},
    }
    if statement.coder:
        annotation["creator"] = {"type": "Person", "name": statement.coder}
    selectors = _selectors(statement, evidence, with_words)
    if selectors:
        annotation["target"]["selector"] = selectors
    return annotation


def _selectors(statement: Statement, evidence: Evidence, with_words: bool) -> list[dict[str, Any]]:
    span = statement.span
    if span is None:
        return []
    selectors: list[dict[str, Any]] = [{"type": "TextPositionSelector", "start": span.start, "end": span.end}]
    if with_words and statement.id in evidence.places:
        before, words, after = in_context(evidence.texts[statement.source], span, CONTEXT)
        quote = {"type": "TextQuoteSelector", "exact": words, "prefix": before, "suffix": after}
        selectors.append(quote)
    return selectors


def _say(ledger: Ledger, evidence: Evidence, *, with_words: bool) -> None:
    ledger.carry(f"Statements that became annotations, with all their fields: {len(evidence.statements)}.")
    if with_words:
        ledger.carry(f"Annotations that quote the text: {len(evidence.places)}. Mind who may have it.")
        lacking = [source.id for source in evidence.sources if source.id not in evidence.texts]
        if lacking:
            ledger.leave(f"Without their texts nothing is quoted of: {', '.join(lacking)}.")
    else:
        ledger.leave("The words of the texts are not in the file; their hashes are.")
    ledger.leave("Stands, capability, commitments and all that is no evidence are not in the file.")
