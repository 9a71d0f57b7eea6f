"""The form of a statement: from the tree of the case file to fields of a page, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from starlette.datastructures import FormData

from westphalia.case.schema import CaseFile
from westphalia.dossier.anchors import make_span
from westphalia.dossier.glosses import waits
from westphalia.dossier.schema import AUTHOR, Kind, Mode, Span
from westphalia.errors import suggest
from westphalia.fields import Text
from westphalia.language import marked as _
from westphalia.web.forms import Form, number_in
from westphalia.workspace.edits import Clash, ClashError

KINDS: tuple[Kind, ...] = get_args(Kind)
MODES: tuple[Mode, ...] = get_args(Mode)
Tree = dict[str, Any]
"""Fields of a statement as the case file writes them."""

_MOST_ROWS = 50
_LEAST_PARTIES = 3
# A range may be written 30–50, 30 … 50, 30 to 50; a minus before a number is none of a range.
_BETWEEN = re.compile(r"\s*(?:–|—|…|\.{2,3}|;|\bto\b|\bbis\b|(?<=\d)\s*-)\s*")


@dataclass(frozen=True, slots=True)
class AboutRow:
    """What a statement is about, as the form has it: ids of `actor`, `issue` and `event`, and a `value`."""

    actor: str = ""
    issue: str = ""
    value: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class LoadedRow:
    """A loaded wording, as its `words`, and a `note` of what a neutral reader should know."""

    words: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatementFields:
    """The fields of a statement as the form shows them.

    `kind`, `mode` and `speaker` are as in the case file; `tellers` and `addressee` are ids; `about` and
    `loaded` have a row each; `glosses` are by language (empty for one that stands for all); `contradicts`
    holds ids with blanks between.
    """

    kind: str = ""
    mode: str = ""
    speaker: str = ""
    tellers: tuple[str, ...] = ()
    addressee: tuple[str, ...] = ()
    about: tuple[AboutRow, ...] = ()
    glosses: tuple[tuple[str, str], ...] = (("", ""),)
    loaded: tuple[LoadedRow, ...] = ()
    contradicts: str = ""

    @property
    def places(self) -> int:
        """How many tellers or addressees there is room for."""
        return max(_LEAST_PARTIES, len(self.tellers) + 1, len(self.addressee) + 1)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a form of a statement offers: `kinds`, `modes`, `actors` and `issues` with their names."""

    kinds: tuple[str, ...]
    modes: tuple[str, ...]
    actors: tuple[tuple[str, Text], ...]
    issues: tuple[tuple[str, Text], ...]


def choices(case: CaseFile) -> Choices:
    """Return what a form of a statement offers in a case."""
    actors = tuple((actor.id, actor.name) for actor in case.actors)
    issues = tuple((issue.id, issue.question) for issue in case.issues)
    return Choices(KINDS, MODES, actors, issues)


# --- from the tree to the form -----------------------------------------------------------------------


def fields_of(tree: Mapping[str, Any], text: str | None) -> StatementFields:
    """Return what the form shows of a statement as the case file writes it; a gloss that waits is empty."""
    return StatementFields(
        kind=str(tree.get("kind", "")),
        mode=str(tree.get("mode", "")),
        speaker=str(tree.get("speaker", "")),
        tellers=tuple(_listed(tree.get("tellers"))),
        addressee=tuple(_listed(tree.get("addressee"))),
        about=tuple(map(_about, _listed(tree.get("about")))),
        glosses=tuple(_glosses(tree.get("gloss"))),
        loaded=tuple(_loaded_rows(tree, text)) if text is not None else (),
        contradicts=" ".join(map(str, _listed(tree.get("contradicts")))),
    )


def _listed(raw: Any) -> list[Any]:
    if raw is None:
        return []
    return list(raw) if isinstance(raw, list | tuple) else [raw]


def _about(raw: Mapping[str, Any]) -> AboutRow:
    value = raw.get("option") if raw.get("option") is not None else raw.get("value")
    parts = (str(raw.get(name) or "") for name in ("actor", "issue", "event"))
    actor, issue, event = parts
    return AboutRow(actor, issue, written(value), event)


def _glosses(raw: Any) -> Iterator[tuple[str, str]]:
    held = raw if isinstance(raw, dict) and raw else {"": raw or ""}
    for language, words in held.items():
        yield str(language), "" if waits(str(words)) else str(words)


def _loaded_rows(tree: Mapping[str, Any], text: str) -> Iterator[LoadedRow]:
    for one in _listed(tree.get("loaded")):
        span, note = one.get("span"), one.get("note")
        start, end = (span["start"], span["end"]) if isinstance(span, dict) else span
        yield LoadedRow(
            text[start:end], note if isinstance(note, str) else json.dumps(note, ensure_ascii=False)
        )


