"""What the graph model gives."""

from __future__ import annotations

from westphalia.labels.label import Label

STABILITY = (
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
    Label("is_reachable", "some way leads there from the start", "boolean"),
    Label("way_length", "moves of the shortest way, -1 if there is none", "moves", -1.0),
    Label("way_state", "place of the state reached by the step, -1 past the end", "index", -1.0),
    Label("way_mover", "place of the actor that takes the step, -1 if nobody does", "index", -1.0),
    Label("goal_state", "place of the state that is asked for", "index", 0.0),
    Label("attractor_size", "how many states improvements go round among", "1", 1.0),
    Label("attractor_length", "fewest improvements that lead there", "moves", 0.0),
    Label("attractor_state", "place of the state of the attractor that is reached first", "index", 0.0),
    Label("attractor_of", "place of the attractor that the state belongs to, -1 for none", "index", -1.0),
    Label("equilibrium_probability", "share of draws in which the state is an equilibrium", "1", 0.0, 1.0),
    Label("equilibrium_error", "standard error of that share", "1", 0.0),
    Label("stable_probability", "share of draws in which the actor does not leave the state", "1", 0.0, 1.0),
    Label("stable_error", "standard error of that share", "1", 0.0),
    Label("equilibrium_count", "how many equilibria there are in the draw", "1", 0.0),
    Label("is_most_robust", "no state is an equilibrium in more draws", "boolean"),
    Label("is_gained", "the swap makes the state an equilibrium", "boolean"),
    Label("is_lost", "after the swap the state is no equilibrium any more", "boolean"),
    Label("swap_actor", "whose ranks are swapped", "name"),
    Label("is_raised", "the swap raises the state", "boolean"),
    Label("is_lowered", "the swap lowers the state", "boolean"),
)
