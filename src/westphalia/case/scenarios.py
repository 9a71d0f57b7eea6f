"""The section `scenarios` of a case file: named sets of changes to try, and their short form.

A change is written the same way in the file and, shorter, on the command line
(``usa.territory.position=40``, ``eu:territory:+10``). What it does to a case is told in
`westphalia.case.changes`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

import pydantic
from pydantic import BeforeValidator, Field, WithJsonSchema

from westphalia.case.text.reading import compose
from westphalia.errors import CallError, CaseError
from westphalia.fields import Backed, Id, Ids, Model, TextField, refuse

Kind = Literal["set", "remove", "add_actor", "add_commitment", "shift", "scale_capability"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_GOES_WITH: dict[Kind, tuple[str, ...]] = {
    "set": ("to",),
    "remove": (),
    "add_actor": ("stands", "capability", "no_deal"),
    "add_commitment": (),
    "shift": ("on", "by"),
    "scale_capability": ("by", "on"),
}
_NEEDS: dict[Kind, tuple[str, ...]] = {
    "set": ("to",),
    "add_actor": ("stands", "capability"),
    "shift": ("on", "by"),
    "scale_capability": ("by",),
}


def _part(raw: object) -> object:
    if not isinstance(raw, dict) or not raw:
        raise refuse("bad-change", "A mapping of keys and values is needed, as in the rest of the file.")
    return raw


_PART_SCHEMA = WithJsonSchema({"type": "object", "minProperties": 1})
PartField = Annotated[dict[str, Any], BeforeValidator(_part), _PART_SCHEMA]
"""A part of a case as the file writes it; it is checked in full when the change is tried."""


class Change(Model):
    """One change: exactly one of set, remove, add_actor, add_commitment, shift, scale_capability."""

    set: str | None = Field(None, description="what is set: usa.territory.position, usa.capability, …")
    to: Any = Field(None, description="the new value, in any form of the case file")
    remove: Id | None = Field(None, description="the actor that no longer takes part")
    add_actor: PartField | None = Field(None, description="a new actor, as under actors")
    stands: PartField | None = Field(None, description="its stands by issue")
    capability: Any = Field(None, description="its capability")
    no_deal: Any = Field(None, description="its utility without agreement")
    add_commitment: PartField | None = Field(None, description="a new commitment, as under commitments")
    shift: Ids = Field((), description="the actors or blocs whose positions are shifted")
    scale_capability: Ids = Field((), description="the actors or blocs whose capability is multiplied")
    on: Id | None = Field(None, description="the issue")
    by: float | None = Field(None, description="scale points of a shift, or the factor of a scaling")

    @pydantic.model_validator(mode="after")
    def _one_kind(self) -> Change:
        given = [name for name in KINDS if getattr(self, name)]
        if len(given) != 1:
            found = f"{len(given)} things at once: {', '.join(given)}" if given else "nothing"
            raise refuse("bad-change", f"A change does {found}. Give one of {', '.join(KINDS)}.")
        self._check_companions(given[0])
        return self

    def _check_companions(self, kind: Kind) -> None:
        """Refuse keys that do not go with the kind of change, and a size that is none."""
        fields = sorted(self.model_fields_set - {kind})
        wrong = [name for name in fields if name not in _GOES_WITH[kind]]
        if wrong:
            takes = ", ".join(_GOES_WITH[kind]) or "nothing else"
            raise refuse("bad-change", f"'{wrong[0]}' does not go with '{kind}', which takes {takes}.")
        missing = [name for name in _NEEDS.get(kind, ()) if name not in fields]
        if missing:
            raise refuse("bad-change", f"'{kind}' needs '{missing[0]}' beside it.")
        if self.by is not None and not math.isfinite(self.by):
            raise refuse("bad-change", f"'by' is {self.by}: a finite number is needed.")
        if kind == "scale_capability" and not (self.by or 0.0) > 0:
            raise refuse(
                "bad-change", f"Capability is multiplied by {self.by:g}: a factor above 0 is needed."
            )

    @property
    def kind(self) -> Kind:
        """What the change does."""
        return next(name for name in KINDS if getattr(self, name))

    def plain(self) -> dict[str, Any]:
        """Return the change as the case file writes it."""
        return {name: _short(getattr(self, name)) for name in type(self).model_fields if self._has(name)}

    def _has(self, name: str) -> bool:
        return name in self.model_fields_set

    def __str__(self) -> str:
        return str(_SPOKEN[self.kind](self))


def _short(value: Any) -> Any:
    """Return a list of one name as that name."""
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else list(value)
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float | int:
    return int(value) if value.is_integer() else value


def _spoken_scale(change: Change) -> str:
    where = f" on {change.on}" if change.on else ""
    return f"capability of {', '.join(change.scale_capability)}{where} × {change.by:g}"


_SPOKEN: Mapping[Kind, Any] = {
    "set": lambda change: f"{change.set} = {_written(change.to)}",
    "remove": lambda change: f"without {change.remove}",
    "add_actor": lambda change: f"with {change.add_actor.get('id')}",
    "add_commitment": lambda change: f"with the commitment {change.add_commitment.get('id')}",
    "shift": lambda change: f"{', '.join(change.shift)} on {change.on} {change.by:+g}",
    "scale_capability": _spoken_scale,
}


def _written(value: Any) -> str:
    if isinstance(value, dict) and {"low", "high"} <= set(value):
        return f"{value['low']} to {value['high']}"
    return str(value)


class Scenario(Backed):
    """A named set of changes to the case, tried together in their order."""

    id: Id
    title: TextField
    changes: tuple[Change, ...] = Field(min_length=1)

    def plain(self) -> dict[str, Any]:
        """Return the scenario as the case file writes it."""
        said = self.model_dump(mode="json", exclude_defaults=True, exclude={"changes"})
        return {**said, "changes": [change.plain() for change in self.changes]}


# --- the short form of the command line ----------------------------------------------------------


def read_setting(text: str) -> Change:
    """Return the change that ``usa.territory.position=40`` means.

    Raises
    ------
    CallError: the text has another form.
    """
    path, equals, value = text.partition("=")
    if not (equals and path.strip() and value.strip()):
        raise _misread(text, "PATH=VALUE, such as usa.territory.position=40")
    return change_of({"set": path.strip(), "to": _yaml(value)}, text)


def read_removal(text: str) -> Change:
    """Return the change that takes an actor out."""
    return change_of({"remove": text.strip()}, text)


def read_actor(text: str) -> Change:
    """Return the change that adds an actor: ``{id: …, name: …, kind: …, stands: …, capability: …}``.

    Raises
    ------
    CallError: the text is no such mapping.
    """
    tree = _yaml(text)
    if not isinstance(tree, dict):
        stand = "stands: {border: {position: 40, salience: 0.5}}"
        raise _misread(text, f"{{id: east, name: East, kind: state, {stand}, capability: 20}}")
    beside = {name: tree.pop(name) for name in _GOES_WITH["add_actor"] if name in tree}
    return change_of({"add_actor": tree, **beside}, text)


def read_commitment(text: str) -> Change:
    """Return the change that adds a commitment, written as in the case file."""
    tree = _yaml(text)
    if not isinstance(tree, dict):
        raise _misread(text, "{id: pact, by: north, to: south, content: …, about: {issue: …, value: …}}")
    return change_of({"add_commitment": tree}, text)


def read_shift(text: str) -> Change:
    """Return the change that ``eu:territory:+10`` means.

    Raises
    ------
    CallError: the text has another form.
    """
    parts = [part.strip() for part in text.split(":")]
    if len(parts) != 3 or _float(parts[2]) is None:
        raise _misread(text, "WHO:ISSUE:POINTS, such as eu:territory:+10")
    return change_of({"shift": _names(parts[0]), "on": parts[1], "by": _float(parts[2])}, text)


def read_scaling(text: str) -> Change:
    """Return the change that ``usa:1.5`` or ``usa:territory:1.5`` means.

    Raises
    ------
    CallError: the text has another form.
    """
    parts = [part.strip() for part in text.split(":")]
    if len(parts) not in (2, 3) or _float(parts[-1]) is None:
        raise _misread(text, "WHO:FACTOR or WHO:ISSUE:FACTOR, such as usa:1.5")
    where = {"on": parts[1]} if len(parts) == 3 else {}
    return change_of({"scale_capability": _names(parts[0]), **where, "by": _float(parts[-1])}, text)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _float(text: str) -> float | None:
    is_number = re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", text)
    return float(text) if is_number else None


def _yaml(text: str) -> Any:
    try:
        places, findings = compose(f"value: {text.strip()}\n", "the call")
    except CaseError as error:
        findings = list(error.findings)
    if findings:
        raise CallError(
            f"'{text.strip()}' cannot be read: {findings[0].message}",
            code="bad-change",
            hint=findings[0].hint,
        )
    return places.root.plain()["value"]


def change_of(tree: dict[str, Any], text: str) -> Change:
    """Return the change that a scenario of the case file would write so; `text` is how errors call it.

    Raises
    ------
    CallError: it is no change.
    """
    try:
        return Change.model_validate(tree)
    except pydantic.ValidationError as error:
        raise _refused(error, text) from None


def new_scenario(
    name: str, title: str | None, changes: tuple[Change, ...], note: str | None = None
) -> Scenario:
    """Return a scenario of changes; its name stands in for a title.

    Raises
    ------
    CallError: the name cannot be an id, or there is no change.
    """
    if not changes:
        message = "A scenario needs at least one change."
        raise CallError(
            message, code="no-change", where=name, hint="Give --set, --remove, --shift or another."
        )
    tree = {"id": name, "title": title or name, "changes": changes, **({"note": note} if note else {})}
    try:
        return Scenario.model_validate(tree)
    except pydantic.ValidationError as error:
        raise _refused(error, name) from None


def _refused(error: pydantic.ValidationError, text: str) -> CallError:
    """Return the first thing the models refuse, in our own words."""
    first = error.errors(include_url=False)[0]
    context = first.get("ctx", {})
    said = str(context.get("message", f"{first['loc'][-1] if first['loc'] else ''}: {first['msg']}"))
    return CallError(said, code=str(context.get("code", "bad-change")), where=text)


def _misread(text: str, form: str) -> CallError:
    return CallError(f"'{text}' is no change.", code="bad-change", hint=f"Write {form}.")
