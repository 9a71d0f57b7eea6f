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
EFFECT = "effect"
LEVER = "lever"
STATEMENT = "statement"
WINDOW = "window"

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
    EFFECT: "how an exchange concerns the actor: its own, or of its own camps (inner) or others (outer)",
    LEVER: "single change that opens the zone of agreement",
    STATEMENT: "statement about where an actor stands on an issue",
    WINDOW: "stretch of time, named by its first day or statement",
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


POINTS = "salience times hundredths of the scale"

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
    Label("outcome", "expected outcome with the method's own error added", "scale points"),
    Label("median", "position of the weighted median actor", "scale points"),
    Label("mean", "weighted mean of positions", "scale points"),
    Label("path", "expected outcome at the end of each round", "scale points"),
    Label("position_path", "position at the end of each round", "scale points"),
    Label("risk_exponent", "risk exponent r of the actor", "1", 0.5, 2.0),
    Label("win_probability", "chance that the actor prevails, over the other where it is about a pair", "1", 0.0, 1.0),
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
    # spatial model of politics
    Label("ideal_adjustment", "share in which the actor's ideal follows the other's position", "1", 0.0, 1.0),
    Label("spread", "standard deviation over the positions that may win", "scale points", 0.0),
    Label("final_position", "position at the end of bargaining", "scale points"),
    Label("risk_attitude", "attitude to risk at the start, above 0: averse", "1", -1.0, 1.0),
    Label("rounds_played", "rounds until bargaining stopped", "rounds", 0.0),
    Label("stop_ratio", "length of all moves as a share of those of the first round", "1", 0.0),
    Label("position_probability", "chance of the actor's position to win if nobody minds risk", "1", 0.0, 1.0),
    Label("target", "actor that the actor challenges, as its place among the actors, -1 for none", "index"),
    Label("challenge_probability", "chance to prevail over the target, as the actor sees it", "1", 0.0, 1.0),
    Label("challenge_gain", "what the actor expects to gain by the challenge", "utility"),
    Label("proposer", "actor whose proposal the actor took, -1 if it stayed", "index"),
    Label("receiver", "actor to whom that proposal was made, -1 if the actor stayed", "index"),
    Label("choice_probability", "chance of what the actor took to win among its choices", "1", 0.0, 1.0),
    Label("choice_count", "what the actor could choose among, staying included", "1", 0.0),
    # position exchange
    Label("start", "compromise mean at the start", "scale points"),
    Label("voting_path", "voting position at the end of each round", "scale points"),
    Label("reckoned_gain", "gain of the actor by its exchanges of the round, as partners reckon it", POINTS),
    Label("externality", "what exchanges of the round brought the actor, by the outcome", POINTS),
    Label("externality_between", "what exchanges of the actor brought the other actor", POINTS),
    Label("candidate_count", "exchanges that were possible when the round began", "exchanges", 0.0),
    Label("realised_count", "exchanges realised in the round", "exchanges", 0.0),
    Label("trade_round", "round of the exchange, 0 after the last", "rounds", 0.0),
    Label("trade_from", "voting position of the party before the exchange", "scale points"),
    Label("trade_to", "voting position of the party after the exchange", "scale points"),
    Label("outcome_before", "outcome before the exchange, as the partners know it", "scale points"),
    Label("outcome_after", "outcome after the exchange, as the partners know it", "scale points"),
    Label("trade_reckoned_gain", "what the exchange adds for the party, as partners reckon it", POINTS),
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
    # influence and networks
    Label("hears", "consultations in which the actor heard the other", "consultations", 0.0),
    Label("settled_position", "position when opinions have settled", "scale points"),
    Label("influence_weight", "part of the other's first opinion in the actor's settled one", "1", 0.0, 1.0),
    Label("mean_influence", "part of the actor's first opinion in the mean settled one", "1", 0.0, 1.0),
    Label("statement_actor", "whose statement it is, as its place among the actors", "index", 0.0),
    Label("statement_issue", "issue it is about, as its place among the issues", "index", 0.0),
    Label("stance", "where it puts the actor, as share of the scale, or as place of the option", "1", 0.0),
    Label("reliance", "how much the statement counts by how it is told", "1", 0.0, 1.0),
    Label("day", "first day that the statement's date covers, else its source's", "date"),
    Label("mode", "how the source gives the statement", "name"),
    Label("speaker", "who speaks", "name"),
    Label("teller", "who tells it to the reader", "name"),
    Label("source", "text that holds the statement", "name"),
    Label("is_nominal", "the issue has options without order", "boolean"),
    Label("window_start", "first day of the window", "date"),
    Label("window_end", "last day of the window", "date"),
    Label("statement_count", "statements that count in the window", "statements", 0.0),
    Label("affiliation", "tie of the actor to the issue", "weight"),
    Label("mentions", "statements of the actor on the issue, by weight", "statements", 0.0),
    Label("mean_stance", "mean of the statements' stances, as share of the scale", "1", 0.0, 1.0),
    Label("overlap", "how much the two speak about the same issues", "weight", 0.0),
    Label("congruence", "how much the two agree on the issues they share", "weight", 0.0),
    Label("conflict", "how much the two disagree on the issues they share", "weight", 0.0),
    Label("subtract", "congruence less conflict", "weight"),
    Label("strength", "sum of the actor's ties", "weight", 0.0),
    Label("betweenness", "share of shortest paths between others that lead over the actor", "1", 0.0, 1.0),
    Label("constraint", "Burt's constraint: low where ties reach into parts that do not meet", "1", 0.0),
    Label("bloc", "bloc of the actor, the largest is 0; -1 without any tie", "index", -1.0),
    Label("bloc_count", "blocs of at least two actors", "blocs", 0.0),
    Label("modularity", "ties inside blocs beyond what chance would give", "1", -1.0, 1.0),
    Label("camp", "side of the actor in the best split in two; -1 without any tie", "index", -1.0, 1.0),
    Label("camp_share", "share of congruence inside camps and conflict between them", "1", 0.0, 1.0),
    Label("polarisation", "Esteban and Ray's polarisation; 1: two equal camps at the ends", "1", 0.0),
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
