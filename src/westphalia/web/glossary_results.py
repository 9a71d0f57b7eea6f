"""Words for runs and what comes of them: forecasts, deals, states at rest, doubt."""

from __future__ import annotations

from typing import Final

from westphalia.language import marked as _
from westphalia.web.glossary_entry import Entry, Group

RUNS: Final = Group(
    "runs",
    _("Methods, runs and forecasts"),
    (
        Entry(
            "method",
            _("Method"),
            _(
                "A published way to get from a case to an outcome. Methods rest on different pictures of "
                "bargaining; where they disagree, the pages say so."
            ),
        ),
        Entry(
            "run",
            _("Run"),
            _(
                "One question put to one version of a case with certain settings. It is kept with all three, "
                "so that the same run gives the same figures again."
            ),
        ),
        Entry(
            "draw",
            _("Draw"),
            _(
                "One set of exact values, picked at random within the doubt of all inputs. A run works "
                "through hundreds of them and tells in which share of them something holds."
            ),
        ),
        Entry(
            "seed",
            _("Seed"),
            _("The number that chance begins with; the same seed gives the same draws."),
        ),
        Entry(
            "spread",
            _("Spread"),
            _("How far the draws of a result lie apart: how much the doubt of the inputs leaves open."),
        ),
        Entry(
            "median",
            _("Median"),
            _("The middle value: half of the draws lie below it, half above."),
        ),
        Entry(
            "interval",
            _("Interval"),
            _("The range in which a stated share of draws or outcomes lies, such as nine in ten."),
        ),
        Entry(
            "forecast",
            _("Forecast"),
            _("Where an issue would be settled by a method, as a range of outcomes and not as one number."),
        ),
        Entry(
            "compromise-mean",
            _("Compromise mean"),
            _(
                "The mean of all positions, each weighted by capability times salience: simple, and hard to "
                "beat."
            ),
        ),
        Entry(
            "predictive",
            _("Predictive distribution"),
            _(
                "A forecast with the errors that such forecasts made on past decisions put into it, so that "
                "its intervals are as wide as experience says."
            ),
        ),
        Entry(
            "track-record",
            _("Track record"),
            _(
                "How often the intervals of a method held the true outcome in past conflicts whose end is "
                "known."
            ),
        ),
        Entry(
            "bloc",
            _("Bloc"),
            _("Actors who stand closer to one another on the issues than to anybody else."),
        ),
    ),
)

DEALS: Final = Group(
    "deals",
    _("Deals"),
    (
        Entry(
            "package",
            _("Package"),
            _("One outcome for each issue, agreed or refused as a whole."),
        ),
        Entry(
            "settlement",
            _("Settlement"),
            _("A package that every required party accepts because none is worse off than with no deal."),
        ),
        Entry(
            "utility",
            _("Utility"),
            _(
                "What an outcome is worth to a party: 1 if it gets all it wants on all issues, 0 if nothing. "
                "It falls with the distance from its positions, most where salience is high."
            ),
        ),
        Entry(
            "zone",
            _("Zone of possible agreement"),
            _("All packages that every required party finds at least as good as no deal. It may be empty."),
        ),
        Entry(
            "efficient",
            _("Efficient package"),
            _("A package that no other beats: whatever is better for one party is worse for another."),
        ),
        Entry(
            "frontier",
            _("Frontier"),
            _("All efficient packages together; bargaining beyond it only moves gains from one to another."),
        ),
        Entry(
            "nash-bargaining",
            _("Nash bargaining"),
            _(
                "Picks the package with the largest product of the gains over no deal; who loses little by "
                "failure gets more."
            ),
        ),
        Entry(
            "egalitarian",
            _("Egalitarian solution"),
            _("Picks the package in which all gain as nearly the same as can be, and as much as can be."),
        ),
        Entry(
            "leximin",
            _("Leximin solution"),
            _(
                "Picks the package that is best for whoever gains least, then for the second least, and so "
                "on."
            ),
        ),
        Entry(
            "utilitarian",
            _("Utilitarian solution"),
            _("Picks the package with the largest sum of gains, whoever has them."),
        ),
        Entry(
            "side-payment",
            _("Side payment"),
            _("Something given beside the issues, such as money or aid, that makes a package acceptable."),
        ),
    ),
)

STABILITY: Final = Group(
    "stability",
    _("Where a conflict comes to rest"),
    (
        Entry(
            "move",
            _("Move of an actor"),
            _("Something an actor can do or leave by itself, without asking anybody."),
        ),
        Entry(
            "state",
            _("State of the conflict"),
            _("Which moves are taken and which are not. YN– reads: the first is, the second is not."),
        ),
        Entry(
            "preference",
            _("Preference"),
            _(
                "Which of two states an actor likes better; it follows from its list of wishes or from its "
                "stands."
            ),
        ),
        Entry(
            "unilateral-improvement",
            _("Unilateral improvement"),
            _("A state an actor can reach by moves of its own and likes better than the present one."),
        ),
        Entry(
            "sanction",
            _("Sanction"),
            _("A reply of others that leaves an actor no better off than before its move, and so deters it."),
        ),
        Entry(
            "at-rest",
            _("At rest"),
            _("A state that no actor would leave, by the concept that is named; also called an equilibrium."),
        ),
        Entry(
            "concept",
            _("Concept of stability"),
            _(
                "A notion of how far actors look ahead and what replies they fear; each gives its own "
                "verdicts."
            ),
        ),
        Entry(
            "nash-stability",
            _("Nash stability (R)"),
            _("An actor stays because it has no unilateral improvement; replies play no part."),
        ),
        Entry(
            "gmr",
            _("General metarational stability (GMR)"),
            _("An actor stays because others could answer each improvement so that it gains nothing."),
        ),
        Entry(
            "smr",
            _("Symmetric metarational stability (SMR)"),
            _("As GMR, and the actor could not escape the reply by another move of its own."),
        ),
        Entry(
            "seq",
            _("Sequential stability (SEQ)"),
            _("As GMR, but only replies count that those who make them gain by: credible ones."),
        ),
        Entry(
            "sseq",
            _("Symmetric sequential stability (SSEQ)"),
            _("Replies have to be credible, and the actor could not escape them by another move of its own."),
        ),
        Entry(
            "sim",
            _("Simultaneous stability (SIM)"),
            _("An actor stays because what others do at the same moment would undo its improvement."),
        ),
        Entry(
            "coalition",
            _("Coalition"),
            _(
                "Actors who move together; a state may be at rest for each alone and not for some of them "
                "jointly."
            ),
        ),
    ),
)

DOUBT: Final = Group(
    "doubt",
    _("What is not known"),
    (
        Entry(
            "sensitivity",
            _("Sensitivity"),
            _("How much the answer moves when an input does."),
        ),
        Entry(
            "sobol",
            _("Sobol index"),
            _(
                "The share of the spread of an answer that is due to one input: alone (“goes if known”), or "
                "together with all it works with (“stays if all else is”)."
            ),
        ),
        Entry(
            "driver",
            _("Driver"),
            _(
                "An input whose doubt makes up much of the spread of the answer; worth finding out more "
                "about."
            ),
        ),
        Entry(
            "lever",
            _("Lever"),
            _(
                "The smallest single change of one actor’s inputs that would bring about an outcome wished "
                "for."
            ),
        ),
        Entry(
            "scenario",
            _("Scenario"),
            _("A set of changes to the case that are tried together, without touching the case itself."),
        ),
    ),
)
