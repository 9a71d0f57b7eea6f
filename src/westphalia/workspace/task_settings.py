"""A setting of a task: name, type, default, bounds and a sentence; and raw values made into settings."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from westphalia.errors import CallError, suggest
from westphalia.runs.asked import REST, ZONE

Type = Literal["int", "float", "bool", "text", "choice", "choices", "names", "changes"]

MOST_TEXT = 2_000
MOST_NAMES = 100
MOST_CHANGES = 100
OPTIONS = "options"


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that a task can be told.

    `type` says what a value is: a whole number, a number, yes or no, a text, one of `choices`, several of
    them, several texts, or changes as a scenario of the case file writes them. With a default of None it
    may be left open. `sentence` says what it means, in English, marked for translation; `unit` is that of a
    number. An option of a method is called METHOD.NAME.
    """

    name: str
    type: Type
    default: Any
    choices: tuple[str, ...] = ()
    sentence: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""

    @property
    def method(self) -> str:
        """The method whose option it is, empty if it is none."""
        return self.name.partition(".")[0] if "." in self.name else ""


def checked_settings(kind: str, known: tuple[Setting, ...], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return every setting of a kind with its value, and `options` by method; see `tasks.checked`."""
    given = _flat(raw)
    names = [setting.name for setting in known]
    for name in given:
        if name not in names:
            hint = suggest(name, names)
            raise CallError(f"There is no setting '{name}'.", code="unknown-setting", where=name, hint=hint)
    values = {setting.name: _value(setting, given.get(setting.name)) for setting in known}
    settings = {setting.name: values[setting.name] for setting in known if not setting.method}
    if any(setting.method for setting in known):
        chosen = [one for one in known if one.method and values[one.name] != one.default]
        settings[OPTIONS] = _by_method({one.name: values[one.name] for one in chosen})
        _are_run(settings)
    if kind in _TOGETHER:
        _TOGETHER[kind](settings)
    return settings


def _flat(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return raw settings with each option under its full name."""
    given = dict(raw)
    nested = given.pop(OPTIONS, None) or {}
    if not isinstance(nested, Mapping) or not all(isinstance(own, Mapping) for own in nested.values()):
        raise _refused(OPTIONS, nested, 'Options stand by method: {"challenge": {"rounds": 4}}.')
    return given | {
        f"{method}.{name}": value for method, own in nested.items() for name, value in own.items()
    }


def _by_method(chosen: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    options: dict[str, dict[str, Any]] = {}
    for full, value in chosen.items():
        method, _dot, name = full.partition(".")
        options.setdefault(method, {})[name] = value
    return options


def _are_run(settings: Mapping[str, Any]) -> None:
    """Refuse an option of a method that is not among those chosen."""
    chosen = settings.get("methods") or ([settings["method"]] if "method" in settings else [])
    for method, own in settings[OPTIONS].items():
        if chosen and method not in chosen:
            name = f"{method}.{next(iter(own))}"
            message = f"An option of '{method}' is given, but it is not run."
            hint = f"Add it to the methods: {', '.join(chosen)}."
            raise CallError(message, code="option-of-idle-method", where=name, hint=hint)


# --- values ------------------------------------------------------------------------------------------


def _value(setting: Setting, raw: Any) -> Any:
    """Return a raw value as the setting's type has it. Raises CallError if it is none or out of bounds."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return setting.default
    return _READERS[setting.type](setting, raw.strip() if isinstance(raw, str) else raw)


def _whole(setting: Setting, raw: Any) -> int:
    if isinstance(raw, str) and len(raw) <= 20:
        try:
            raw = int(raw)
        except ValueError:
            raise _out_of_bounds(setting, raw) from None
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool) or not _is_within(setting, raw):
        raise _out_of_bounds(setting, raw)
    return raw


def _number(setting: Setting, raw: Any) -> float:
    if isinstance(raw, str) and len(raw) <= 40:
        try:
            raw = float(raw.replace("−", "-"))
        except ValueError:
            raise _out_of_bounds(setting, raw) from None
    if not isinstance(raw, int | float) or isinstance(raw, bool) or not _is_within(setting, raw):
        raise _out_of_bounds(setting, raw)
    return float(raw)


def _is_within(setting: Setting, value: float) -> bool:
    low = -math.inf if setting.low is None else setting.low
    high = math.inf if setting.high is None else setting.high
    return abs(value) < 1e15 and low <= value <= high


_SAID: Final = dict.fromkeys(("on", "true", "yes", "1"), True) | dict.fromkeys(
    ("off", "false", "no", "0"), False
)


def _yes(setting: Setting, raw: Any) -> bool:
    said = raw if isinstance(raw, bool) else _SAID.get(str(raw).lower())
    if said is None:
        raise _refused(setting.name, raw, "Allowed: yes or no.")
    return said


def _text(setting: Setting, raw: Any) -> str:
    if not isinstance(raw, str) or len(raw) > MOST_TEXT:
        raise _refused(setting.name, raw, f"A text of at most {MOST_TEXT} characters is needed.")
    return raw


def _choice(setting: Setting, raw: Any) -> str:
    if raw not in setting.choices:
        raise _refused(setting.name, raw, suggest(str(raw), setting.choices))
    return str(raw)


def _several(setting: Setting, raw: Any) -> list[str]:
    chosen = [_choice(setting, one) for one in _names(setting, raw)]
    return [one for one in setting.choices if one in chosen]


def _names(setting: Setting, raw: Any) -> list[str]:
    """Return texts: a list, or one text with a name a line or between commas."""
    parts = raw.replace("\n", ",").split(",") if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple) or len(parts) > MOST_NAMES:
        raise _refused(setting.name, raw, f"At most {MOST_NAMES} names are needed.")
    return list(dict.fromkeys(_text(setting, part).strip() for part in parts if part != ""))


def _changes(setting: Setting, raw: Any) -> list[dict[str, Any]]:
    """Return changes as a scenario of the case file writes them; each is checked for its form alone."""
    from westphalia.case.scenarios import change_of

    if isinstance(raw, str):
        try:
            raw = json.loads(raw[: MOST_CHANGES * MOST_TEXT])
        except (ValueError, RecursionError):
            raise _refused(setting.name, raw, "A list of changes as JSON is needed.") from None
    if not isinstance(raw, list | tuple) or len(raw) > MOST_CHANGES:
        raise _refused(setting.name, raw, f"A list of at most {MOST_CHANGES} changes is needed.")
    for one in raw:
        if not isinstance(one, dict):
            raise _refused(setting.name, one, 'A change is such as {"remove": "germany"}.')
    return [change_of(dict(one), f"{setting.name} {at}").plain() for at, one in enumerate(raw, start=1)]


_READERS: Final[dict[Type, Callable[[Setting, Any], Any]]] = {
    "int": _whole,
    "float": _number,
    "bool": _yes,
    "text": _text,
    "choice": _choice,
    "choices": _several,
    "names": _names,
    "changes": _changes,
}


def _out_of_bounds(setting: Setting, raw: Any) -> CallError:
    kind = "a whole number" if setting.type == "int" else "a number"
    low = "" if setting.low is None else f" from {setting.low:g}"
    high = "" if setting.high is None else f" to {setting.high:g}"
    return _refused(setting.name, raw, f"Allowed: {kind}{low}{high}.")


def _refused(name: str, raw: Any, hint: str) -> CallError:
    given = str(raw)
    shown = given if len(given) <= 60 else f"{given[:60]}…"
    return CallError(f"'{name}' cannot be '{shown}'.", code="bad-setting", where=name, hint=hint)


# --- what goes together ------------------------------------------------------------------------------


def _one_wish(settings: Mapping[str, Any]) -> None:
    """Refuse a lever without a wish, or with one that does not go with what is to change."""
    of, ends = settings["of"], [name for name in ("at_most", "at_least") if settings[name] is not None]
    if not of:
        hint = f"Name an issue, '{ZONE}', or '{REST}' with a state."
        raise CallError("What is to change is not said.", code="bad-wish", where="of", hint=hint)
    is_forecast = of != ZONE and not of.startswith(REST)
    if is_forecast and len(ends) != 1:
        hint = "Give either the most or the least that the forecast may be."
        raise CallError("A forecast needs one point to reach.", code="bad-wish", where="at_most", hint=hint)
    if not is_forecast and ends:
        hint = "Leave it out: it goes with an issue."
        raise CallError(f"'{of}' is not a point on a scale.", code="bad-wish", where=ends[0], hint=hint)


def _one_trial(settings: Mapping[str, Any]) -> None:
    """Refuse scenarios and changes at once."""
    if settings["scenarios"] and settings["changes"]:
        message = "Changes and scenarios cannot be tried in one run."
        hint = "Leave out the scenarios, or the changes."
        raise CallError(message, code="two-kinds", where="changes", hint=hint)


_TOGETHER: Final[dict[str, Callable[[Mapping[str, Any]], None]]] = {
    "levers": _one_wish,
    "whatif": _one_trial,
}
