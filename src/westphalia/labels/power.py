"""What methods on power and coalitions give."""

from __future__ import annotations

from westphalia.labels.label import Label

POWER = (
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
)
