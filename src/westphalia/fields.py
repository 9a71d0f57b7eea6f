"""The field types that the dossier and the case file share: ids, texts, dates, values with doubt.

Every refusal here is written for the analyst: it says what was found and what would be right.
"""

from __future__ import annotations

import calendar
import datetime
import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

import pydantic
from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from westphalia.uncertain import Mixture, Normal, Point, Triangular, Uniform, Value

ID_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"
DATE_PATTERN = r"^\d{4}(-\d{2}(-\d{2})?)?$"

Precision = Literal["year", "month", "day"]


class Model(pydantic.BaseModel):
    """Base of all parts of a case file: frozen, and refusing keys it does not know."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def refuse(code: str, message: str) -> PydanticCustomError:
    """Return the error that pydantic reports with our own words."""
    return PydanticCustomError("westphalia", "{message}", {"message": message, "code": code})


# --- ids ---------------------------------------------------------------------------------------


def _id(raw: object) -> str:
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if not isinstance(text, str) or not re.match(ID_PATTERN, text) or len(text) > 80:
        raise refuse(
            "bad-id",
            f"{_shown(raw)} cannot be an id. "
            "Use lower-case letters, digits, '-' and '_', beginning with a letter or digit.",
        )
    return text


Id = Annotated[str, BeforeValidator(_id), WithJsonSchema({"type": "string", "pattern": ID_PATTERN})]


def ids_for(names: Iterable[str]) -> dict[str, str]:
    """Return an id for each different name, in the order in which they come."""
    ids: dict[str, str] = {}
    taken = {"author"}
    numbered: dict[str, Iterator[str]] = {}
    for name in dict.fromkeys(names):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "name"
        others = numbered.setdefault(slug, map(f"{slug}-{{}}".format, itertools.count(2)))
        ids[name] = slug if slug not in taken else next(each for each in others if each not in taken)
        taken.add(ids[name])
    return ids


def _many(raw: object) -> object:
    return [raw] if isinstance(raw, str) else raw


Ids = Annotated[
    tuple[Id, ...],
    BeforeValidator(_many),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": ID_PATTERN},
                {"type": "array", "items": {"type": "string", "pattern": ID_PATTERN}},
            ]
        }
    ),
]


# --- texts in several languages ------------------------------------------------------------------


class Text(Model):
    """A text in one or several languages; a bare string in the file stands for all of them."""

    by_language: dict[str, str]

    def into(self, language: str) -> str:
        """Return the text in that language, or in the first there is."""
        return self.by_language.get(language) or next(iter(self.by_language.values()))

    def __str__(self) -> str:
        return self.into("en")


def _text(raw: object) -> object:
    if isinstance(raw, Text):
        return raw
    is_finite = not isinstance(raw, float) or math.isfinite(raw)
    if isinstance(raw, int | float | datetime.date) and not isinstance(raw, bool) and is_finite:
        raw = str(raw)
    if isinstance(raw, str) and raw.strip():
        return Text(by_language={"": raw.strip()})
    if isinstance(raw, dict) and raw and all(_is_language(key, words) for key, words in raw.items()):
        return Text(by_language={key: words.strip() for key, words in raw.items()})
    raise refuse("bad-text", f"{_shown(raw)} is no text. Write words, or words by language {{en: …, de: …}}.")


def _is_language(key: object, words: object) -> bool:
    return (
        isinstance(key, str)
        and re.match(r"^[a-z]{2,3}$", key) is not None
        and isinstance(words, str)
        and bool(words.strip())
    )


def _text_out(text: Text) -> object:
    return text.by_language.get("", text.by_language)


TextField = Annotated[
    Text,
    BeforeValidator(_text),
    PlainSerializer(_text_out),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "propertyNames": {"pattern": "^[a-z]{2,3}$"},
                    "additionalProperties": {"type": "string"},
                    "minProperties": 1,
                },
            ]
        }
    ),
]


# --- dates with their precision ----------------------------------------------------------------


def _date(raw: object) -> str:
    text = raw.isoformat() if type(raw) is datetime.date else str(raw)
    if isinstance(raw, bool) or not re.match(DATE_PATTERN, text):
        raise refuse(
            "bad-date", f"{_shown(raw)} is no date. Write a year, month or day: 2025, 2025-02, 2025-02-12."
        )
    parts = [int(part) for part in text.split("-")]
    try:
        datetime.date(*([*parts, 1, 1])[:3])
    except ValueError:
        raise refuse("bad-date", f"{_shown(raw)} is no date of the calendar.") from None
    return text


DateField = Annotated[
    str,
    BeforeValidator(_date),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": DATE_PATTERN}, {"type": "integer"}]}),
]


def precision(date: str) -> Precision:
    """Return how exact a date is: a month stays a month."""
    return ("year", "month", "day")[date.count("-")]


def first_day(date: str) -> datetime.date:
    """Return the first day that a date of any precision covers."""
    parts = [int(part) for part in date.split("-")]
    return datetime.date(*([*parts, 1, 1])[:3])


def last_day(date: str) -> datetime.date:
    """Return the last day that a date of any precision covers."""
    start = first_day(date)
    if precision(date) == "day":
        return start
    if precision(date) == "year":
        return datetime.date(start.year, 12, 31)
    return start.replace(day=calendar.monthrange(start.year, start.month)[1])


# --- values ------------------------------------------------------------------------------------

FORMS = (
    "Write a number, {low: 30, mode: 40, high: 60}, {low: 30, high: 60}, {normal: [40, 5]}, "
    "or a list of experts' values."
)


def _shown(raw: object) -> str:
    if raw is None:
        return "an empty value"
    shown = str(raw).lower() if isinstance(raw, bool) else repr(raw)
    return shown if len(shown) <= 60 else shown[:57] + "…"


def _number(raw: object, what: str = "the value") -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise refuse("not-a-number", f"{_shown(raw)} is not a number. {FORMS}")
    try:
        number = float(raw)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise refuse(
            "not-finite", f"{what} is {raw if abs(number) < math.inf else number}: a finite number is needed."
        )
    return number


def parse_value(raw: object) -> Value:
    """Return the value that the case file writes as `raw`.

    Raises
    ------
    PydanticCustomError: `raw` is none of the forms, or its numbers are out of order.
    """
    if isinstance(raw, Point | Uniform | Triangular | Normal | Mixture):
        return raw
    if isinstance(raw, list | tuple):
        return _experts(raw, None)
    if isinstance(raw, dict):
        return _distribution(raw)
    return Point(_number(raw))


def _experts(raw: list[Any] | tuple[Any, ...], weights: object) -> Value:
    if not raw:
        raise refuse("no-experts", f"The list of experts' values is empty. {FORMS}")
    if any(isinstance(item, list | tuple) for item in raw):
        raise refuse("nested-experts", "A list of experts' values holds numbers and ranges, not lists.")
    components = tuple(parse_value(item) for item in raw)
    if weights is None:
        return Mixture(components, (1.0,) * len(components))
    if not isinstance(weights, list | tuple) or len(weights) != len(components):
        raise refuse(
            "bad-weights", f"weights must be a list of {len(components)} numbers, one for each expert."
        )
    numbers = tuple(_number(weight, "a weight") for weight in weights)
    if min(numbers) < 0 or sum(numbers) <= 0:
        raise refuse("bad-weights", "weights must be 0 or more, and not all 0.")
    return Mixture(components, numbers)


def _distribution(raw: dict[Any, Any]) -> Value:
    keys = set(raw)
    if {"low", "high"} <= keys <= {"low", "mode", "high"}:
        return _range(raw)
    if keys == {"normal"}:
        pair = raw["normal"]
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise refuse("bad-normal", f"normal takes [mean, standard deviation], not {_shown(pair)}.")
        mean, sd = (_number(item) for item in pair)
        if sd <= 0:
            raise refuse("bad-normal", f"The standard deviation is {sd:g}: it must be above 0.")
        return Normal(mean, sd)
    if "experts" in keys <= {"experts", "weights"}:
        if not isinstance(raw["experts"], list | tuple):
            raise refuse("no-experts", f"experts takes a list of values, not {_shown(raw['experts'])}.")
        return _experts(raw["experts"], raw.get("weights"))
    raise refuse("bad-value", f"{_shown(raw)} is no value. {FORMS}")


def _range(raw: dict[Any, Any]) -> Value:
    low, high = _number(raw["low"], "low"), _number(raw["high"], "high")
    mode = _number(raw["mode"], "mode") if "mode" in raw else None
    if low > high:
        raise refuse("range-order", f"low ({low:g}) is above high ({high:g}): swap them.")
    if mode is not None and not low <= mode <= high:
        raise refuse("range-order", f"mode ({mode:g}) is not between low ({low:g}) and high ({high:g}).")
    if low == high:
        return Point(low)
    return Uniform(low, high) if mode is None else Triangular(low, mode, high)


_NUMBER = {"type": "number"}
_FORMS_SCHEMA: list[dict[str, Any]] = [
    _NUMBER,
    {
        "type": "object",
        "properties": {"low": _NUMBER, "mode": _NUMBER, "high": _NUMBER},
        "required": ["low", "high"],
        "additionalProperties": False,
    },
    {
        "type": "object",
        "properties": {"normal": {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}},
        "required": ["normal"],
        "additionalProperties": False,
    },
]
VALUE_SCHEMA: dict[str, Any] = {
    "anyOf": [
        *_FORMS_SCHEMA,
        {"type": "array", "minItems": 1, "items": {"anyOf": _FORMS_SCHEMA}},
        {
            "type": "object",
            "properties": {
                "experts": {"type": "array", "minItems": 1, "items": {"anyOf": _FORMS_SCHEMA}},
                "weights": {"type": "array", "items": _NUMBER},
            },
            "required": ["experts"],
            "additionalProperties": False,
        },
    ]
}


def _value_out(value: Value) -> object:
    return value.plain()


ValueField = Annotated[
    Value,
    pydantic.PlainValidator(parse_value),
    PlainSerializer(_value_out),
    WithJsonSchema(VALUE_SCHEMA),
]


# --- values with what backs them ---------------------------------------------------------------


class Backed(Model):
    """Something that names its evidence, or says that it is an assumption."""

    evidence: Ids = Field((), description="ids of the statements it rests on")
    assumption: str | None = Field(
        None, description="why it is assumed, where no statement says so", min_length=1
    )
    note: str | None = Field(None, description="anything a reader should know")

    @property
    def is_backed(self) -> bool:
        """True if it names evidence or an assumption."""
        return bool(self.evidence) or self.assumption is not None


class Quantity(Backed):
    """A value with its evidence or assumption. A bare value in the file has neither."""

    value: ValueField


_BACKING = ("evidence", "assumption", "note")


def _quantity(raw: object) -> object:
    """Turn every way to write a quantity into {value, evidence, assumption, note}."""
    if isinstance(raw, Quantity):
        return raw
    if not isinstance(raw, dict):
        return {"value": raw}
    if "value" in raw:
        return raw
    value = {key: item for key, item in raw.items() if key not in _BACKING}
    return {"value": value, **{key: raw[key] for key in _BACKING if key in raw}}


_BACKING_SCHEMA: dict[str, Any] = {
    "evidence": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "assumption": {"type": "string"},
    "note": {"type": "string"},
}


def backed_schema(value: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a value that may stand bare or with its backing beside it."""
    inline = [
        {**form, "properties": {**form["properties"], **_BACKING_SCHEMA}}
        for form in value["anyOf"]
        if form.get("type") == "object"
    ]
    named = {
        "type": "object",
        "properties": {"value": value, **_BACKING_SCHEMA},
        "required": ["value"],
        "additionalProperties": False,
    }
    return {"anyOf": [*value["anyOf"], *inline, named]}


QuantityField = Annotated[Quantity, BeforeValidator(_quantity), WithJsonSchema(backed_schema(VALUE_SCHEMA))]
