"""What methods take."""

from __future__ import annotations

from westphalia.labels.label import Label

INPUTS = (
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
    Label("linked_issue", "issue of the option in an interaction", "text"),
    Label("other_issue", "issue of the other option in an interaction", "text"),
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
)
