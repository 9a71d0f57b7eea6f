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
LEVER = "lever"
MOVE = "move"
STATE = "state"
CONCEPT = "concept"
ATTITUDE = "attitude"
HORIZON = "horizon"
ROUTE = "route"
DEPARTURE = "departure"
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
    OTHER_ISSUE: "the other issue of a pair",
    OTHER_OPTION: "option of the other issue of a pair",
    SOLUTION: "package that a rule picks; several where they tie",
    CONFLICT: "set of parties that cannot all be satisfied, though all but any one of them can",
    COALITION: "set of parties that can all be satisfied, with no other party besides",
    BEST_FOR: "party for which the package is the best of all acceptable ones",
    RULE: "bargaining solution",
    COMMITMENT: "commitment with a strength and an aim",
    LINKAGE: "exchange across two issues",
    DIVISION: "division that the issue admits",
    DEMAND: "share that the first side demands",
    ACROSS: "point on the scale of the first issue",
    PACKAGE: "package, one option an issue",
    PRINCIPAL: "party that signs for those who ratify at home",
    UP: "point on the scale of the second issue",
    EFFICIENT: "package that cannot be made better for one party without loss to another",
    STEP: "step from one package to the next, 0 is the start",
    TRADE: "exchange between two parties on two issues",
    SIDE: "side of an exchange",
    LEVER: "single change that opens the zone of agreement",
    MOVE: "option that an actor takes or drops by itself",
    STATE: "situation: which moves are taken, and how far",
    CONCEPT: "solution concept: what an actor foresees before it moves",
    ATTITUDE: "how an actor treats what it does not know of its own preferences",
    HORIZON: "number of moves that are foreseen",
    ROUTE: "way of moves from one state to another",
    DEPARTURE: "improvement of a coalition: who leaves which state for which",
    OTHER_METHOD: "the other method of a pair",
    ANSWER: "number that the analysis asks for",
    QUANTILE: "share of possible outcomes at or below the value",
    LEVEL: "share of outcomes a central interval is said to hold",
    GROUP: "unknown, or several that are looked at as one",
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
    Label(
        "distance", "distance of the option from what the actor stands for, as share of scale", "1", 0.0, 1.0
    ),
    Label(
        "reversion_distance", "distance of what holds without agreement, as share of the scale", "1", 0.0, 1.0
    ),
    Label("commitment_strength", "0: words only, 1: cannot be broken", "1", 0.0, 1.0),
    Label("is_bound", "the commitment is the actor's", "boolean"),
    Label("breaks", "the option departs from the commitment", "boolean"),
    Label("is_given", "the option meets what is given", "boolean"),
    Label("is_got", "the option meets what is got in return", "boolean"),
    Label("bargaining_weight", "exponent of the party's gain in the product", "1", 0.0),
    # results
    Label("forecast", "expected outcome", "scale points"),
    Label("difference", "forecast with the changes minus forecast without, draw by draw", "scale points"),
    Label("forecast_quantile", "outcome below which the share of possible outcomes lies", "scale points"),
    Label("spread", "standard deviation of outcomes before they are cut at the ends", "scale points", 0.0),
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
    Label("is_complete", "the list holds all there are", "boolean"),
    Label("multiplicity", "packages that are worth the same to every party", "1", 1.0),
    Label("is_proved", "it is proved, not only found", "boolean"),
    Label("zone_probability", "share of draws in which some package is accepted by all", "1", 0.0, 1.0),
    Label("zone_probability_low", "lower end of the 95 % interval of the probability", "1", 0.0, 1.0),
    Label("zone_probability_high", "upper end of the 95 % interval of the probability", "1", 0.0, 1.0),
    Label("blocks", "the party belongs to a minimal set of parties that cannot agree", "boolean"),
    Label("blocks_alone", "without the party the others could agree", "boolean"),
    Label("block_probability", "share of draws in which the party is one that blocks", "1", 0.0, 1.0),
    Label("block_alone_probability", "share of draws in which it alone stands in the way", "1", 0.0, 1.0),
    Label("conflict_probability", "share of draws in which just these parties cannot agree", "1", 0.0, 1.0),
    Label("outside_money", "money from outside that is needed", "money", 0.0),
    Label("payment", "money the party receives; below 0: pays", "money"),
    Label("money_rate", "utility of one unit of money to the party", "utility per money", 0.0),
    Label("transfer_total", "money that changes hands in all", "money", 0.0),
    Label("lever_kind", "what is moved: no_deal, position or commitment", "name"),
    Label("lever_actor", "whose it is to move", "name"),
    Label("lever_issue", "issue or issues it concerns", "name"),
    Label("lever_size", "how far it must be moved; infinite if no move is enough", "lever's unit", 0.0),
    Label("lever_cost", "stated cost of the move", "1", 0.0),
    Label("lever_from", "where it stands", "lever's unit"),
    Label("lever_to", "where it must be moved", "lever's unit"),
    Label("is_enough", "the move opens the zone", "boolean"),
    Label("option_from", "option before, as its place in the issue's list", "index", 0.0),
    Label("option_to", "option after, as its place in the issue's list", "index", 0.0),
    Label("trade_actor", "party of the exchange", "name"),
    Label("trade_issue", "issue on which the party gives way", "name"),
    Label("trade_gain", "what the exchange adds to the utility of the actor", "utility"),
    Label("step_gain", "what the step adds to the utility of the actor", "utility"),
    Label("package_alone", "option of each issue settled on its own, as its place in the list", "index", 0.0),
    Label("is_changed", "the issue is settled otherwise than before", "boolean"),
    Label("utility_alone", "utility if every issue is settled on its own", "utility", None, 1.0),
    Label("exchange_gain", "utility that exchange across issues adds", "utility"),
    Label("converged", "the computation reached its tolerance", "boolean"),
    # results of deals
    Label("has_zone", "some package is accepted by every party", "boolean"),
    Label("is_decided", "whether there is a zone is proved", "boolean"),
    Label("volume_share", "share of all packages that every party accepts", "1", 0.0, 1.0),
    Label("volume_error", "standard error of the share, 0 where every package is counted", "1", 0.0),
    Label("volume_low", "lower end of the 95 % interval of the share", "1", 0.0, 1.0),
    Label("volume_high", "upper end of the 95 % interval of the share", "1", 0.0, 1.0),
    Label("acceptable_count", "how many packages every party accepts, NaN if only sampled", "packages", 0.0),
    Label("package_count", "how many packages there are", "packages", 1.0),
    Label("is_counted", "the share is a count, not a sample", "boolean"),
    Label("package", "option of each issue, as its place in the list; -1 for none", "index", -1.0),
    Label("settled_option", "name of the option of each issue", "text"),
    Label("slack", "utility over no deal", "utility"),
    Label("in_conflict", "the party belongs to the minimal conflict", "boolean"),
    Label("in_coalition", "the party belongs to the compatible coalition", "boolean"),
    Label("conflict_price", "weight at which the parties' slacks sum below 0 on every package", "1", 0.0),
    Label("is_in_conflict", "the party belongs to some minimal conflict", "boolean"),
    Label("conflicts_complete", "every minimal conflict and maximal coalition is listed", "boolean"),
    Label("is_blocker", "without this party alone there would be a zone", "boolean"),
    Label("ideal", "utility of the best package the party can hope for", "utility"),
    Label("normalised_gain", "gain as a share of the largest gain the party can hope for", "1"),
    Label("value", "what the rule makes largest", "the rule's own"),
    Label("bound", "what no package exceeds, by proof", "the rule's own"),
    Label("gap", "bound less value", "the rule's own", 0.0),
    Label("tie_count", "how many packages are listed as equally good", "1", 0.0),
    Label("ties_complete", "every package that is equally good is listed", "boolean"),
    Label("option_chance", "chance of the option in the lottery", "1", 0.0, 1.0),
    Label("residual", "what is left of the optimality condition", "1"),
    # back-tests
    Label("known_outcome", "what was decided", "scale points"),
    Label("mae", "mean absolute error", "per cent of scale", 0.0),
    Label("rmse", "root of the mean squared error", "per cent of scale", 0.0),
    Label("crps", "continuous ranked probability score", "per cent of scale", 0.0),
    Label("coverage", "share of outcomes that the central interval holds", "1", 0.0, 1.0),
    Label("interval_width", "mean width of the central interval", "per cent of scale", 0.0),
    Label("skill", "CRPS saved against the default method's, as a share of it", "1"),
    Label("skill_low", "lower end of the skill's 95 % interval", "1"),
    Label("skill_high", "upper end of the skill's 95 % interval", "1"),
    Label("issues", "issues that were scored", "1", 0.0),
    Label("proposals", "proposals they belong to", "1", 0.0),
    # power
    Label("shapley_shubik", "share of orders of joining in which the player decides", "1", 0.0, 1.0),
    Label("banzhaf", "the player's share of all decisive votes", "1", 0.0, 1.0),
    Label(
        "banzhaf_absolute", "chance that the player decides, the others voting at even odds", "1", 0.0, 1.0
    ),
    Label("shapley_shubik_error", "standard error of the sampled index", "1", 0.0),
    Label("banzhaf_absolute_error", "standard error of the sampled index", "1", 0.0),
    Label("deegan_packel", "expected even share of a minimal winning coalition", "1", 0.0, 1.0),
    Label("holler", "share of memberships of minimal winning coalitions", "1", 0.0, 1.0),
    Label("is_null_player", "the player's vote never decides", "boolean"),
    Label("has_veto", "nothing passes without the player", "boolean"),
    Label("is_dictator", "the player alone decides everything", "boolean"),
    Label("winning_share", "share of all coalitions that pass", "1", 0.0, 1.0),
    Label("is_proper", "no two coalitions without common member both pass", "boolean"),
    Label("is_member", "the actor belongs to the coalition", "boolean"),
    Label("can_impose", "the coalition passes what it wants against all others", "boolean"),
    Label("can_block", "nothing passes without some member of the coalition", "boolean"),
    Label("is_for", "the actor votes for the outcome", "boolean"),
    Label("is_passed", "the outcome is passed", "boolean"),
    Label("is_blocked", "the outcome is not passed", "boolean"),
    Label("is_decisive", "with this vote alone turned, the result would turn", "boolean"),
    Label("win_low", "lower end of what beats the status quo", "scale points"),
    Label("win_high", "upper end of what beats the status quo", "scale points"),
    Label("beats_status_quo", "something on the scale beats the status quo", "boolean"),
    Label("core_low", "lower end of what nothing beats", "scale points"),
    Label("core_high", "upper end of what nothing beats", "scale points"),
    Label("has_core", "something on the scale is beaten by nothing", "boolean"),
    Label("is_pivotal", "the actor's position is an end of what nothing beats", "boolean"),
    Label("is_in_win_set", "share of draws in which the point beats the status quo", "1", 0.0, 1.0),
    Label("is_in_core", "nothing beats the status quo", "boolean"),
    Label("win_set_share", "share of the plane that beats the status quo", "1", 0.0, 1.0),
    # war
    Label("win_chance", "chance that the side wins the war, in its own eyes", "1", 0.0, 1.0),
    Label("war_cost", "what war costs the side, as a share of what is at stake", "1", 0.0),
    Label("war_value", "utility of war to the side", "utility"),
    Label("range_low", "least share of the first side that it prefers to war", "1", 0.0, 1.0),
    Label("range_high", "largest share of the first side that the other prefers to war", "1", 0.0, 1.0),
    Label("range_width", "length of the bargaining range, negative where there is none", "1", -1.0, 1.0),
    Label("has_range", "some division is no worse than war to both sides", "boolean"),
    Label("division", "share of what is at stake that goes to the first side", "1", 0.0, 1.0),
    Label("is_acceptable", "the division is no worse than war to both sides", "boolean"),
    Label("power_shift", "change of the rising side's chance to win, discounted", "1"),
    Label("largest_shift", "largest such change without war", "1"),
    Label(
        "is_preventive_war", "the declining side prefers war now to any bargain that will be kept", "boolean"
    ),
    Label("acceptance_chance", "chance that the demand is accepted", "1", 0.0, 1.0),
    Label("demand_value", "expected utility of making the demand", "utility"),
    Label("best_demand", "demand with the largest expected utility", "1", 0.0, 1.0),
    Label("war_risk", "chance of war when the best demand is made", "1", 0.0, 1.0),
    Label("range_shift", "change of the middle of the bargaining range by outside support", "1"),
    # fair division and ratification
    Label("award", "part of the issue that the party receives", "1", 0.0, 1.0),
    Label("points", "points the party puts on the issue", "points", 0.0),
    Label("points_won", "points the party receives", "points", 0.0),
    Label("is_split", "the issue is divided between the parties", "boolean"),
    Label("is_ratified", "every party and its ratifiers accept the package", "boolean"),
    Label("passes_at_home", "the party and all its ratifiers accept the package", "boolean"),
    Label("win_set_size", "share of all packages that pass at home", "1", 0.0, 1.0),
    Label("win_set_size_alone", "share of all packages that the party itself accepts", "1", 0.0, 1.0),
    Label("zone_size", "share of all packages that pass everywhere", "1", 0.0, 1.0),
    Label("zone_size_alone", "share of all packages that the parties themselves accept", "1", 0.0, 1.0),
    Label("standard_error", "standard error of a sampled share, 0 where counted", "1", 0.0),
    Label("chosen_option", "place of the option that is settled on", "index", 0.0),
    Label("chosen_option_alone", "the same if nobody had to ratify", "index", 0.0),
    Label("is_settled_alone", "some package would be settled on if nobody had to ratify", "boolean"),
    Label("gain_alone", "utility over no deal if nobody had to ratify", "utility"),
    Label("gain_from_ratifiers", "what having to ratify changes for the party", "utility"),
    # stability
    Label("is_stable", "the actor does not leave the state, by the solution concept", "boolean"),
    Label("is_equilibrium", "the state is stable for every actor", "boolean"),
    Label("is_coalition_stable", "the coalition does not leave the state, by the concept", "boolean"),
    Label("is_universally_stable", "no coalition that is listed leaves the state, by the concept", "boolean"),
    Label("exit_count", "states the coalition can move to that are better for all its members", "1", 0.0),
    Label("from_state", "place of the state that is left", "index", 0.0),
    Label("to_state", "place of the state that is reached", "index", 0.0),
    Label("is_unpunished", "no reply of the others deters the coalition", "boolean"),
    Label("is_minimal", "no part of the coalition that is listed leaves for the same state", "boolean"),
    Label("is_nonmyopic", "stable for every horizon from some length on", "boolean"),
    Label("is_horizon_settled", "from some length on the verdict is the same for every horizon", "boolean"),
    Label("stable_share", "share of the horizons that recur in the end with a stable state", "1", 0.0, 1.0),
    Label("deterred_count", "improvements from equilibria that are deterred", "1", 0.0),
    Label("needed_count", "improvements that nothing would deter without the other actor", "1", 0.0),
    # agreement of methods
    Label("centre", "mean of the method's draws", "scale points"),
    Label("spread_between", "standard deviation of the methods' centres", "scale points", 0.0),
    Label(
        "spread_within", "standard deviation of the draws of a method, over all methods", "scale points", 0.0
    ),
    Label("method_share", "share of the variance that is due to the choice of method", "1", 0.0, 1.0),
    Label("apart", "how far the draws of one method must move to be those of another", "scale points", 0.0),
    Label("apart_share", "the same as a share of the length of the scale", "1", 0.0),
    Label("apart_drawn", "mean distance of two methods on the same draw", "scale points", 0.0),
    # sensitivity
    Label("answer_mean", "mean over the draws", "the answer's own"),
    Label("variance", "variance over the draws", "square of the answer's own", 0.0),
    Label(
        "interval_width", "width of the interval that holds the middle 80 % of draws", "the answer's own", 0.0
    ),
    Label("first_order", "share of the variance that would go if the group were known exactly", "1"),
    Label("first_order_error", "half the 95 % interval of the share", "1", 0.0),
    Label("total_order", "share of the variance that would stay if all but the group were known", "1"),
    Label("total_order_error", "half the 95 % interval of the share", "1", 0.0),
    Label(
        "variance_cut", "variance that would go if the group were known exactly", "square of the answer's own"
    ),
    Label("interval_cut", "width the 80 % interval would lose if the number were known", "the answer's own"),
    Label("unknown_count", "numbers that the group holds", "1", 0.0),
    Label("effect", "mean change of the answer over the range of the unknown", "the answer's own"),
    Label("effect_size", "mean size of that change", "the answer's own", 0.0),
    Label("effect_size_error", "half the 95 % interval of the mean size", "the answer's own", 0.0),
    Label("effect_spread", "standard deviation of the change: curved or entangled", "the answer's own", 0.0),
    # levers on forecasts
    Label("is_own", "the change is the actor's own to make, all others are persuasion", "boolean"),
    Label("is_one_way", "the forecast moved one way all along the search", "boolean"),
    Label("lever_forecast", "expected outcome after the change", "scale points"),
    Label("suffices_probability", "share of draws in which the change is enough", "1", 0.0, 1.0),
    Label("holds_probability", "share of draws in which the outcome comes without any change", "1", 0.0, 1.0),
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
