"""What the graph model of a case answers, in words and tables, for the report and the command line."""

from __future__ import annotations

from collections.abc import Iterator

from westphalia.charts.words import listed, times
from westphalia.labels import ATTITUDE, CONCEPT, STATE
from westphalia.methods.stability.conflict import BoolArray
from westphalia.report.grid import Grid, Part
from westphalia.report.stability_breaks import breaking, coalitions, deterring
from westphalia.report.stability_change import changing, rules, wishing
from westphalia.report.stability_states import CONCEPTS, LOOKS, Teller
from westphalia.report.stability_ways import leads, led_to, ways
from westphalia.runs.stability import SHOWN, GraphStudy

ATTITUDES = {
    "a": "they are bold",
    "b": "they leave it out of account",
    "c": "they would take the chance and fear it too",
    "d": "they are cautious",
}
"""The attitudes to what is not known, in words that follow 'if'."""

SKIPPED = {
    "simultaneous": "Moves made at the same time",
    "robust": "How robust the answers are",
    "ends": "Ways from today's state",
    "limited": "Looking some moves ahead",
    "nonmyopic": "Looking far ahead",
    "coalitions": "Coalitions",
    "deterrence": "Who deters whom",
    "swapped": "Which preferences the answer hangs on",
}
"""Parts whose lack is worth a word."""


