"""Every dimension and variable name of inputs and results, with long name, unit and range.

Nothing else in the package spells a label as a string literal of its own; a label that is not
listed here does not appear in a result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from westphalia.labels.deals import DEALS
from westphalia.labels.doubt import DOUBT
from westphalia.labels.forecasts import FORECASTS
from westphalia.labels.inputs import INPUTS
from westphalia.labels.label import Label
from westphalia.labels.networks import NETWORKS
from westphalia.labels.power import POWER
from westphalia.labels.stability import STABILITY

if TYPE_CHECKING:
    import xarray as xr

# Dimensions, singular.
DRAW = "draw"
METHOD = "method"
ISSUE = "issue"
ACTOR = "actor"
OTHER = "other_actor"
ROUND = "round"
OPTION = "option"
OTHER_OPTION = "other_option"
SOLUTION = "solution"
CONFLICT = "conflict"
COALITION = "coalition"
BEST_FOR = "best_for"
RULE = "rule"
COMMITMENT = "commitment"
LINKAGE = "linkage"
DIVISION = "division"
DEMAND = "demand"
ACROSS = "across"
UP = "up"
PRINCIPAL = "principal"
PACKAGE = "package"
EFFICIENT = "efficient"
STEP = "step"
TRADE = "trade"
SIDE = "side"
EFFECT = "effect"
LEVER = "lever"
STATEMENT = "statement"
WINDOW = "window"
STATE = "state"
CONCEPT = "concept"
ATTITUDE = "attitude"
HORIZON = "horizon"
ROUTE = "route"
DEPARTURE = "departure"
GOAL = "goal"
SWAP = "swap"
ATTRACTOR = "attractor"
OTHER_METHOD = "other_method"
ANSWER = "answer"
GROUP = "group"
QUANTILE = "quantile"
LEVEL = "level"

DIMENSIONS: dict[str, str] = {
    DRAW: "draw of the uncertain inputs",
    METHOD: "method",
    ISSUE: "issue in dispute",
    ACTOR: "actor",
    OTHER: "the other actor of a pair",
    ROUND: "bargaining round, 0 is the start",
    OPTION: "option of an issue",
    OTHER_OPTION: "option of the other issue of a pair",
    SOLUTION: "package that a rule picks; several where they tie",
    CONFLICT: "set of parties that cannot all be satisfied, though all but any one of them can",
    COALITION: "set of parties that can all be satisfied, with no other party besides",
    BEST_FOR: "party for which the package is the best of all acceptable ones",
    RULE: "bargaining solution",
    COMMITMENT: "commitment with a strength and an aim",
    LINKAGE: "two issues whose options count together",
    DIVISION: "division that the issue admits",
    DEMAND: "share that the first side demands",
    ACROSS: "point on the scale of the first issue",
    PACKAGE: "package, one option an issue",
    PRINCIPAL: "party that signs for those who ratify at home",
    UP: "point on the scale of the second issue",
    EFFICIENT: "package that cannot be made better for one party without loss to another",
    STEP: "step from one package or state to the next, 0 is the start",
    TRADE: "exchange between two parties on two issues",
    SIDE: "side of an exchange",
    EFFECT: "how an exchange concerns the actor: its own, or of its own camps (inner) or others (outer)",
    LEVER: "single change that opens the zone of agreement",
    STATEMENT: "statement about where an actor stands on an issue",
    WINDOW: "stretch of time, named by its first day or statement",
    STATE: "situation: which moves are taken, and how far",
    CONCEPT: "solution concept: what an actor foresees before it moves",
    ATTITUDE: "how an actor treats what it does not know of its own preferences",
    HORIZON: "number of moves that are foreseen",
    ROUTE: "kind of way from one state to another: by any moves, or by improvements only",
    DEPARTURE: "improvement of a coalition: who leaves which state for which",
    GOAL: "state that is asked for",
    ATTRACTOR: "states that improvements do not lead out of",
    SWAP: "two neighbouring ranks of an actor that change places",
    OTHER_METHOD: "the other method of a pair",
    ANSWER: "number that the analysis asks for",
    QUANTILE: "share of possible outcomes at or below the value",
    LEVEL: "share of outcomes a central interval is said to hold",
    GROUP: "unknown, or several that are looked at as one",
}


VARIABLES: dict[str, Label] = {
    label.name: label for label in (*INPUTS, *FORECASTS, *DEALS, *POWER, *NETWORKS, *STABILITY, *DOUBT)
}
"""Every variable by name; the families of results have a file each."""


def described(data: xr.Dataset, **attrs: Any) -> xr.Dataset:
    """Return the dataset with long names, units and ranges on every variable, and `attrs` added."""
    for name in data.variables:
        key = str(name)
        if key in VARIABLES:
            label = VARIABLES[key]
            described_as: dict[str, Any] = {"long_name": label.long_name, "units": label.unit}
            if label.low is not None:
                described_as["valid_min"] = label.low
            if label.high is not None:
                described_as["valid_max"] = label.high
            data[key].attrs = {**described_as, **data[key].attrs}
        elif key in DIMENSIONS:
            data[key].attrs = {"long_name": DIMENSIONS[key], **data[key].attrs}
    data.attrs.update(attrs)
    return data
