"""What the graph model of a case answers, in words and tables, for the report and the command line."""

from __future__ import annotations

from collections.abc import Iterator

from westphalia.charts.words import listed
from westphalia.labels import ATTITUDE, CONCEPT, STATE
from westphalia.language import marked, said, said_n
from westphalia.methods.stability.conflict import BoolArray
from westphalia.report.grid import Grid, Part
from westphalia.report.stability_breaks import breaking, coalitions, deterring
from westphalia.report.stability_change import changing, rules, wishing
from westphalia.report.stability_states import CONCEPTS, LOOKS, Teller, counted
from westphalia.report.stability_ways import leads, led_to, ways
from westphalia.runs.stability import SHOWN, GraphStudy

ATTITUDES = {
    "a": marked("they are bold"),
    "b": marked("they leave it out of account"),
    "c": marked("they would take the chance and fear it too"),
    "d": marked("they are cautious"),
}
"""The attitudes to what is not known, in words that follow 'if'."""

SKIPPED = {
    "simultaneous": marked("Moves made at the same time"),
    "robust": marked("How robust the answers are"),
    "ends": marked("Ways from today's state"),
    "limited": marked("Looking some moves ahead"),
    "nonmyopic": marked("Looking far ahead"),
    "coalitions": marked("Coalitions"),
    "deterrence": marked("Who deters whom"),
    "swapped": marked("Which preferences the answer hangs on"),
}
"""Parts whose lack is worth a word."""

RULE = marked("somebody has conceded, and nobody whose consent is needed escalates, threatens or walks out")
"""What makes a state read as a settlement."""


def stability_parts(study: GraphStudy, language: str, *, most: int = SHOWN) -> tuple[Part, ...]:
    """Return all that the graph model answers, part by part; what does not arise is left out.

    `most` is how many states of rest the table has room for.
    """
    teller = Teller(study, language)
    made = (
        Part("rest", said("Where the conflict comes to rest"), _answer(teller), (), "stability-robustness"),
        Part(
            "states",
            said("The states of rest"),
            tuple(_told(teller)),
            tuple(_tables(teller, most)),
            "stability-states",
        ),
        ways(teller),
        breaking(teller),
        deterring(teller),
        coalitions(teller),
        _attitudes(teller),
        _foresight(teller),
        rules(teller),
        changing(teller),
        wishing(teller),
        _skipped(teller),
    )
    return tuple(part for part in made if part.sentences or part.grids)


# --- the answer ----------------------------------------------------------------------------------


def _answer(teller: Teller) -> tuple[str, ...]:
    """Return the answer in short: whether today's state holds, where it leads, what else holds."""
    return (*_today(teller), *leads(teller), *_rests(teller), *_settled(teller))


def _today(teller: Teller) -> Iterator[str]:
    today, lead = teller.today, teller.study.lead
    if today is None:
        yield said(
            "The case does not say which moves are taken today: whether today's state holds is not known."
        )
        return
    leavers, names = teller.leavers(today, lead), list(teller.actors.values())
    concept = teller.concept(lead)
    if leavers:
        told = said(
            "Today's state is not at rest at the central values, by {concept}: it would be left by {actors}.",
            concept=concept,
            actors=listed(names[at] for at in leavers),
        )
    else:
        told = said(
            "Today's state is at rest at the central values, by {concept}: nobody would leave it.",
            concept=concept,
        )
    yield f"{told} {_often(teller, today)}" if teller.has_doubt else told


def _often(teller: Teller, today: int) -> str:
    return said_n(
        "In {share} of {n} draw it is at rest.",
        "In {share} of {n} draws it is at rest.",
        teller.study.draws,
        share=teller.share_words(today, teller.study.lead),
    )


def _rests(teller: Teller) -> Iterator[str]:
    study, lead = teller.study, teller.study.lead
    if not study.shown:
        yield said("No state is at rest by any of the concepts, in any draw: somebody would always move.")
        return
    yield _how_many(teller)
    first = max(study.shown, key=lambda state: teller.share(state, lead) or 0.0)
    if teller.has_doubt:
        yield said(
            "Most often at rest is {state}, in {share} of the draws: {what}.",
            state=teller.state(first),
            share=teller.share_words(first, lead),
            what=teller.described(first),
        )
    elif not teller.is_led:
        yield said(
            "The first of them in the table is {state}: {what}.",
            state=teller.state(first),
            what=teller.described(first),
        )


def _how_many(teller: Teller) -> str:
    """Return how many states are at rest by the leading concept, and by the strictest and the mildest."""
    study, lead = teller.study, teller.study.lead
    counts = {
        concept: int(study.verdicts["is_equilibrium"].sel({CONCEPT: concept}).sum())
        for concept in study.concepts
    }
    told = said(
        "{n} of {all} states are at rest at the central values if {looks} ({concept})",
        n=counted(counts[lead]),
        all=counted(teller.conflict.size),
        looks=said(LOOKS[lead]),
        concept=teller.concept(lead),
    )
    others = [
        said("{n} if {looks}", n=counted(counts[one]), looks=said(LOOKS[one]))
        for one in ("nash", "gmr")
        if one in counts and one != lead
    ]
    return f"{told}; {listed(others)}." if others else f"{told}."