def stability_parts(study: GraphStudy, language: str, *, most: int = SHOWN) -> tuple[Part, ...]:
    """Return all that the graph model answers, part by part; what does not arise is left out.

    `most` is how many states of rest the table has room for.
    """
    teller = Teller(study, language)
    made = (
        Part("rest", "Where the conflict comes to rest", _answer(teller), (), "stability-robustness"),
        Part(
            "states",
            "The states of rest",
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
        yield "The case does not say which moves are taken today: whether today's state holds is not known."
        return
    leavers, names = teller.leavers(today, lead), list(teller.actors.values())
    by = f"at the central values, by {teller.concept(lead)}"
    who = f"it would be left by {listed(names[at] for at in leavers)}" if leavers else "nobody would leave it"
    share = f"{teller.share_words(today, lead)} of {times(teller.study.draws, 'draw')}"
    also = f" In {share} it is at rest." if teller.has_doubt else ""
    yield f"Today's state is {'not ' if leavers else ''}at rest {by}: {who}.{also}"


def _rests(teller: Teller) -> Iterator[str]:
    study, lead = teller.study, teller.study.lead
    if not study.shown:
        yield "No state is at rest by any of the concepts, in any draw: somebody would always move."
        return
    counts = {
        concept: int(study.verdicts["is_equilibrium"].sel({CONCEPT: concept}).sum())
        for concept in study.concepts
    }
    by = f"if {LOOKS[lead]} ({teller.concept(lead)})"
    said = f"{counts[lead]:,} of {teller.conflict.size:,} states are at rest at the central values {by}"
    others = [f"{counts[one]:,} if {LOOKS[one]}" for one in ("nash", "gmr") if one in counts and one != lead]
    yield f"{said}; {listed(others)}." if others else f"{said}."
    first = max(study.shown, key=lambda state: teller.share(state, lead) or 0.0)
    if teller.has_doubt:
        often = f"{teller.state(first)}, in {teller.share_words(first, lead)} of the draws"
        yield f"Most often at rest is {often}: {teller.described(first)}."
    elif not teller.is_led:
        yield f"The first of them in the table is {teller.state(first)}: {teller.described(first)}."


def _settled(teller: Teller) -> Iterator[str]:
    found = teller.settlements
    if found is None:
        return
    study, lead = teller.study, teller.study.lead
    is_rest = study.verdicts["is_equilibrium"].sel({CONCEPT: lead}).values
    held = [int(state) for state in found if is_rest[state]]
    rule = "somebody has conceded, and nobody whose consent is needed escalates, threatens or walks out"
    if not len(found):
        yield f"No state that can be reads as a settlement ({rule})."
        return
    if not held:
        yield f"{times(len(found), 'state')} would read as a settlement ({rule}); none of them is at rest."
        return
    many = f"{len(held):,} of the {int(is_rest.sum()):,} states at rest"
    yield f"A settlement is among them: {many} read as one ({rule})."
    named = [state for state in study.shown if state in held]
    if named and teller.has_doubt:
        share = teller.share_words(named[0], lead)
        yield f"The first of these in the table is {teller.state(named[0])}, at rest in {share} of the draws."
    yield from led_to(teller, held)


# --- the states ----------------------------------------------------------------------------------


def _told(teller: Teller) -> Iterator[str]:
    study = teller.study
    more = _ever_at_rest(study) - len(study.shown)
    if more > 0:
        where = "in some draw" if study.robust is not None else "at the central values"
        led = (
            "Those to which improvements lead from today stand first, then those"
            if teller.is_led
            else "Those"
        )
        yield (
            f"{led} most often at rest, by {teller.concept(study.lead)} before the other concepts. "
            f"{more:,} more are at rest {where} by some concept."
        )


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
        held = [CONCEPTS[one] for one in study.concepts if teller.is_at_rest(state, one)]
        by = "all" if len(held) == len(study.concepts) else ", ".join(held) or "none"
        share = [teller.share_words(state, study.lead)] if teller.has_doubt else []
        rows.append((teller.head(state), teller.described(state), by, *share))
    head = ("state", "what it is", "at rest by", *(["share of draws"] if teller.has_doubt else []))
    return Grid("What these states are", head, tuple(rows), (3,))


# --- other ways to look ahead ----------------------------------------------------------------------


def _attitudes(teller: Teller) -> Part:
    """Return what holds where an actor's preferences are not known."""
    unknown, sentences = teller.study.unknown, []
    if unknown is not None:
        held = unknown["is_equilibrium"].sel({CONCEPT: teller.study.lead}).sum(STATE)
        said = (f"{int(held.sel({ATTITUDE: one}))} if {words}" for one, words in ATTITUDES.items())
        sentences.append(
            "Some preferences are not known. How many states are at rest depends on how actors take that "
            f"({teller.concept(teller.study.lead)}): {listed(said)}."
        )
        sentences.append(
            "All else that is told here at central values leaves out of account what is not known."
        )
    return Part("unknown", "Where preferences are not known", tuple(sentences))


def _foresight(teller: Teller) -> Part:
    study, sentences = teller.study, []
    if study.strong is not None:
        strong = study.strong["is_equilibrium"].sel({CONCEPT: study.lead}).values
        said = _among(teller, strong)
        sentences.append(f"Held by strong sanctions, which leave whoever moves much worse off: {said}.")
    if study.limited is not None:
        far = study.limited["is_equilibrium"].values
        sentences.append(
            f"Where everybody looks {len(far)} moves ahead, nobody leaves {_among(teller, far[-1])}."
        )
    if study.nonmyopic is not None:
        ahead = study.nonmyopic["is_equilibrium"].values
        sentences.append(f"However far they look, nobody leaves {_among(teller, ahead)}.")
        if not study.nonmyopic.attrs["period"]:
            sentences.append("What they foresee had not come to recur within the horizons that were tried.")
    return Part("foresight", "If they look further ahead", tuple(sentences))


def _among(teller: Teller, flags: BoolArray) -> str:
    """Return which of the states shown are flagged, and how many of all."""
    named = [teller.state(state) for state in teller.study.looked_at if flags[state]]
    rest = int(flags.sum()) - len(named)
    more = f"{times(rest, 'state')} that the table does not show" if rest else ""
    return ", and ".join(said for said in (listed(named), more) if said) or "any state"


def _skipped(teller: Teller) -> Part:
    """Return what could not be asked, and why."""
    why: dict[str, list[str]] = {}
    for part, reason in teller.study.skipped.items():
        if part in SKIPPED:
            why.setdefault(reason, []).append(SKIPPED[part])
    said = tuple(f"{'; '.join(parts)}: {reason}" for reason, parts in why.items())
    return Part("skipped", "What could not be judged", said)
