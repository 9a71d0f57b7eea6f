"""What methods on influence and networks take and give."""

from __future__ import annotations

from westphalia.labels.label import Label

NETWORKS = (
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