def _settled(teller: Teller) -> Iterator[str]:
    found = teller.settlements
    if found is None:
        return
    study, lead = teller.study, teller.study.lead
    is_rest = study.verdicts["is_equilibrium"].sel({CONCEPT: lead}).values
    held = [int(state) for state in found if is_rest[state]]
    if not len(found):
        yield said("No state that can be reads as a settlement ({rule}).", rule=said(RULE))
        return
    if not held:
        yield said_n(
            "{n} state would read as a settlement ({rule}); none of them is at rest.",
            "{n} states would read as a settlement ({rule}); none of them is at rest.",
            len(found),
            rule=said(RULE),
        )
        return
    yield said(
        "A settlement is among them: {n} of the {all} states at rest read as one ({rule}).",
        n=counted(len(held)),
        all=counted(int(is_rest.sum())),
        rule=said(RULE),
    )
    named = [state for state in study.shown if state in held]
    if named and teller.has_doubt:
        yield said(
            "The first of these in the table is {state}, at rest in {share} of the draws.",
            state=teller.state(named[0]),
            share=teller.share_words(named[0], lead),
        )
    yield from led_to(teller, held)


# --- the states ----------------------------------------------------------------------------------


def _told(teller: Teller) -> Iterator[str]:
    study = teller.study
    more = _ever_at_rest(study) - len(study.shown)
    if more > 0:
        if study.robust is not None:
            told = said("{n} more are at rest in some draw by some concept.", n=counted(more))
        else:
            told = said("{n} more are at rest at the central values by some concept.", n=counted(more))
        yield f"{_order(teller)} {told}"


def _order(teller: Teller) -> str:
    concept = teller.concept(teller.study.lead)
    if teller.is_led:
        return said(
            "Those to which improvements lead from today stand first, then those most often at rest, by "
            "{concept} before the other concepts.",
            concept=concept,
        )
    return said("Those most often at rest, by {concept} before the other concepts.", concept=concept)


def _ever_at_rest(study: GraphStudy) -> int:
    told = (
        study.verdicts["is_equilibrium"] if study.robust is None else study.robust["equilibrium_probability"]
    )
    return int((told.values > 0).any(axis=0).sum())


def _tables(teller: Teller, most: int) -> Iterator[Grid]:
    if teller.study.shown or teller.today is not None:
        yield teller.grid(most)
    if teller.study.shown:
        yield _list(teller)


def _list(teller: Teller) -> Grid:
    """Return the states at rest, each with what it is, by which concepts, and in how many draws."""
    study, rows = teller.study, []
    for state in study.shown:
        held = [said(CONCEPTS[one]) for one in study.concepts if teller.is_at_rest(state, one)]
        by = said("all") if len(held) == len(study.concepts) else ", ".join(held) or said("none")
        share = [teller.share_words(state, study.lead)] if teller.has_doubt else []
        rows.append((teller.head(state), teller.described(state), by, *share))
    often = [said("share of draws")] if teller.has_doubt else []
    head = (said("the state"), said("what it is"), said("at rest by"), *often)
    return Grid(said("What these states are"), head, tuple(rows), (3,))


# --- other ways to look ahead ----------------------------------------------------------------------


def _attitudes(teller: Teller) -> Part:
    """Return what holds where an actor's preferences are not known."""
    unknown, sentences = teller.study.unknown, list[str]()
    if unknown is not None:
        held = unknown["is_equilibrium"].sel({CONCEPT: teller.study.lead}).sum(STATE)
        told = (
            said("{n} if {looks}", n=int(held.sel({ATTITUDE: one})), looks=said(words))
            for one, words in ATTITUDES.items()
        )
        sentences = [
            said(
                "Some preferences are not known. How many states are at rest depends on how actors take that "
                "({concept}): {counts}.",
                concept=teller.concept(teller.study.lead),
                counts=listed(told),
            ),
            said("All else that is told here at central values leaves out of account what is not known."),
        ]
    return Part("unknown", said("Where preferences are not known"), tuple(sentences))


def _foresight(teller: Teller) -> Part:
    study, sentences = teller.study, list[str]()
    if study.strong is not None:
        strong = study.strong["is_equilibrium"].sel({CONCEPT: study.lead}).values
        sentences.append(
            said(
                "Held by strong sanctions, which leave whoever moves much worse off: {states}.",
                states=_among(teller, strong) or said("no state"),
            )
        )
    if study.limited is not None:
        sentences.append(_some_moves_ahead(teller, study.limited["is_equilibrium"].values))
    if study.nonmyopic is not None:
        held = _among(teller, study.nonmyopic["is_equilibrium"].values)
        sentences.append(
            said("However far they look, nobody leaves {states}.", states=held)
            if held
            else said("However far they look, there is no state that nobody leaves.")
        )
        if not study.nonmyopic.attrs["period"]:
            sentences.append(
                said("What they foresee had not come to recur within the horizons that were tried.")
            )
    return Part("foresight", said("If they look further ahead"), tuple(sentences))


def _some_moves_ahead(teller: Teller, flags: BoolArray) -> str:
    """Return what nobody leaves at the farthest horizon, the last row of the flags."""
    held, horizon = _among(teller, flags[-1]), len(flags)
    if held:
        return said("Where everybody looks {n} moves ahead, nobody leaves {states}.", n=horizon, states=held)
    return said("Where everybody looks {n} moves ahead, there is no state that nobody leaves.", n=horizon)


def _among(teller: Teller, flags: BoolArray) -> str:
    """Return which of the states shown are flagged, and how many others; nothing if none is."""
    named = [teller.state(state) for state in teller.study.looked_at if flags[state]]
    rest = int(flags.sum()) - len(named)
    if not rest:
        return listed(named)
    more = said_n("{n} state that the table does not show", "{n} states that the table does not show", rest)
    return said("{named}, and {more}", named=listed(named), more=more) if named else more


def _skipped(teller: Teller) -> Part:
    """Return what could not be asked, and why."""
    why: dict[str, list[str]] = {}
    for part, reason in teller.study.skipped.items():
        if part in SKIPPED:
            why.setdefault(reason, []).append(said(SKIPPED[part]))
    told = tuple(f"{'; '.join(parts)}: {reason}" for reason, parts in why.items())
    return Part("skipped", said("What could not be judged"), told)
