"""What the schema refuses, in the words of the analyst: what was found, what would be right."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import pydantic

from westphalia.case.schema import CaseFile
from westphalia.case.text.nodes import Places, dotted
from westphalia.errors import Finding, nearest, suggest

_NOUNS = {
    "CaseFile": "the case",
    "Half": "half of a linkage",
    "Quantity": "a value",
    "Dated": "a date",
    "Loaded": "a loaded wording",
}
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping of keys and values",
    "model_type": "a mapping of keys and values",
    "model_attributes_type": "a mapping of keys and values",
}
_VALUE_KEYS = (
    "low",
    "mode",
    "high",
    "normal",
    "experts",
    "weights",
    "value",
    "evidence",
    "assumption",
    "note",
)


def translate(error: pydantic.ValidationError, places: Places) -> list[Finding]:
    """Return a finding for each thing that the schema refused, with its place in the file."""
    found = [_finding(detail, places) for detail in error.errors(include_url=False)]
    return list(dict.fromkeys(found))


def _finding(detail: Mapping[str, Any], places: Places) -> Finding:
    loc = [step for step in detail["loc"] if step != "[key]"]
    code, message, hint = _words(detail, loc)
    path = places.nearest(loc)
    is_about_key = "[key]" in detail["loc"] or detail["type"] in ("extra_forbidden", "missing")
    place = places.key_place(path) if is_about_key else places.value_place(path)
    if detail["type"] == "missing":
        path = (*path, loc[-1])
    return Finding("error", code, message, place, dotted(path), hint)


def _words(detail: Mapping[str, Any], loc: Sequence[str | int]) -> tuple[str, str, str]:
    kind = detail["type"]
    speak = _SPEAKERS.get(kind)
    if speak is not None:
        return speak(detail, loc)
    if kind in _WANTED:
        found = shown(detail["input"])
        return "wrong-type", f"{_name(loc)} is {found}: {_WANTED[kind]} is needed.", _type_hint(detail)
    return "bad-value", f"{_name(loc)} is {shown(detail['input'])}: {_lower(detail['msg'])}.", ""


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


def _type_hint(detail: Mapping[str, Any]) -> str:
    given = detail["input"]
    if detail["type"] == "string_type" and isinstance(given, int | float):
        return "Put it in quotation marks if it is meant as text."
    if detail["type"] in ("tuple_type", "list_type"):
        return "Write items in [ ], or on lines that begin with '-'."
    return ""


def _own(detail: Mapping[str, Any], _: Sequence[str | int]) -> tuple[str, str, str]:
    context = detail["ctx"]
    given = detail["input"]
    hint = ""
    if context["code"] == "bad-value" and isinstance(given, dict):
        wrong = next((str(key) for key in given if str(key) not in _VALUE_KEYS), None)
        close = nearest(wrong, _VALUE_KEYS) if wrong else None
        hint = f"Did you mean '{close}'?" if close else ""
    return context["code"], context["message"], hint


def _unknown_key(detail: Mapping[str, Any], loc: Sequence[str | int]) -> tuple[str, str, str]:
    model = _model_at(loc[:-1])
    keys = list(model.model_fields) if model is not None else []
    message = f"'{loc[-1]}' is no key of {_noun(model)}."
    if detail["input"] is None and " " in str(loc[-1]):
        return "unknown-key", message, "Inside { }, put a text that holds a comma in quotation marks."
    return "unknown-key", message, suggest(str(loc[-1]), keys, most=12)


def _missing(_: Mapping[str, Any], loc: Sequence[str | int]) -> tuple[str, str, str]:
    noun = _noun(_model_at(loc[:-1]))
    return "missing-key", f"'{loc[-1]}' is missing: {noun} needs it.", ""


def _literal(detail: Mapping[str, Any], loc: Sequence[str | int]) -> tuple[str, str, str]:
    expected = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
    wanted = f"one of {expected}" if "," in expected else expected
    message = f"{_name(loc)} is {shown(detail['input'])}: {wanted} is needed."
    close = nearest(str(detail["input"]), expected.split(", "))
    return "wrong-word", message, f"Did you mean '{close}'?" if close else ""


def _bound(sign: str, key: str) -> Callable[[Mapping[str, Any], Sequence[str | int]], tuple[str, str, str]]:
    def speak(detail: Mapping[str, Any], loc: Sequence[str | int]) -> tuple[str, str, str]:
        limit = detail["ctx"][key]
        return "out-of-range", f"{_name(loc)} is {shown(detail['input'])}: it must be {sign} {limit:g}.", ""

    return speak


def _pattern(detail: Mapping[str, Any], loc: Sequence[str | int]) -> tuple[str, str, str]:
    forms = {
        "language": "two or three lower-case letters, like 'en'",
        "sha256": "64 hexadecimal digits",
        "words": "16 hexadecimal digits",
    }
    wanted = forms.get(str(loc[-1]), "8 hexadecimal digits")
    return "wrong-form", f"{_name(loc)} is {shown(detail['input'])}: {wanted} are needed.", ""


def _too_few(detail: Mapping[str, Any], loc: Sequence[str | int]) -> tuple[str, str, str]:
    least = detail["ctx"]["min_length"]
    if detail["type"] == "string_too_short":
        return "empty-text", f"{_name(loc)} is empty.", "Write the words, or leave the key out."
    return "too-few", f"{_name(loc)} has fewer than {least} items.", ""


_SPEAKERS: dict[str, Callable[[Mapping[str, Any], Sequence[str | int]], tuple[str, str, str]]] = {
    "westphalia": _own,
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "literal_error": _literal,
    "greater_than": _bound("above", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "string_pattern_mismatch": _pattern,
    "string_too_short": _too_few,
    "too_short": _too_few,
}


def shown(raw: object) -> str:
    """Return a value as a message shows it: short, in the words of the file, not of Python."""
    if raw is None:
        return "empty"
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, dict):
        return "a mapping of keys and values"
    if isinstance(raw, list | tuple):
        return "a list"
    text = str(raw)
    short = text if len(text) <= 60 else f"{text[:59]}…"
    return f"'{short}'" if isinstance(raw, str) else short


def _name(loc: Sequence[str | int]) -> str:
    words = [str(step) for step in loc if isinstance(step, str) and "(" not in step and "[" not in step]
    return f"'{words[-1]}'" if words else "the case"


def _noun(model: type[pydantic.BaseModel] | None) -> str:
    if model is None:
        return "this part"
    name = model.__name__
    return _NOUNS.get(name) or f"{'an' if name[0] in 'AEIOU' else 'a'} {name.lower()}"


def _model_at(loc: Sequence[str | int]) -> type[pydantic.BaseModel] | None:
    """Return the model that the schema has at a location, passing over the names of validators."""
    here: Any = CaseFile
    for step in loc:
        model = _model_in(here)
        if model is not None:
            here = model.model_fields[str(step)].annotation if str(step) in model.model_fields else here
        else:
            here = _item_of(here)
    return _model_in(here)


def _model_in(annotation: Any) -> type[pydantic.BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return annotation
    if typing.get_origin(annotation) is Annotated:
        return _model_in(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        found = [_model_in(part) for part in typing.get_args(annotation)]
        return next((model for model in found if model is not None), None)
    return None


def _item_of(annotation: Any) -> Any:
    """Return what a list or mapping holds."""
    if typing.get_origin(annotation) is Annotated:
        return _item_of(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) is dict:
        return typing.get_args(annotation)[1]
    if typing.get_origin(annotation) is tuple:
        return typing.get_args(annotation)[0]
    return annotation
