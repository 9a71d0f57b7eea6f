"""The command line that does the same as a task, so that a result can be had again without the workbench."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Final

from westphalia.case.scenarios import Change, Kind, change_of
from westphalia.runs.asked import REST, ZONE
from westphalia.workspace.tasks import Setting, Task, settings_of

_COMMANDS: Final = {"doubt": "report"}
"""Commands that are not called like the kind of task; the others are."""

_MORE: Final = {"doubt": ("--no-deals", "--no-stability")}
_REPEATED: Final = {"methods": "--method", "concepts": "--concept", "of": "--of", "scenarios": "--scenario"}
_UNSAID: Final = {
    "doubt": ("base_draws", "tried_draws"),
}
"""Settings that the command does not have: with another value than the default nothing gives the same."""

_ORDER: Final[tuple[Kind, ...]] = (
    "add_actor",
    "remove",
    "add_commitment",
    "set",
    "scale_capability",
    "shift",
)
"""In which order the command makes changes, whatever theirs in the call."""


def command_of(task: Task, case: str) -> str:
    """Return the command for a case of that name, empty if no command does the same."""
    known = {setting.name: setting for setting in settings_of(task.kind) if not setting.method}
    if any(task.settings[name] != known[name].default for name in _UNSAID.get(task.kind, ())):
        return ""
    if not _in_order(task):
        return ""
    words = ["westphalia", _COMMANDS.get(task.kind, task.kind), case, *_MORE.get(task.kind, ())]
    for name, setting in known.items():
        words += _flags(task, setting, task.settings[name])
    for method, own in task.settings.get("options", {}).items():
        words += [
            word for name, value in own.items() for word in ("--option", f"{method}.{name}={_written(value)}")
        ]
    return shlex.join(words)


def _flags(task: Task, setting: Setting, value: Any) -> Iterator[str]:
    """Yield the words that give a setting; none where it is at its default, but for draws and seed."""
    name = setting.name
    is_said = value != setting.default or name in ("draws", "seed")
    if not is_said or (name == "language" and task.kind not in ("report", "doubt")):
        return
    if task.kind == "levers" and name == "of":
        yield from _wish(value)
    elif setting.type == "changes":
        for change in value:
            yield from _change(change_of(dict(change), name))
    elif isinstance(value, list):
        for one in value:
            yield from (_REPEATED[name], one)
    elif isinstance(value, bool):
        yield f"--{'' if value else 'no-'}{name.replace('_', '-')}"
    else:
        yield from (f"--{name.replace('_', '-')}", _written(value))


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return json.dumps(value)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _wish(of: str) -> tuple[str, ...]:
    if of == ZONE:
        return ("--zone",)
    if of.startswith(REST):
        return ("--rest", of.removeprefix(REST).strip())
    return ("--on", of)


# --- changes -----------------------------------------------------------------------------------------


def _in_order(task: Task) -> bool:
    """Return whether the command would make the changes of a task in their own order."""
    kinds = [_ORDER.index(change_of(dict(one), "change").kind) for one in task.settings.get("changes", ())]
    return kinds == sorted(kinds)


def _change(change: Change) -> tuple[str, str]:
    plain: Mapping[str, Any] = change.plain()
    if change.set is not None:
        return "--set", f"{change.set}={_flow(plain['to'])}"
    if change.remove is not None:
        return "--remove", change.remove
    if change.add_commitment is not None:
        return "--commit", _flow(change.add_commitment)
    if change.add_actor is not None:
        beside = {name: part for name, part in plain.items() if name != "add_actor"}
        return "--add-actor", _flow({**change.add_actor, **beside})
    who = ",".join(change.shift or change.scale_capability)
    where = [change.on] if change.on else []
    size = f"{change.by:+.15g}" if change.shift else f"{change.by:.15g}"
    return "--shift" if change.shift else "--scale", ":".join([who, *where, size])


def _flow(value: Any) -> str:
    """Return a value as YAML reads it in one line."""
    return json.dumps(value, ensure_ascii=False)