def written(value: Any) -> str:
    """Return a value as a person writes it into a field: 40, 30 – 50, 30 – 40 – 50, else as JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, dict) and set(value) in ({"low", "high"}, {"low", "mode", "high"}):
        return " – ".join(f"{value[name]:g}" for name in ("low", "mode", "high") if name in value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:g}" if is_number else json.dumps(value, ensure_ascii=False)


# --- from the form to the tree -----------------------------------------------------------------------


def sent(form: Form) -> StatementFields:
    """Return the fields as they were sent, to be shown again or made into a tree."""
    languages = [name.removeprefix("gloss-") for name in form.data if name.startswith("gloss-")]
    rows = range(_MOST_ROWS)
    return StatementFields(
        kind=form.text("kind"),
        mode=form.text("mode"),
        speaker=form.text("speaker"),
        tellers=form.many("tellers"),
        addressee=form.many("addressee"),
        about=tuple(filter(AboutRow().__ne__, (_sent_about(form, row) for row in rows))),
        glosses=tuple((one, form.text(f"gloss-{one}")) for one in languages) or (("", form.text("gloss")),),
        loaded=tuple(
            filter(
                LoadedRow().__ne__,
                (
                    LoadedRow(form.text(f"loaded-words-{row}"), form.text(f"loaded-note-{row}"))
                    for row in rows
                ),
            )
        ),
        contradicts=form.text("contradicts"),
    )


def _sent_about(form: Form, row: int) -> AboutRow:
    return AboutRow(*(form.text(f"about-{name}-{row}") for name in ("actor", "issue", "value", "event")))


def tree_of(
    fields: StatementFields, case: CaseFile, form: Form, within: Span | None, text: str | None
) -> Tree:
    """Return the fields as the case file writes them; None takes one away; the form notes what is wrong.

    Parameters
    ----------
    within: the span of the statement; loaded wordings are looked for in it.
    text: the text of the source; without it loaded wordings stay as they are.
    """
    offered = {"kind": KINDS, "mode": MODES, "speaker": (*case.actor, AUTHOR)}
    for name, known in offered.items():
        if getattr(fields, name) not in known:
            form.wrong.setdefault(name, suggest(getattr(fields, name), known))
    tree: Tree = {
        "kind": fields.kind,
        "mode": fields.mode,
        "speaker": fields.speaker,
        "tellers": list(fields.tellers) or None,
        "addressee": list(fields.addressee) or None,
        "about": [_tree_of_about(one, case, form) for one in fields.about] or None,
        "contradicts": fields.contradicts.replace(",", " ").split() or None,
    }
    glosses = {language: words for language, words in fields.glosses if words}
    if glosses:
        tree["gloss"] = glosses.get("", glosses)
    if text is not None and within is not None:
        tree["loaded"] = [_tree_of_loaded(one, form, within, text) for one in fields.loaded] or None
    return tree


def normal(tree: Mapping[str, Any], case: CaseFile, within: Span | None, text: str | None) -> Tree:
    """Return a statement of the case file as its form would write it if nothing was changed."""
    return tree_of(fields_of(tree, text), case, Form(FormData()), within, text)


def changed_fields(name: str, ours: Tree, was: Tree, now: Tree) -> Tree:
    """Return the fields that a form changes in a statement.

    Raises
    ------
    ClashError: somebody else changed the same fields since the form was made.
    """
    changed = {part: value for part, value in ours.items() if value != was.get(part)}
    clashes = [
        Clash(f"statements.{name}.{part}", value, now.get(part), was.get(part))
        for part, value in changed.items()
        if now.get(part) not in (was.get(part), value)
    ]
    if clashes:
        raise ClashError(clashes, where=name)
    return changed


def _tree_of_about(row: AboutRow, case: CaseFile, form: Form) -> Tree:
    tree: Tree = {name: value for name in ("actor", "issue", "event") if (value := getattr(row, name))}
    if row.value:
        issue = case.issue.get(row.issue)
        if issue is not None and issue.kind == "nominal":
            tree["option"] = row.value
        else:
            tree["value"] = value_in(row.value, form)
    return tree


def value_in(raw: str, form: Form) -> Any:
    """Return the value that a person wrote; one that is none is noted in the form."""
    if raw.startswith(("{", "[")):
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            numbers: list[float | None] = [None]
    else:
        numbers = [number_in(part) for part in _BETWEEN.split(raw)]
    names = {1: ("",), 2: ("low", "high"), 3: ("low", "mode", "high")}.get(len(numbers))
    if names is None or None in numbers:
        form.wrong.setdefault("about", _("Write a number such as 40, a range 30–50, or 30–40–50."))
        return None
    plain = [int(one) if one is not None and one == int(one) else one for one in numbers]
    return plain[0] if len(plain) == 1 else dict(zip(names, plain, strict=True))


def _tree_of_loaded(row: LoadedRow, form: Form, within: Span, text: str) -> Tree:
    at = text.find(row.words, within.start, within.end) if row.words else -1
    if at < 0 or not row.note:
        form.wrong.setdefault(
            "loaded", _("Write words that stand in the passage, and what a reader should know of them.")
        )
        return {}
    return {
        "span": make_span(text, at, at + len(row.words)).model_dump(exclude_none=True),
        "note": _note(row.note),
    }


def _note(raw: str) -> Any:
    """Return a note as the case file has it: in several languages if it was shown so."""
    if raw.startswith("{"):
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            return raw
    return raw
