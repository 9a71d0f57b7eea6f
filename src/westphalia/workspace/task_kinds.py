"""The settings of every kind of task, as a form shows them; defaults are those of the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from westphalia.language import LANGUAGES
from westphalia.language import marked as _
from westphalia.registry import MethodSpec, Option, registered
from westphalia.runs.asked import CONCEPT, CONCEPTS
from westphalia.workspace.task_settings import Setting, Type

MOST_DRAWS = 100_000
"""Draws that a run of the workbench may take: a gigabyte on a large case. The command line takes more."""

JUDGED: Final = ("nash", "gmr", "smr", "seq", "sseq")
"""Concepts by which one state can be judged draw by draw."""

_SEED = Setting("seed", "int", 1, (), _("Same seed, same result."), 0, 2**31 - 1)
_LANGUAGE = Setting(
    "language", "choice", "en", LANGUAGES, _("Language of the case's texts, where the case has it.")
)
_TIES = (
    Setting("one_expert", "bool", False, (), _("Believe one expert in all of a draw, not one a value.")),
    Setting(
        "capability_factor",
        "float",
        1.0,
        (),
        _("Each actor's capability may be so many times too high or low, on all issues at once."),
        1,
        1000,
    ),
)
_DEALS = (
    Setting(
        "loss",
        "choice",
        "linear",
        ("linear", "quadratic"),
        _("How utility falls with the distance from a party's position."),
    ),
    Setting(
        "points",
        "int",
        11,
        (),
        _("Even points of a continuous issue that are options beside its stated points."),
        2,
        201,
    ),
    Setting("ratifiers", "bool", True, (), _("Count those who must agree at home.")),
    Setting("commitments", "bool", True, (), _("Count what it costs to break a commitment.")),
    Setting("linkages", "bool", True, (), _("Count exchanges across issues that the case states.")),
    Setting(
        "time_limit",
        "float",
        60.0,
        (),
        _("Seconds each search may take; what it proved by then is told."),
        1,
        600,
        "s",
    ),
)
_STABILITY = (
    Setting("concepts", "choices", list(CONCEPTS), CONCEPTS, _("Concepts by which states are judged.")),
    Setting(
        "state",
        "text",
        None,
        (),
        _("Why each actor stays in this state or leaves it: Y or N a move, or “today”."),
    ),
    Setting(
        "wish",
        "text",
        None,
        (),
        _("What would bring a state to rest in which this statement over moves holds."),
    ),
)
_DOUBT = (
    Setting(
        "base_draws",
        "int",
        512,
        (),
        _("Size of each of the two samples that tell what drives the answer."),
        16,
        16_384,
    ),
    Setting("tried_draws", "int", 500, (), _("Draws on which changes and scenarios are tried."), 10, 10_000),
)
_CONCEPT = Setting("concept", "choice", CONCEPT, JUDGED, _("By which concept a state is at rest."))
_SENSITIVITY = (
    Setting(
        "of",
        "names",
        [],
        (),
        _(
            "Issues, “zone” (is any package accepted by all), “acceptance” (does each party accept what the "
            "mean expects), or “rest:today” (is this state at rest); all issues on a scale if none."
        ),
    ),
    Setting(
        "by",
        "choice",
        "value",
        ("value", "actor", "issue", "source", "statement"),
        _("Look at each number alone, or together at those of an actor, an issue, a source, a statement."),
    ),
    _CONCEPT,
)
_LEVERS = (
    Setting(
        "of",
        "text",
        None,
        (),
        _(
            "What is to change: an issue's forecast, “zone”, which is to open, or “rest:today”, which is to "
            "be at rest."
        ),
    ),
    Setting("at_most", "float", None, (), _("The forecast wished for: at most this point of the scale.")),
    Setting("at_least", "float", None, (), _("The forecast wished for: at least this point of the scale.")),
    Setting("by", "text", None, (), _("Tell this actor's own moves from persuasion of others.")),
    replace(_CONCEPT, sentence=_("By which concept the state is to be at rest.")),
    Setting(
        "most_edits",
        "int",
        2,
        (),
        _("Changes of an actor's list of wishes that are tried at most, to bring a state to rest."),
        0,
        6,
    ),
)
_COSTS = (
    Setting("cost_of_position", "float", 1.0, (), _("Cost of a move over the whole scale."), 0),
    Setting(
        "cost_of_salience", "float", 1.0, (), _("Cost of a change from not caring at all to caring most."), 0
    ),
    Setting("cost_of_capability", "float", 1.0, (), _("Cost of as much capability again as there is."), 0),
)
_WHATIF = (
    Setting(
        "scenarios", "names", [], (), _("Scenarios of the case by id; all if neither these nor changes.")
    ),
    Setting("changes", "changes", [], (), _("Changes to try, made in this order; the file stays as it is.")),
    Setting("title", "text", None, (), _("What the changes are called.")),
)
_REPORT = (
    Setting("deals", "bool", True, (), _("With a chapter on packages that all would accept.")),
    Setting("stability", "bool", True, (), _("With a chapter on where the conflict comes to rest.")),
    Setting("doubt", "bool", True, (), _("With a chapter on what the answer hangs on.")),
)
_EVERY = _("Methods to run; all if none is chosen.")
_BESIDE = _("Methods to run beside the mean and the predictive distribution; all if none is chosen.")
_APART = _("Methods whose forecasts are taken apart; the compromise mean if none is chosen.")


@lru_cache(maxsize=1)
def settings_by_kind() -> Mapping[str, tuple[Setting, ...]]:
    """Return the settings of every kind of task; loading the methods takes two seconds once."""
    from westphalia.methods import load_all

    load_all()
    forecasting = [spec for spec in registered() if spec.takes != "packages"]
    on_scales = [spec for spec in forecasting if spec.forecast is not None and spec.takes == "scaled"]
    rivals = [spec for spec in on_scales if spec.id != "predictive"]
    every, options = _methods(forecasting, _EVERY), _options(forecasting)
    return {
        "forecast": (_draws(2000), _SEED, every, *_TIES, _LANGUAGE, *options),
        "deals": (_draws(2000), _SEED, *_DEALS, *_TIES, _LANGUAGE),
        "stability": (_draws(2000), _SEED, *_STABILITY, _LANGUAGE),
        "networks": (_draws(2000), _SEED, _LANGUAGE),
        "doubt": (_draws(2000), _SEED, every, *_DOUBT, _LANGUAGE, *options),
        "sensitivity": (
            _draws(4096, 65_536, _("Size of each of the two base samples, best a power of two.")),
            _SEED,
            *_SENSITIVITY,
            _methods(rivals, _APART),
            *_TIES,
            _LANGUAGE,
            *_options(rivals),
        ),
        "levers": (
            _draws(500, 10_000, _("Draws on which each change is tried.")),
            _SEED,
            *_LEVERS,
            Setting("method", "choice", "mean", _ids(rivals), _("The method whose forecast is to move.")),
            *_COSTS,
            *_TIES,
            _LANGUAGE,
            *_options(rivals),
        ),
        "whatif": (_draws(2000), _SEED, *_WHATIF, _methods(forecasting, _BESIDE), _LANGUAGE, *options),
        "report": (_draws(2000), _SEED, every, *_REPORT, _LANGUAGE, *options),
    }


def _ids(specs: Iterable[MethodSpec]) -> tuple[str, ...]:
    return tuple(spec.id for spec in specs)


def _draws(
    default: int, most: int = MOST_DRAWS, sentence: str = _("Draws of the uncertain inputs.")
) -> Setting:
    return Setting("draws", "int", default, (), sentence, 1, most)


def _methods(specs: Iterable[MethodSpec], sentence: str) -> Setting:
    return Setting("methods", "choices", [], _ids(specs), sentence)


_TYPES: Final[dict[object, Type]] = {int: "int", float: "float", bool: "bool"}


def _options(specs: Iterable[MethodSpec]) -> tuple[Setting, ...]:
    """Return the options of methods, read off their signatures."""
    return tuple(_option(spec.id, option) for spec in specs for option in spec.options)


def _option(method: str, option: Option) -> Setting:
    kind: Type = "choice" if option.choices else _TYPES.get(option.type, "text")
    param = option.param
    unit = "" if param.unit == "1" else param.unit
    return Setting(
        f"{method}.{option.name}",
        kind,
        option.default,
        option.choices,
        param.sentence,
        param.low,
        param.high,
        unit,
    )
