"""Values with what backs them, as the fields of a form hold them, and back to what the case file writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic_core import PydanticCustomError

from westphalia.case.schema import DERIVED
from westphalia.case.setting import BACKING
from westphalia.case.trees import many
from westphalia.errors import suggest
from westphalia.fields import parse_value
from westphalia.language import marked as _
from westphalia.uncertain import Mixture, Normal, Triangular, Uniform, Value
from westphalia.web.forms import Form, number_in

NUMBER, RANGE, TRIANGLE, NORMAL, EXPERTS = "number", "range", "triangle", "normal", "experts"
CHANCES, NONE = "chances", ""

KINDS: Final = {
    NUMBER: _("a number"),
    RANGE: _("a range, all of it alike"),
    TRIANGLE: _("a range with a likeliest value"),
    NORMAL: _("about a mean (normal)"),
    EXPERTS: _("several experts"),
}
"""The ways to write a value, each in words."""

_NEEDS: Final[dict[str, tuple[str, ...]]] = {
    NUMBER: ("mode",),
    RANGE: ("low", "high"),
    TRIANGLE: ("low", "mode", "high"),
    NORMAL: ("mode", "sd"),
}
_BESIDE: Final = (*BACKING, "shift")


@dataclass(frozen=True, slots=True)
class Measure:
    """A value with what backs it, as texts in the fields of a form.

    `kind` is a key of `KINDS`, ``derived``, ``chances``, or empty for no value. `mode` is the number, the
    likeliest value or the mean, between `low` and `high`, or with `sd` around it. `experts` holds a line
    for each expert: one number, two (a range) or three (a triangle), ``60 ±5``, and a weight as ``@2``.
    `chances` holds an option with its chance each; `shift` what the position is moved by; `evidence` the
    ids of statements; `assumption` and `note` are words.
    """

    kind: str = NONE
    low: str = ""
    mode: str = ""
    high: str = ""
    sd: str = ""
    experts: str = ""
    chances: tuple[tuple[str, str], ...] = ()
    shift: str = ""
    evidence: tuple[str, ...] = ()
    assumption: str = ""
    note: str = ""

    def has(self, part: str) -> bool:
        """Return whether this kind of value has the part: low, mode, high or sd."""
        return part in _NEEDS.get(self.kind, ())


# --- from the file ---------------------------------------------------------------------------------


def measure_of(raw: Any) -> Measure:
    """Return a sound value of the case file, with its backing, as fields of a form; None is no value."""
    if raw is None:
        return Measure()
    held = raw if isinstance(raw, Mapping) else {"value": raw}
    rest = {key: part for key, part in held.items() if key not in _BESIDE}
    return replace(
        _fields(rest["value"] if set(rest) == {"value"} else rest),
        shift=figure(held["shift"]) if held.get("shift") else "",
        evidence=tuple(many(held.get("evidence"))),
        assumption=held.get("assumption") or "",
        note=held.get("note") or "",
    )


def _fields(value: Any) -> Measure:
    if value == DERIVED:
        return Measure(DERIVED)
    if isinstance(value, str):
        return Measure(CHANCES, chances=((value, "1"),))
    if isinstance(value, Mapping) and CHANCES in value:
        return Measure(CHANCES, chances=tuple((str(key), figure(p)) for key, p in value[CHANCES].items()))
    return _of_value(parse_value(value))


def _of_value(value: Value) -> Measure:
    if isinstance(value, Uniform):
        return Measure(RANGE, low=figure(value.low), high=figure(value.high))
    if isinstance(value, Triangular):
        return Measure(TRIANGLE, figure(value.low), figure(value.mode), figure(value.high))
    if isinstance(value, Normal):
        return Measure(NORMAL, mode=figure(value.mean), sd=figure(value.sd))
    if isinstance(value, Mixture):
        is_equal = len(set(value.weights)) == 1
        weights = ("" if is_equal else f" @{figure(weight)}" for weight in value.weights)
        parts = zip(value.components, weights, strict=True)
        return Measure(EXPERTS, experts="\n".join(_line(part) + weight for part, weight in parts))
    return Measure(NUMBER, mode=figure(value.central))


def _line(value: Value) -> str:
    held = _of_value(value)
    if held.kind == NORMAL:
        return f"{held.mode} ±{held.sd}"
    return " ".join(filter(None, (held.low, held.mode, held.high)))


def figure(value: float) -> str:
    """Return a number as the case file writes it, without a point if it is whole."""
    return repr(whole(float(value)))


# --- from a form -----------------------------------------------------------------------------------


def taken(form: Form, name: str) -> Measure:
    """Return the value that the fields ``name-kind``, ``name-low`` … of a form hold, as they were typed."""
    options = [key.removeprefix(f"{name}-chance-") for key in form.data if key.startswith(f"{name}-chance-")]
    return Measure(
        kind=form.text(f"{name}-kind"),
        **{part: form.text(f"{name}-{part}") for part in ("low", "mode", "high", "sd", "experts", "shift")},
        chances=tuple((option, form.text(f"{name}-chance-{option}")) for option in options),
        evidence=ids_in(form.text(f"{name}-evidence")),
        assumption=form.text(f"{name}-assumption"),
        note=form.text(f"{name}-note"),
    )


def ids_in(text: str) -> tuple[str, ...]:
    """Return the ids that somebody wrote with blanks or commas between them, each once."""
    return tuple(dict.fromkeys(filter(None, re.split(r"[\s,;]+", text))))


def plain(measure: Measure, held: Any, form: Form, name: str) -> Any:
    """Return a value as the case file writes it, None for no value; what is wrong is noted in the form.

    `held` is what the file has there now: its order and its way of writing stay where they can.
    """
    value = _plain_value(measure, form, name)
    if value is None:
        return None
    shift = _number(measure.shift, form, f"{name}-shift") if measure.shift else None
    beside = {
        "evidence": _evidence(measure, held),
        "assumption": measure.assumption,
        "note": measure.note,
        "shift": shift,
    }
    beside = {key: part for key, part in beside.items() if part}
    is_wrapped = isinstance(held, Mapping) and "value" in held
    if not beside and not is_wrapped:
        return value
    is_inside = isinstance(value, dict) and not is_wrapped
    return _in_order_of(held, {**value, **beside} if is_inside else {"value": value, **beside})


def _evidence(measure: Measure, held: Any) -> Any:
    old = held.get("evidence") if isinstance(held, Mapping) else None
    return old if many(old) == list(measure.evidence) else list(measure.evidence)


def _in_order_of(held: Any, new: dict[str, Any]) -> dict[str, Any]:
    """Return the mapping with its keys in the order that they have in what is held."""
    if not isinstance(held, Mapping):
        return new
    return {key: new[key] for key in (*(key for key in held if key in new), *new)}


def _plain_value(measure: Measure, form: Form, name: str) -> Any:
    if measure.kind in (NONE, DERIVED):
        return measure.kind or None
    if measure.kind == CHANCES:
        return _chances(measure, form, name)
    if measure.kind not in KINDS:
        form.wrong.setdefault(name, suggest(measure.kind, KINDS))
        return None
    if measure.kind == EXPERTS:
        value = _experts(measure.experts, form, name)
    else:
        value = _of_parts(measure, form, name)
    if value is not None:
        try:
            parse_value(value)
        except PydanticCustomError as error:
            form.wrong.setdefault(name, error.message())
            return None
    return value


def _of_parts(measure: Measure, form: Form, name: str) -> Any:
    parts: dict[str, Any] = {
        part: _number(getattr(measure, part), form, f"{name}-{part}") for part in _NEEDS[measure.kind]
    }
    if None in parts.values():
        return None
    if measure.kind == NUMBER:
        return parts["mode"]
    return {"normal": [parts["mode"], parts["sd"]]} if measure.kind == NORMAL else parts


def _number(text: str, form: Form, name: str) -> int | float | None:
    value = number_in(text)
    if value is None:
        form.wrong.setdefault(name, _("This is no number.") if text else _("This has to be filled in."))
        return None
    return whole(value)


def whole(value: float) -> int | float:
    """Return a number without a point if it is whole, so that the file says 5 and not 5.0."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


