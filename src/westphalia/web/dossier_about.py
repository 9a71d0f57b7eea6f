"""What is proposed for a source, by its file and by its first lines, and what a form changes in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from westphalia.dossier.lexicon import language_of
from westphalia.dossier.metadata import header, meta_in_text
from westphalia.dossier.proposals import Meta
from westphalia.dossier.schema import Dated, Source
from westphalia.dossier.texts import SourceText
from westphalia.language import marked as _
from westphalia.web.forms import Form
from westphalia.workspace.edits import Edit

FIELDS = ("title", "kind", "author", "publisher", "date", "language", "url", "rights", "note")
_NAMES = {
    "title": _("Title"),
    "kind": _("Kind of text"),
    "author": _("Author"),
    "publisher": _("Publisher"),
    "date": _("Date"),
    "language": _("Language"),
    "url": _("Address"),
    "rights": _("Rights"),
    "note": _("Note"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A `value` that is proposed for a field of the source, and `where` it was read."""

    value: str
    where: str


@dataclass(frozen=True, slots=True)
class Known:
    """A field of a source: its `id` and `name`, its `value` in the case, and what is `proposed`."""

    id: str
    name: str
    value: str
    proposed: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A header with which a text begins: its `words`, and the beginning of what stands `after` it."""

    words: str
    after: str


def known(source: Source, text: SourceText | None, language: str) -> tuple[Known, ...]:
    """Return the fields of a source with what is proposed for each and differs from what the case says."""
    offers = list(_offers(source, text))
    return tuple(
        Known(
            name,
            _NAMES[name],
            value := value_of(source, name, language),
            tuple(offer for field, offer in offers if field == name and offer.value != value),
        )
        for name in FIELDS
    )


def value_of(source: Source, name: str, language: str) -> str:
    """Return what a form shows of a field of a source."""
    if name == "title":
        return source.title.into(language)
    if name == "date":
        return (source.date.at or "") if source.date else ""
    return getattr(source, name) or ""


def _offers(source: Source, text: SourceText | None) -> Iterator[tuple[str, Proposal]]:
    if text is None:
        return
    found = [(one.field, one.value, one.where) for one in text.proposed]
    for one in meta_in_text(text.text, source.language or language_of(text.text)):
        if isinstance(one.details, Meta):
            line = text.text.count("\n", 0, one.start) + 1
            found.append((one.details.name, one.details.value, f"line {line}"))
    seen = set()
    for field, value, where in found:
        if (field, value) not in seen:
            seen.add((field, value))
            yield field, Proposal(value, where)


def head_of(text: SourceText | None) -> Head | None:
    """Return the header that can be split off a text, None if it begins with itself."""
    found = header(text.text) if text else None
    if text is None or found is None or not text.text[found.end :].strip():
        return None
    return Head(text.text[: found.end].strip(), text.text[found.end : found.end + 120])


def edits(source: Source, form: Form, language: str) -> tuple[Edit, ...]:
    """Return what a form changes in a source, of the fields it has; a title left out is noted in the form."""
    given = [name for name in FIELDS if name in form.data]
    if "title" in given:
        form.needed("title")
    values = ((name, form.text(name)) for name in given)
    return tuple(
        _edit(source, name, value, language)
        for name, value in values
        if value != value_of(source, name, language)
    )


def _edit(source: Source, name: str, value: str, language: str) -> Edit:
    path = f"sources.{source.id}.{name}"
    if name == "title":
        held = source.title.by_language
        path += "" if "" in held else f".{language if language in held else next(iter(held))}"
    if name == "date" and source.date is not None and source.date != Dated(at=source.date.at):
        path += ".at"
    return Edit("set", path, value) if value else Edit("remove", path)
