"""The register of methods: what each is called, answers, needs and gives, and where it comes from.

The register knows no method by name. Each method file registers its own SPEC; options are read off
the signature of its function, which is their only home: command-line flags, form fields, checks
and the table in the docs are made from it.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args, get_origin

import pydantic

from westphalia.errors import CallError, suggest


@dataclass(frozen=True, slots=True)
class Param:
    """What an option of a method means: one sentence, its unit and its bounds.

    Stands in the `Annotated` type of a keyword-only parameter of a method's public function.
    """

    sentence: str
    unit: str = "1"
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """An option as read off the signature: name, type, default, choices, and its Param."""

    name: str
    type: Any
    default: Any
    choices: tuple[str, ...]
    param: Param


@dataclass(frozen=True)
class MethodSpec:
    """Everything the faces and the docs need to know of a method.

    `run` takes labelled arrays named as in `inputs` and keyword-only options, and returns a
    Dataset. `takes` says whether it works on issues with a scale, on nominal ones, or on the packages
    of all issues; for those `run` takes one Dataset of deal inputs and no draws. `sources` are
    keys of `docs/references.bib`. `forecast` names the result variable over issues that compares
    with other methods' forecasts, if there is one.
    """

    id: str
    title: str
    question: str
    family: str
    run: Callable[..., Any]
    outputs: tuple[str, ...]
    sources: tuple[str, ...]
    limits: str
    cost: str
    takes: Literal["scaled", "nominal", "packages"] = "scaled"
    forecast: str | None = None
    invariances: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Names of the labelled arrays `run` takes, in order; see `needed` for those without default."""
        return labelled_inputs(self.run)

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """Names of the labelled arrays that `run` cannot do without."""
        parameters = inspect.signature(self.run).parameters
        return tuple(name for name in self.inputs if parameters[name].default is inspect.Parameter.empty)

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The options of the method, read off its signature."""
        parameters = inspect.signature(self.run).parameters
        hints = _option_hints(self.run)
        return tuple(_option(self.id, name, hint, parameters[name].default) for name, hint in hints.items())

    @cached_property
    def model(self) -> type[pydantic.BaseModel]:
        """The pydantic model of the options, with bounds and defaults."""
        fields: dict[str, Any] = {}
        for option in self.options:
            bounds = {"ge": option.param.low, "le": option.param.high}
            stated: dict[str, Any] = {key: bound for key, bound in bounds.items() if bound is not None}
            info = pydantic.Field(option.default, description=option.param.sentence, **stated)
            fields[option.name] = (option.type, info)
        config = pydantic.ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
        return pydantic.create_model(f"{self.id}_options", __config__=config, **fields)

    def checked(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return all options of the method with `options` over the defaults.

        Raises
        ------
        CallError: an option the method does not have, or a value out of its bounds.
        """
        known = [option.name for option in self.options]
        for name in options:
            if name not in known:
                raise CallError(
                    f"The method '{self.id}' has no option '{name}'.",
                    code="unknown-option",
                    where=f"{self.id}.{name}",
                    hint=suggest(name, known) if known else "It has no options.",
                )
        try:
            return dict(self.model(**options))
        except pydantic.ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            raise CallError(
                f"Option '{name}' of '{self.id}' cannot be {first['input']!r}.",
                code="bad-option",
                where=f"{self.id}.{name}",
                hint=_allowed(next(option for option in self.options if option.name == name)),
            ) from None


def labelled_inputs(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the labelled arrays a function takes: its parameters that are not keyword-only."""
    parameters = inspect.signature(function).parameters.values()
    return tuple(p.name for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _option_hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the types of the options alone: those of the inputs may name what is imported for types only."""
    parameters = inspect.signature(function).parameters.values()
    names = [p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY]
    options = types.FunctionType(function.__code__, function.__globals__)
    options.__annotations__ = {name: function.__annotations__[name] for name in names}
    return typing.get_type_hints(options, include_extras=True)


def _option(method: str, name: str, hint: Any, default: Any) -> Option:
    if get_origin(hint) is not typing.Annotated or default is inspect.Parameter.empty:
        raise TypeError(f"{method}: option '{name}' needs Annotated[type, Param(...)] and a default")
    kind, *notes = get_args(hint)
    param = next((note for note in notes if isinstance(note, Param)), None)
    if param is None:
        raise TypeError(f"{method}: option '{name}' has no Param")
    choices = tuple(map(str, get_args(kind))) if get_origin(kind) is Literal else ()
    return Option(name, kind, default, choices, param)


def _allowed(option: Option) -> str:
    if option.choices:
        return f"Allowed: {', '.join(option.choices)}."
    kind = {int: "a whole number", float: "a number", bool: "true or false"}.get(option.type, "a text")
    low, high = option.param.low, option.param.high
    if low is not None and high is not None:
        return f"Allowed: {kind} from {low:g} to {high:g} ({option.param.unit})."
    if low is not None:
        return f"Allowed: {kind} of at least {low:g} ({option.param.unit})."
    return f"Allowed: {kind}. Default: {option.default!r}."


_METHODS: dict[str, MethodSpec] = {}


def register(spec: MethodSpec) -> MethodSpec:
    """Add a method to the register and return it; a repeated id raises ValueError."""
    if spec.id in _METHODS:
        raise ValueError(f"the method '{spec.id}' is registered twice")
    _METHODS[spec.id] = spec
    return spec


def registered() -> tuple[MethodSpec, ...]:
    """Return all registered methods by family and id."""
    return tuple(sorted(_METHODS.values(), key=lambda spec: (spec.family, spec.id)))


def find(method: str) -> MethodSpec:
    """Return the method of that id or alias.

    Raises
    ------
    CallError: there is none; the message names the nearest.
    """
    for spec in _METHODS.values():
        if method == spec.id or method in spec.aliases:
            return spec
    raise CallError(
        f"There is no method '{method}'.",
        code="unknown-method",
        where=method,
        hint=suggest(method, _METHODS),
    )
