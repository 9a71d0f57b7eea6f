"""What goes out of a case to formats of coded texts: its sources, statements and the texts at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from westphalia.dossier.anchors import anchor
from westphalia.dossier.schema import AUTHOR, Source, Statement
from westphalia.dossier.shelf import find_texts
from westphalia.formats.imported import Ledger, Outgoing


@dataclass(frozen=True)
class Evidence:
    """The sources and statements of a case, its actors and issues as plain data, texts by source.

    `places` are the stretches of the texts at which the words of a statement stand for certain.
    """

    sources: tuple[Source, ...]
    statements: tuple[Statement, ...]
    actors: dict[str, dict[str, Any]]
    issues: dict[str, dict[str, Any]]
    texts: dict[str, str]
    places: dict[str, tuple[int, int]]


def evidence_of(outgoing: Outgoing, ledger: Ledger) -> Evidence:
    """Return the evidence of a case; spans whose words are not where they were coded are told."""
    tree = outgoing.tree
    sources = tuple(Source.model_validate(item) for item in tree.get("sources") or ())
    statements = tuple(Statement.model_validate(item) for item in tree.get("statements") or ())
    texts: dict[str, str] = {}
    if outgoing.sources is not None:
        texts = {name: held.text for name, held in find_texts(sources, outgoing.sources).found.items()}
    places = {}
    for statement in statements:
        if statement.span is None or statement.source not in texts:
            continue
        found = anchor(statement.span, texts[statement.source])
        is_unhashed = statement.span.words is None and found.state != "lost"
        if found.state == "exact" or is_unhashed:
            places[statement.id] = (statement.span.start, statement.span.end)
        else:
            ledger.leave(f"The span of '{statement.id}' is {found.state}: it was left out. {found.reason}")
    return Evidence(
        sources,
        statements,
        {item["id"]: item for item in tree["actors"]},
        {item["id"]: item for item in tree["issues"]},
        texts,
        places,
    )


def voices_of(statement: Statement) -> list[str]:
    """Return the actors that a statement names, the speaker first."""
    named = [statement.speaker, *statement.tellers, *statement.addressee]
    named += [about.actor for about in statement.about if about.actor is not None]
    return [name for name in dict.fromkeys(named) if name != AUTHOR]
