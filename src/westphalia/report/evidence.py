"""Statements as the page shows them: gloss, ties, and where the text is at hand the words in context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from westphalia.case.schema import CaseFile
from westphalia.charts.words import listed
from westphalia.dossier.anchors import Anchored, anchor, in_context
from westphalia.dossier.schema import About, Span, Statement
from westphalia.language import marked, said
from westphalia.report.values import actor_name, dated_text, value_text

MODES = {
    "quote": (marked("Quoted"), marked("The source gives the speaker's own words.")),
    "indirect": (
        marked("Reported indirectly"),
        marked("The source says in its own words what the speaker said."),
    ),
    "hearsay": (marked("Hearsay"), marked("The source has it from others, or says that it is said.")),
    "narration": (marked("Told by the source"), marked("The source tells what happened.")),
    "commentary": (marked("Commented"), marked("The source judges, explains or foresees.")),
}
KINDS = {
    "position": marked("position"),
    "demand": marked("demand"),
    "offer": marked("offer"),
    "promise": marked("promise"),
    "threat": marked("threat"),
    "commitment": marked("commitment"),
    "fact": marked("fact"),
    "forecast": marked("forecast"),
    "motive": marked("motive"),
    "evaluation": marked("evaluation"),
}
STATES = {
    "exact": "",
    "moved": marked("The words stand at another place than where they were coded."),
    "to-review": marked("The text has changed here; the coding has to be reviewed."),
    "lost": marked("The words are no longer in the text."),
}


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words of a statement with what stands before and after them, and what became of the span."""

    before: str
    words: str
    after: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement ready for the page."""

    id: str
    speaker: str
    told: str
    kind: str
    when: str
    source: str
    gloss: str
    language: str
    glosses: tuple[tuple[str, str], ...]
    about: tuple[str, ...]
    quoted: Quoted | None
    loaded: tuple[tuple[str, str], ...]
    supports: tuple[str, ...]
    contradicts: tuple[str, ...]
    breaks: tuple[str, ...]
    refers: str
    note: str


@dataclass(frozen=True, slots=True)
class Mode:
    """The statements of one mode."""

    id: str
    title: str
    meaning: str
    statements: tuple[Shown, ...]


def by_mode(case: CaseFile, texts: Mapping[str, str], language: str) -> tuple[Mode, ...]:
    """Return all statements by mode, in the order of the file; a mode without statements is left out."""
    shown = {statement.id: _shown(statement, case, texts, language) for statement in case.statements}
    groups = []
    for mode, (title, meaning) in MODES.items():
        members = tuple(shown[statement.id] for statement in case.coded if statement.mode == mode)
        if members:
            groups.append(Mode(mode, said(title), said(meaning), members))
    return tuple(groups)


def _shown(statement: Statement, case: CaseFile, texts: Mapping[str, str], language: str) -> Shown:
    first, *others = glosses(statement, language)
    text = texts.get(statement.source)
    return Shown(
        id=statement.id,
        speaker=actor_name(statement.speaker, case, language),
        told=_told(statement, case, language),
        kind=said(KINDS[statement.kind]),
        when=dated_text(statement.date, case, language),
        source=case.source[statement.source].title.into(language)
        if statement.source in case.source
        else statement.source,
        gloss=first[1],
        language=first[0],
        glosses=tuple(others),
        about=tuple(about_text(about, case, language) for about in statement.about),
        quoted=None if text is None or statement.span is None else quoted(text, statement.span),
        loaded=_loaded(statement, text, language),
        supports=_known(statement.supports, case),
        contradicts=_known(statement.contradicts, case),
        breaks=statement.breaks,
        refers=case.source[statement.refers_to].title.into(language)
        if statement.refers_to in case.source
        else "",
        note=statement.note or "",
    )


def glosses(statement: Statement, language: str) -> list[tuple[str, str]]:
    """Return the gloss in every language there is, that asked for first; '' where none is named."""
    held = statement.gloss.by_language
    return sorted(held.items(), key=lambda pair: pair[0] != language)


def _told(statement: Statement, case: CaseFile, language: str) -> str:
    to = listed(actor_name(actor, case, language) for actor in statement.addressee)
    via = listed(actor_name(actor, case, language) for actor in statement.tellers)
    told = f" {said('to {actors}', actors=to)}" if to else ""
    return f"{told}, {said('as told by {actors}', actors=via)}" if via else told


def _known(ids: tuple[str, ...], case: CaseFile) -> tuple[str, ...]:
    return tuple(one for one in ids if one in case.statement)


def about_text(about: About, case: CaseFile, language: str) -> str:
    """Return what a statement is about in words."""
    parts = []
    if about.actor:
        parts.append(actor_name(about.actor, case, language))
    if about.issue:
        asked = case.issue[about.issue].question.into(language) if about.issue in case.issue else about.issue
        parts.append(said("on “{issue}”", issue=asked))
    if about.event:
        parts.append(next((e.name.into(language) for e in case.events if e.id == about.event), about.event))
    told = " ".join(parts)
    if about.value is not None:
        return f"{told}: {value_text(about.value)}"
    return f"{told}: {_option(about, case, language)}" if about.option else told


def _option(about: About, case: CaseFile, language: str) -> str:
    issue = case.issue.get(about.issue or "")
    meaning = {str(key): text.into(language) for key, text in issue.scale.items()} if issue else {}
    return meaning.get(str(about.option), str(about.option))


def quoted(text: str, span: Span) -> Quoted:
    """Return the words of a span in their context, or none and the reason if they are not found."""
    found: Anchored = anchor(span, text)
    reason = "" if found.state == "exact" else f"{said(STATES[found.state])} {found.reason}"
    if found.start is None:
        return Quoted("", "", "", found.state, reason)
    before, words, after = in_context(text, found)
    return Quoted(before, words, after, found.state, reason)


def _loaded(statement: Statement, text: str | None, language: str) -> tuple[tuple[str, str], ...]:
    """Return each loaded wording with what a neutral reader should know of it."""
    found = []
    for loaded in statement.loaded:
        words = quoted(text, loaded.span).words if text is not None else ""
        found.append((words, loaded.note.into(language)))
    return tuple(found)