_EXPERT: Final = re.compile(r"(?P<numbers>[^±@]+)(?:±(?P<sd>[^@]+))?(?:@(?P<weight>.+))?")
_LINE: Final = _("A line for each expert: 60, or 50 70, or 50 60 70, or 60 ±5; a weight as @2.")


def _experts(text: str, form: Form, name: str) -> Any:
    lines = [_EXPERT.fullmatch(line) for line in text.splitlines() if line.strip()]
    values = [None if found is None else _expert(found) for found in lines]
    weights = [1.0 if found is None or not found["weight"] else number_in(found["weight"]) for found in lines]
    if not values or None in values or None in weights:
        form.wrong.setdefault(f"{name}-experts", _LINE)
        return None
    return values if len(set(weights)) == 1 else {"experts": values, "weights": weights}


def _expert(found: re.Match[str]) -> Any:
    numbers = [number_in(word) for word in found["numbers"].split()]
    if None in numbers or not 1 <= len(numbers) <= 3:
        return None
    if found["sd"]:
        sd = number_in(found["sd"])
        return {"normal": [numbers[0], sd]} if len(numbers) == 1 and sd is not None else None
    if len(numbers) == 1:
        return numbers[0]
    return dict(zip(("low", "high") if len(numbers) == 2 else ("low", "mode", "high"), numbers, strict=True))


def _chances(measure: Measure, form: Form, name: str) -> Any:
    given = {option: text for option, text in measure.chances if text}
    chances = {option: _number(text, form, f"{name}-chance-{option}") for option, text in given.items()}
    above = {option: chance for option, chance in chances.items() if chance}
    if None in chances.values():
        return None
    if any(chance < 0 for chance in above.values()) or abs(sum(above.values()) - 1) > 1e-6:
        form.wrong.setdefault(name, _("Chances lie between 0 and 1 and sum to 1."))
        return None
    return {CHANCES: above}
