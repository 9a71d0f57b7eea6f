"""Every dimension and variable name of inputs and results, with long name, unit and range.

Nothing else in the package spells a label as a string literal of its own; a label that is not
listed here does not appear in a result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
OTHER_ISSUE = "other_issue"
OTHER_OPTION = "other_option"
SOLUTION = "solution"
CONFLICT = "conflict"
COALITION = "coalition"
BEST_FOR = "best_for"
RULE = "rule"

DIMENSIONS: dict[str, str] = {
    DRAW: "draw of the uncertain inputs",
    METHOD: "method",
    ISSUE: "issue in dispute",
    ACTOR: "actor",
    OTHER: "the other actor of a pair",
    ROUND: "bargaining round, 0 is the start",
    OPTION: "option of an issue",
    OTHER_ISSUE: "the other issue of a pair",
    OTHER_OPTION: "option of the other issue of a pair",
    SOLUTION: "package that a rule picks; several where they tie",
    CONFLICT: "set of parties that cannot all be satisfied, though all but any one of them can",
    COALITION: "set of parties that can all be satisfied, with no other party besides",
    BEST_FOR: "party for which the package is the best of all acceptable ones",
    RULE: "bargaining solution",
}


@dataclass(frozen=True, slots=True)
class Label:
    """What a variable is: its name in full, its unit, and the range its values keep."""

    name: str
    long_name: str
    unit: str = "1"
    low: float | None = None
    high: float | None = None


def _table(*labels: Label) -> dict[str, Label]:
    return {label.name: label for label in labels}


VARIABLES: dict[str, Label] = _table(
    # inputs
    Label("position", "outcome the actor stands for", "scale points"),
    Label("salience", "share of its influence the actor would spend on the issue", "1", 0.0, 1.0),
    Label("capability", "potential influence", "ratio scale", 0.0),
    Label("has_stand", "the actor takes part in the issue", "boolean"),
    Label("scale_low", "lower end of the issue's scale", "scale points"),
    Label("scale_high", "upper end of the issue's scale", "scale points"),
    Label("reversion", "outcome if nothing is agreed", "scale points"),
    Label("has_reversion", "the case states what holds without agreement", "boolean"),
    Label("no_deal", "stated utility without agreement", "utility"),
    Label("has_no_deal", "the case states a utility without agreement", "boolean"),
    Label("is_required", "an agreement needs the actor's consent", "boolean"),
    Label("choice", "option the actor stands for, as its place in the list of options", "index", 0.0),
    Label("option_count", "number of options of the nominal issue", "1", 1.0),
    # inputs of deals
    Label("option_value", "what the option adds to the party's utility", "utility"),
    Label("option_point", "scale point of the option, or its place in the list", "scale points"),
    Label("option_label", "name of the option", "text"),
    Label("interaction", "what two options together add to the party's utility", "utility"),
    Label("base_utility", "part of the party's utility that no option changes", "utility"),
    Label("is_party", "no package is a deal without the actor's acceptance", "boolean"),
    # results
    Label("forecast", "expected outcome", "scale points"),
    Label("outcome", "expected outcome with the method's own error added", "scale points"),
    Label("median", "position of the weighted median actor", "scale points"),
    Label("mean", "weighted mean of positions", "scale points"),
    Label("path", "expected outcome at the end of each round", "scale points"),
    Label("position_path", "position at the end of each round", "scale points"),
    Label("risk_exponent", "risk exponent r of the actor", "1", 0.5, 2.0),
    Label("win_probability", "chance that the actor prevails over the other", "1", 0.0, 1.0),
    Label("utility_of_challenge", "expected utility of challenging the other actor", "utility"),
    Label("utility_of_being_challenged", "expected utility of the other's challenge, as seen by the actor"),
    Label("relation", "what the actor expects of the pair", "code"),
    Label("move", "how the actor moved in the round", "code"),
    Label("moved_by", "actor that made this actor move in the round, -1 for none", "index"),
    Label("utility", "utility of the outcome to the actor", "utility", None, 1.0),
    Label("reservation", "utility of no deal to the actor", "utility", None, 1.0),
    Label("gain", "utility over no deal", "utility"),
    Label("is_accepted", "the actor prefers the outcome to no deal or is indifferent", "boolean"),
    Label("is_settled", "every required party gains or is indifferent", "boolean"),
    Label("share", "share of weighted support", "1", 0.0, 1.0),
    Label("winner", "option with the largest weighted support, as its place in the list", "index"),
    Label("is_tie", "the lead is shared; the first of the leading places is given", "boolean"),
    Label("weight", "capability times salience", "ratio scale", 0.0),
    Label("converged", "the computation reached its tolerance", "boolean"),
    Label("residual", "what is left of the optimality condition", "1"),
)


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
