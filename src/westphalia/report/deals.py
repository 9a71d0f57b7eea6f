"""What the deals of a case answer, in words and tables: one home for the report and the command line."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from westphalia.charts.deals import signed
from westphalia.charts.words import listed, percent, times
from westphalia.labels import ACTOR, COALITION, CONFLICT, PRINCIPAL, RULE
from westphalia.report.deals_change import exchanging, home, opening
from westphalia.report.deals_packages import (
    Places,
    alike,
    best_packages,
    efficient_spread,
    gains_by_actor,
    names_of,
    option_brief,
    package_words,
    parties,
    questions,
    rule_names,
    solved_packages,
)
from westphalia.report.deals_war import war_parts
from westphalia.report.grid import Grid, Part
from westphalia.runs.deals import Deals

MANY = 6
"""Sets of parties listed at most; the data hold them all."""


def deal_parts(deals: Deals, language: str) -> tuple[Part, ...]:
    """Return all that the deals answer, part by part; what does not arise is left out."""
    made = (
        Part(
            "zone", "Is there a zone of possible agreement?", tuple(_zone(deals, language)), (), "deal-zone"
        ),
        Part(
            "blocking",
            "Who blocks",
            tuple(_blocking(deals, language)),
            tuple(_conflicts(deals, language)),
            "deal-blocking",
        ),
        Part(
            "solutions",
            "What the bargaining solutions pick",
            tuple(_solutions(deals, language)),
            tuple(_packages(deals, language)),
            "deal-packages",
        ),
        Part(
            "gains",
            "What each party gains over no deal",
            tuple(_extremes(deals, language)),
            (*_gains(deals, language), *_best(deals, language)),
            "deal-gains",
        ),
        opening(deals, language),
        *war_parts(deals, language),
        home(deals, language),
        exchanging(deals, language),
    )
    return tuple(part for part in made if part.sentences or part.grids)


def deal_summary(deals: Deals, language: str) -> tuple[str, ...]:
    """Return the answer in short: how often there is a zone, how large it is, and who blocks."""
    return (*_over_draws(deals), *_at_centre(deals, brief=True), *_most_blocking(deals, language))


# --- the zone ------------------------------------------------------------------------------------


def _zone(deals: Deals, language: str) -> Iterator[str]:
    names = names_of(deals, language)
    needed, at_home = _consent(deals, names)
    yield f"Consent is needed of {needed}{f', and at home of {at_home}' if at_home else ''}."
    yield from _at_centre(deals)
    yield from _over_draws(deals)
    if bool(deals.zone["has_zone"]):
        count = deals.frontier.sizes["efficient"]
        every = "all of them" if bool(deals.frontier["is_complete"]) else "a sample of more"
        yield (
            f"{times(count, 'package')} of the zone ({every}, those of equal worth to all parties counted "
            "once) cannot be made better for one party without being worse for another."
        )


def _consent(deals: Deals, names: dict[str, str]) -> tuple[str, str]:
    """Return the names of the required parties, and of those who ratify at home."""
    required = parties(deals) if deals.home is None else tuple(map(str, deals.home[PRINCIPAL].values))
    at_home = [party for party in parties(deals) if party not in required]
    return listed(names[party] for party in required), listed(names[party] for party in at_home)


def _at_centre(deals: Deals, *, brief: bool = False) -> Iterator[str]:
    zone = deals.zone
    total = f"{float(zone['package_count']):,.0f}"
    if not bool(zone["is_decided"]):
        yield (
            "At the central values the search ended at its time limit: it is not known whether "
            "there is a zone."
        )
    elif not bool(zone["has_zone"]):
        yield f"At the central values none of the {total} packages is acceptable to all; this is proved."
    elif bool(zone["is_counted"]):
        count, share = float(zone["acceptable_count"]), float(zone["volume_share"])
        more = "" if brief else " They were counted, not sampled."
        yield (
            f"At the central values {count:,.0f} of {total} packages ({small_share(share)}) are acceptable "
            f"to all.{more}"
        )
    else:
        low, high = (small_share(float(zone[end])) for end in ("volume_low", "volume_high"))
        yield (
            f"At the central values about {small_share(float(zone['volume_share']))} of {total} packages are "
            f"acceptable to all (95 % interval {low} to {high}, from a sample)."
        )


def _over_draws(deals: Deals) -> Iterator[str]:
    doubt = deals.doubt
    share, low, high = (percent(float(doubt[f"zone_probability{end}"])) for end in ("", "_low", "_high"))
    yield (
        f"In {share} of {times(deals.draws, 'draw')} of the uncertain inputs some package is acceptable to "
        f"all whose consent is needed (95 % interval of that share: {low} to {high})."
    )
    open_share = 1 - float(doubt["is_decided"].values.mean())
    if open_share > 0:
        yield f"In {percent(open_share)} of the draws the search ended at its limit and nothing was proved."


def small_share(share: float) -> str:
    """Return a share in per cent with two digits that mean something, however small it is."""
    if share == 0 or share >= 0.01:
        return percent(share)
    return f"{float(f'{share * 100:.2g}'):.10g} %" if share >= 1e-6 else f"{share:.1e}"


# --- who blocks ----------------------------------------------------------------------------------


def _members(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], actors: list[str]) -> list[str]:
    return [actor for actor, flag in zip(actors, flags, strict=True) if flag]


def _blocking(deals: Deals, language: str) -> Iterator[str]:
    zone, names = deals.zone, names_of(deals, language)
    actors = [str(actor) for actor in zone[ACTOR].values]
    if bool(zone["has_zone"]):
        yield "At the central values nobody blocks: there is a zone."
    elif zone.sizes[CONFLICT]:
        sets = [_members(row, actors) for row in zone["in_conflict"].values]
        said = "; ".join(listed(names[actor] for actor in one) for one in sets[:MANY])
        more = f" and {len(sets) - MANY} more" if len(sets) > MANY else ""
        alone = all(len(one) == 1 for one in sets)
        lead = (
            "No package is good enough for"
            if alone
            else "Who cannot agree, though without any one they could"
        )
        yield f"{lead}: {said}{more}."
        blockers = _members(zone["is_blocker"].values, actors)
        if blockers:
            yield f"Without {listed_or(names[actor] for actor in blockers)} alone there would be a zone."
        else:
            yield "There is no party without which alone there would be a zone."
        coalitions = [_members(row, actors) for row in zone["in_coalition"].values]
        largest = sorted((one for one in coalitions if one), key=len, reverse=True)
        if largest and zone.sizes[COALITION]:
            yield f"The most that could agree: {listed(names[actor] for actor in largest[0])}."
    yield from _most_blocking(deals, language)


def listed_or(words: Iterator[str]) -> str:
    """Return the words as a list of which one counts: a, b or c."""
    several = tuple(words)
    return "".join(several) if len(several) < 2 else f"{', '.join(several[:-1])} or {several[-1]}"


def _most_blocking(deals: Deals, language: str) -> Iterator[str]:
    names = names_of(deals, language)
    share = dict(
        zip(map(str, deals.doubt[ACTOR].values), deals.doubt["block_probability"].values, strict=True)
    )
    worst = max(share.values())
    if worst == 0:
        yield "Nobody blocks in any draw."
        return
    most = [actor for actor, value in share.items() if value == worst]
    verb, each = ("blocks", "") if len(most) == 1 else ("block", " each")
    who = listed(names[actor] for actor in most)
    yield f"{who} {verb} most often:{each} in {percent(worst)} of the draws."
    alone = gains_by_actor(deals.doubt["block_alone_probability"])
    said = [f"without {names[actor]} in {percent(alone[actor])}" for actor in most if alone[actor] > 0]
    if said:
        yield f"The rest could agree {listed(said)} of the draws."


def _conflicts(deals: Deals, language: str) -> Iterator[Grid]:
    names, doubt = names_of(deals, language), deals.doubt
    actors = [str(actor) for actor in doubt[ACTOR].values]
    rows = tuple(
        (listed(names[actor] for actor in _members(member, actors)), percent(float(share)))
        for member, share in zip(doubt["is_member"].values, doubt["conflict_probability"].values, strict=True)
    )
    if rows:
        yield Grid(
            "Smallest sets of parties that cannot agree", ("parties", "share of draws"), rows[:MANY], (1,)
        )


# --- the solutions -------------------------------------------------------------------------------


def _solutions(deals: Deals, language: str) -> Iterator[str]:
    if not bool(deals.solutions["has_zone"]):
        if bool(deals.solutions["is_decided"]):
            yield "There is no package that all accept, so no bargaining solution picks one."
        else:
            yield "The search ended at its time limit before a package that all accept was found."
        return
    groups = alike(deals)
    if len(groups) == 1:
        yield f"All rules pick the same package: {rule_names(next(iter(groups)))}."
    for rules, places in groups.items():
        yield from _ties(deals, rules, places, language)
    unproved = [
        rule
        for rule in map(str, deals.solutions[RULE].values)
        if not bool(deals.solutions["converged"].sel(rule=rule))
    ]
    for rule in unproved:
        own = deals.solutions.sel(rule=rule)
        yield (
            f"{rule_names([rule])} was not proved within the time limit: found {float(own['value']):.4g}, "
            f"and no package can exceed {float(own['bound']):.4g}."
        )
    if not unproved:
        yield "That no package suits these rules better is proved."


def _ties(deals: Deals, rules: tuple[str, ...], places: Places, language: str) -> Iterator[str]:
    if len(places) < 2:
        return
    asked, said = questions(deals, language), []
    for at, (issue, question) in enumerate(asked.items()):
        options = np.unique(places[:, at])
        if len(options) > 1:
            ends = (option_brief(deals, issue, int(end), language) for end in (options[0], options[-1]))
            said.append(f"“{question}” ({' to '.join(ends)})")
    least = "at least " if not all(bool(deals.solutions["ties_complete"].sel(rule=r)) for r in rules) else ""
    yield (
        f"{rule_names(rules)[:1].upper()}{rule_names(rules)[1:]}: {least}{len(places)} packages are equally "
        f"good; they differ on {listed(said)}. The first is shown."
    )


def _packages(deals: Deals, language: str) -> Iterator[Grid]:
    solved = solved_packages(deals, language)
    if solved:
        rows = tuple(
            (question, *(package.spots[issue].words for package in solved))
            for issue, question in questions(deals, language).items()
        )
        yield Grid("The packages issue by issue", ("issue", *(package.name for package in solved)), rows)


def nash_package(deals: Deals, language: str) -> tuple[tuple[str, str], ...]:
    """Return the package of the Nash solution in words issue by issue; nothing without a zone.

    Beside each point stands how far efficient packages of the zone spread on the issue: what the
    parties could still bargain about.
    """
    for rules, places in alike(deals).items():
        if "nash" in rules:
            words = package_words(deals, places[0], language)
            spreads = efficient_spread(deals, language)
            return tuple((question, f"{said}{spreads[question]}") for question, said in words)
    return ()


# --- gains ---------------------------------------------------------------------------------------


def _extremes(deals: Deals, language: str) -> Iterator[str]:
    names = names_of(deals, language)
    best = best_packages(deals)
    if not best:
        yield "No package that all accept was found, so only the expected package is held against no deal."
        return
    most = {party: gains[party] for party, (_, gains) in best.items()}
    least = min(most, key=lambda party: most[party])
    yield (
        "The most each can gain in the zone: "
        f"{listed(f'{names[party]} {signed(gain)}' for party, gain in most.items())}."
    )
    yield f"{names[least]} has least to gain from any package that all accept."


def _gains(deals: Deals, language: str) -> Iterator[Grid]:
    names, needed, solved = names_of(deals, language), parties(deals), solved_packages(deals, language)
    if solved:
        rows = tuple(
            (
                name if actor in needed else f"{name} (no consent needed)",
                *(signed(package.gains[actor]) for package in solved),
            )
            for actor, name in names.items()
        )
        head = ("party", *(package.name for package in solved))
        yield Grid("Gains over no deal, in utility", head, rows, tuple(range(1, len(head))), is_drawn=True)


def _best(deals: Deals, language: str) -> Iterator[Grid]:
    names, best = names_of(deals, language), best_packages(deals)
    if best:
        rows = [
            (question, *(option_brief(deals, issue, places[at], language) for places, _ in best.values()))
            for at, (issue, question) in enumerate(questions(deals, language).items())
        ]
        own = ("its gain over no deal", *(signed(gains[party]) for party, (_, gains) in best.items()))
        head = ("issue", *(f"best for {names[party]}" for party in best))
        yield Grid("The best package of each party among those that all accept", head, (*rows, own))
