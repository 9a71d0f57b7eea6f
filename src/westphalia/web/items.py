"""Forms for the items of a case: an actor, an issue, a commitment, a move, each as a list of slots.

A slot says which key of the item it fills and how. What is left as it was is not written, so that an
item keeps its layout, its comments and what no slot shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from westphalia.case.schema import CaseFile
from westphalia.case.text.nodes import Path
from westphalia.case.trees import many
from westphalia.language import LANGUAGES
from westphalia.language import marked as _
from westphalia.web.forms import Form, number_in
from westphalia.web.measures import KINDS, Measure, figure, ids_in, measure_of, plain, taken, whole
from westphalia.workspace.edits import Edit, Verb

Way = Literal[
    "line", "text", "one", "ids", "many", "lines", "words", "flag", "number", "measure", "value", "scale"
]

QUANTITY: Final = (("", "–"), *KINDS.items())
"""The ways to write a value that may be left out."""

_MOST_POINTS: Final = 200


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of an item's form.

    `name` is the key in the file, or keys with a dot between them, `label` what the form calls it, `way`
    how it is filled, `help` a sentence; `options` are values to choose from with what they are called: the
    ways to write a value, or the languages of a text. One that `is_needed` cannot be left empty.
    """

    name: str
    label: str
    way: Way = "line"
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot with its `value` as the form shows it."""

    slot: Slot
    value: Any


def languages_of(case: CaseFile) -> tuple[tuple[str, str], ...]:
    """Return the languages in which a case writes its texts; one without a name stands for all."""
    return tuple((language, language) for language in case.title.by_language)


def filled(slots: Iterable[Slot], held: Mapping[str, Any]) -> tuple[Filled, ...]:
    """Return the slots with what an item of the case holds."""
    return tuple(Filled(slot, _shown(slot, _at(held, slot))) for slot in slots)


def typed(slots: Iterable[Slot], form: Form) -> tuple[Filled, ...]:
    """Return the slots with what was typed into the form."""
    return tuple(Filled(slot, _READ[slot.way](slot, form)) for slot in slots)


def edits(path: Path, slots: Iterable[Slot], held: Mapping[str, Any], form: Form) -> list[Edit]:
    """Return the edits that bring what the form says into the item at the path.

    `held` is the item in the file the form was made from. What is wrong is noted in the form.
    """
    left: dict[str, int] = {}
    found: list[tuple[Verb, list[str], Any]] = []
    for slot in slots:
        old, keys = _at(held, slot), slot.name.split(".")
        new = _taken(slot, form, old)
        left[keys[0]] = left.get(keys[0], 0) + (new is not None)
        if _shown(slot, new) != _shown(slot, old):
            found.append(("remove" if new is None else "set", keys, new))
    return [*_whole(path, found, left)]


def _whole(
    path: Path, found: Iterable[tuple[Verb, list[str], Any]], left: Mapping[str, int]
) -> Iterator[Edit]:
    """Yield the edits; a key of which nothing is left is removed as a whole."""
    gone: set[str] = set()
    for verb, keys, new in found:
        if left[keys[0]]:
            yield Edit(verb, (*path, *keys), new)
        elif keys[0] not in gone:
            gone.add(keys[0])
            yield Edit("remove", (*path, keys[0]))


def item(slots: Iterable[Slot], form: Form) -> dict[str, Any]:
    """Return a new item as the form says it; what is wrong is noted in the form."""
    made: dict[str, Any] = {}
    for slot in slots:
        value = _taken(slot, form, None)
        if value is not None:
            *outer, last = slot.name.split(".")
            inside = made.setdefault(outer[0], {}) if outer else made
            inside[last] = value
    return made


def _at(held: Mapping[str, Any], slot: Slot) -> Any:
    value: Any = held
    for key in slot.name.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


# --- what the form shows of the file ---------------------------------------------------------------


def _shown(slot: Slot, raw: Any) -> Any:
    if slot.way in ("measure", "value"):
        return measure_of(raw)
    if slot.way == "words":
        return _words(slot, raw)
    if slot.way == "scale":
        return _points(slot, raw)
    if slot.way in ("ids", "many"):
        return tuple(many(raw))
    if slot.way == "lines":
        return "\n".join(many(raw))
    if slot.way == "flag":
        return {True: "yes", False: "no"}.get(raw, "")
    if slot.way == "number":
        return "" if raw is None else figure(raw)
    return "" if raw is None else str(raw)


Words = tuple[tuple[str, str], ...]


def _words(slot: Slot, raw: Any) -> Words:
    """Return a text by language, its own languages first, then those that the case writes in."""
    held = {"": raw} if raw is not None and not isinstance(raw, Mapping) else dict(raw or {})
    wanted = [language for language, _name in slot.options] or [""]
    order = [*held, *(language for language in (*wanted, *LANGUAGES) if language not in held)]
    shown = order if held else dict.fromkeys((*wanted, *LANGUAGES))
    return tuple((language, str(held.get(language, "")).strip()) for language in sorted(shown, key=_rank))


def _rank(language: str) -> tuple[bool, int, str]:
    known = LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)
    return bool(language), known, language


def _points(slot: Slot, raw: Any) -> tuple[tuple[str, Words], ...]:
    by_language = {
        point: text if isinstance(text, Mapping) else {"": text} for point, text in (raw or {}).items()
    }
    languages = sorted({language for texts in by_language.values() for language in texts}, key=_rank)
    return tuple(
        (
            _point_text(point),
            tuple((language, str(texts.get(language, "")).strip()) for language in languages),
        )
        for point, texts in by_language.items()
    )


def _point_text(point: Any) -> str:
    return figure(point) if isinstance(point, int | float) else str(point)


# --- what the form holds ---------------------------------------------------------------------------


def _texts(form: Form, name: str) -> Words:
    """Return the texts of the fields ``name.en``, ``name.de`` …; the one without a language is ``name.``."""
    keys = [key for key in form.data if key.startswith(f"{name}.") and "." not in key[len(name) + 1 :]]
    return tuple((key[len(name) + 1 :], form.text(key)) for key in dict.fromkeys(keys))


def _rows(form: Form, name: str) -> tuple[tuple[str, Words], ...]:
    """Return the points of a scale in the rows of a form; empty rows count for nothing."""
    rows = []
    for at in range(_MOST_POINTS):
        point, texts = form.text(f"{name}-{at}"), _texts(form, f"{name}-{at}")
        if point or any(text for _language, text in texts):
            rows.append((point, texts))
    return tuple(rows)


_READ: Final[dict[Way, Callable[[Slot, Form], Any]]] = {
    "line": lambda slot, form: form.text(slot.name),
    "text": lambda slot, form: form.text(slot.name),
    "one": lambda slot, form: form.text(slot.name),
    "flag": lambda slot, form: form.text(slot.name),
    "number": lambda slot, form: form.text(slot.name),
    "lines": lambda slot, form: form.text(slot.name),
    "ids": lambda slot, form: ids_in(form.text(slot.name)),
    "many": lambda slot, form: form.many(slot.name),
    "words": lambda slot, form: _texts(form, slot.name),
    "measure": lambda slot, form: taken(form, slot.name),
    "value": lambda slot, form: taken(form, slot.name),
    "scale": lambda slot, form: _rows(form, slot.name),
}


# --- what the file is to hold ----------------------------------------------------------------------


def _taken(slot: Slot, form: Form, old: Any) -> Any:
    """Return what the file is to hold in the key of a slot, None for nothing; notes what is wrong."""
    value = _READ[slot.way](slot, form)
    made = _MADE[slot.way](slot, value, old, form)
    if made is None and slot.is_needed:
        form.wrong.setdefault(slot.name, _("This has to be filled in."))
    return made


def _plain_text(slot: Slot, value: str, old: Any, form: Form) -> str | None:
    return value or None


def _flag(slot: Slot, value: str, old: Any, form: Form) -> bool | None:
    return {"yes": True, "no": False}.get(value)


def _figure(slot: Slot, value: str, old: Any, form: Form) -> int | float | None:
    number = number_in(value) if value else None
    if value and number is None:
        form.wrong.setdefault(slot.name, _("This is no number."))
    return None if number is None else whole(number)


def _list(slot: Slot, value: tuple[str, ...], old: Any, form: Form) -> Any:
    """Return the names, as the file has them if they are the same."""
    return old if tuple(many(old)) == value else list(value) or None


def _chosen(slot: Slot, value: tuple[str, ...], old: Any, form: Form) -> Any:
    """Return the names that were ticked, those that the file has already in its order."""
    kept = [name for name in many(old) if name in value]
    return _list(slot, tuple(dict.fromkeys([*kept, *value])), old, form)


def _lines(slot: Slot, value: str, old: Any, form: Form) -> list[str] | None:
    return [line.strip() for line in value.splitlines() if line.strip()] or None


def _measure(slot: Slot, value: Measure, old: Any, form: Form) -> Any:
    return plain(value, old, form, slot.name)


def _text(slot: Slot, value: Words, old: Any, form: Form) -> Any:
    return _joined(value, old, form, slot.name)


def _joined(words: Words, old: Any, form: Form, name: str) -> Any:
    """Return a text as the file writes it: bare for all languages, or by language."""
    given = {language: text for language, text in words if text}
    if "" in given and len(given) > 1:
        form.wrong.setdefault(name, _("Write it once for all languages, or in each by itself."))
    if set(given) <= {""}:
        return given.get("")
    order = [*(language for language in old if language in given)] if isinstance(old, Mapping) else []
    return {language: given[language] for language in (*order, *given)}


def _scale(slot: Slot, value: tuple[tuple[str, Words], ...], old: Any, form: Form) -> Any:
    held = {_point_text(point): (point, text) for point, text in (old or {}).items()}
    made: dict[Any, Any] = {}
    for point, words in value:
        key, text = held.get(point, (_point(point), None))
        joined = _joined(words, text, form, slot.name)
        if not point or joined is None:
            form.wrong.setdefault(slot.name, _("Each point has a number or a name, and says what it means."))
        elif key in made:
            form.wrong.setdefault(slot.name, _("Two points are the same."))
        made[key] = joined
    return made or None


def _point(text: str) -> Any:
    number = number_in(text)
    return text if number is None else whole(number)


_MADE: Final[dict[Way, Callable[[Slot, Any, Any, Form], Any]]] = {
    "line": _plain_text,
    "text": _plain_text,
    "one": _plain_text,
    "ids": _list,
    "many": _chosen,
    "lines": _lines,
    "words": _text,
    "flag": _flag,
    "number": _figure,
    "measure": _measure,
    "value": _measure,
    "scale": _scale,
}
