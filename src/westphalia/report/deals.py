"""What the deals of a case answer, in words and tables: one home for the report and the command line."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from westphalia.charts.deals import signed
from westphalia.charts.words import listed, percent
from westphalia.labels import ACTOR, COALITION, CONFLICT, PRINCIPAL, RULE
from westphalia.language import decimal, said, said_n
from westphalia.report.deals_change import home, opening
from westphalia.report.deals_exchange import exchanging
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
            "zone",
            said("Is there a zone of possible agreement?"),
            tuple(_zone(deals, language)),
            (),
            "deal-zone",
        ),
        Part(
            "blocking",
            said("Who blocks"),
            tuple(_blocking(deals, language)),
            tuple(_conflicts(deals, language)),
            "deal-blocking",
        ),
        Part(
            "solutions",
            said("What the bargaining solutions pick"),
            tuple(_solutions(deals, language)),
            tuple(_packages(deals, language)),
            "deal-packages",
        ),
        Part(
            "gains",
            said("What each party gains over no deal"),
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
    if at_home:
        yield said(
            "Consent is needed of {parties}, and at home of {at_home}.", parties=needed, at_home=at_home
        )
    else:
        yield said("Consent is needed of {parties}.", parties=needed)
    yield from _at_centre(deals)
    yield from _over_draws(deals)
    if bool(deals.zone["has_zone"]):
        count = deals.frontier.sizes["efficient"]
        is_all = bool(deals.frontier["is_complete"])
        yield said_n(
            "{n} package of the zone ({every}, those of equal worth to all parties counted once) cannot be "
            "made better for one party without being worse for another.",
            "{n} packages of the zone ({every}, those of equal worth to all parties counted once) cannot be "
            "made better for one party without being worse for another.",
            count,
            every=said("all of them") if is_all else said("a sample of more"),
        )


def _consent(deals: Deals, names: dict[str, str]) -> tuple[str, str]:
    """Return the names of the required parties, and of those who ratify at home."""
    required = parties(deals) if deals.home is None else tuple(map(str, deals.home[PRINCIPAL].values))
    at_home = [party for party in parties(deals) if party not in required]
    return listed(names[party] for party in required), listed(names[party] for party in at_home)


def _at_centre(deals: Deals, *, brief: bool = False) -> Iterator[str]:
    zone = deals.zone
    total = decimal(f"{float(zone['package_count']):,.0f}")
    if not bool(zone["is_decided"]):
        yield said(
            "At the central values the search ended at its time limit: it is not known whether "
            "there is a zone."
        )
    elif not bool(zone["has_zone"]):
        yield said(
            "At the central values none of the {total} packages is acceptable to all; this is proved.",
            total=total,
        )
    elif bool(zone["is_counted"]):
        count, share = float(zone["acceptable_count"]), float(zone["volume_share"])
        counted = said(
            "At the central values {count} of {total} packages ({share}) are acceptable to all.",
            count=decimal(f"{count:,.0f}"),
            total=total,
            share=small_share(share),
        )
        yield counted if brief else f"{counted} {said('They were counted, not sampled.')}"
    else:
        low, high = (small_share(float(zone[end])) for end in ("volume_low", "volume_high"))
        yield said(
            "At the central values about {share} of {total} packages are acceptable to all (95 % interval "
            "{low} to {high}, from a sample).",
            share=small_share(float(zone["volume_share"])),
            total=total,
            low=low,
            high=high,
        )


def _over_draws(deals: Deals) -> Iterator[str]:
    doubt = deals.doubt
    share, low, high = (percent(float(doubt[f"zone_probability{end}"])) for end in ("", "_low", "_high"))
    yield said_n(
        "In {share} of {n} draw of the uncertain inputs some package is acceptable to all whose consent is "
        "needed (95 % interval of that share: {low} to {high}).",
        "In {share} of {n} draws of the uncertain inputs some package is acceptable to all whose consent is "
        "needed (95 % interval of that share: {low} to {high}).",
        deals.draws,
        share=share,
        low=low,
        high=high,
    )
    open_share = 1 - float(doubt["is_decided"].values.mean())
    if open_share > 0:
        yield said(
            "In {share} of the draws the search ended at its limit and nothing was proved.",
            share=percent(open_share),
        )


def small_share(share: float) -> str:
    """Return a share in per cent with two digits that mean something, however small it is."""
    if share == 0 or share >= 0.01:
        return percent(share)
    small = f"{float(f'{share * 100:.2g}'):.10g} %" if share >= 1e-6 else f"{share:.1e}"
    return decimal(small)


# --- who blocks ----------------------------------------------------------------------------------


def _members(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], actors: list[str]) -> list[str]:
    return [actor for actor, flag in zip(actors, flags, strict=True) if flag]


def _blocking(deals: Deals, language: str) -> Iterator[str]:
    zone, names = deals.zone, names_of(deals, language)
    actors = [str(actor) for actor in zone[ACTOR].values]
    if bool(zone["has_zone"]):
        yield said("At the central values nobody blocks: there is a zone.")
    elif zone.sizes[CONFLICT]:
        sets = [_members(row, actors) for row in zone["in_conflict"].values]
        told = "; ".join(listed(names[actor] for actor in one) for one in sets[:MANY])
        if len(sets) > MANY:
            told = said("{parties} and {n} more", parties=told, n=len(sets) - MANY)
        if all(len(one) == 1 for one in sets):
            yield said("No package is good enough for: {parties}.", parties=told)
        else:
            yield said("Who cannot agree, though without any one they could: {parties}.", parties=told)
        blockers = _members(zone["is_blocker"].values, actors)
        if blockers:
            yield said(
                "Without {parties} alone there would be a zone.",
                parties=listed_or(names[actor] for actor in blockers),
            )
        else:
            yield said("There is no party without which alone there would be a zone.")
        coalitions = [_members(row, actors) for row in zone["in_coalition"].values]
        largest = sorted((one for one in coalitions if one), key=len, reverse=True)
        if largest and zone.sizes[COALITION]:
            yield said(
                "The most that could agree: {parties}.", parties=listed(names[actor] for actor in largest[0])
            )
    yield from _most_blocking(deals, language)


def listed_or(words: Iterator[str]) -> str:
    """Return the words as a list of which one counts: a, b or c."""
    several = tuple(words)
    if len(several) < 2:
        return "".join(several)
    return said("{first} or {last}", first=", ".join(several[:-1]), last=several[-1])


def _most_blocking(deals: Deals, language: str) -> Iterator[str]:
    names = names_of(deals, language)
    share = dict(
        zip(map(str, deals.doubt[ACTOR].values), deals.doubt["block_probability"].values, strict=True)
    )
    worst = max(share.values())
    if worst == 0:
        yield said("Nobody blocks in any draw.")
        return
    most = [actor for actor, value in share.items() if value == worst]
    yield said_n(
        "{parties} blocks most often: in {share} of the draws.",
        "{parties} block most often: each in {share} of the draws.",
        len(most),
        parties=listed(names[actor] for actor in most),
        share=percent(worst),
    )
    alone = gains_by_actor(deals.doubt["block_alone_probability"])
    told = [
        said("without {party} in {share}", party=names[actor], share=percent(alone[actor]))
        for actor in most
        if alone[actor] > 0
    ]
    if told:
        yield said("The rest could agree {when} of the draws.", when=listed(told))


def _conflicts(deals: Deals, language: str) -> Iterator[Grid]:
    names, doubt = names_of(deals, language), deals.doubt
    actors = [str(actor) for actor in doubt[ACTOR].values]
    rows = tuple(
        (listed(names[actor] for actor in _members(member, actors)), percent(float(share)))
        for member, share in zip(doubt["is_member"].values, doubt["conflict_probability"].values, strict=True)
    )
    if rows:
        yield Grid(
            said("Smallest sets of parties that cannot agree"),
            (said("parties"), said("share of draws")),
            rows[:MANY],
            (1,),
        )


# --- the solutions -------------------------------------------------------------------------------


def _solutions(deals: Deals, language: str) -> Iterator[str]:
    if not bool(deals.solutions["has_zone"]):
        if bool(deals.solutions["is_decided"]):
            yield said("There is no package that all accept, so no bargaining solution picks one.")
        else:
            yield said("The search ended at its time limit before a package that all accept was found.")
        return
    groups = alike(deals)
    if len(groups) == 1:
        yield said("All rules pick the same package: {rules}.", rules=rule_names(next(iter(groups))))
    for rules, places in groups.items():
        yield from _ties(deals, rules, places, language)
    unproved = [
        rule
        for rule in map(str, deals.solutions[RULE].values)
        if not bool(deals.solutions["converged"].sel(rule=rule))
    ]
    for rule in unproved:
        own = deals.solutions.sel(rule=rule)
        yield said(
            "{rule} was not proved within the time limit: found {value}, and no package can exceed {bound}.",
            rule=rule_names([rule]),
            value=decimal(f"{float(own['value']):.4g}"),
            bound=decimal(f"{float(own['bound']):.4g}"),
        )
    if not unproved:
        yield said("That no package suits these rules better is proved.")


def _ties(deals: Deals, rules: tuple[str, ...], places: Places, language: str) -> Iterator[str]:
    if len(places) < 2:
        return
    asked, apart = questions(deals, language), []
    for at, (issue, question) in enumerate(asked.items()):
        options = np.unique(places[:, at])
        if len(options) > 1:
            low, high = (option_brief(deals, issue, int(end), language) for end in (options[0], options[-1]))
            apart.append(said("“{question}” ({low} to {high})", question=question, low=low, high=high))
    named = rule_names(rules)
    told = {"rules": f"{named[:1].upper()}{named[1:]}", "count": len(places), "issues": listed(apart)}
    if all(bool(deals.solutions["ties_complete"].sel(rule=r)) for r in rules):
        yield said(
            "{rules}: {count} packages are equally good; they differ on {issues}. The first is shown.", **told
        )
    else:
        yield said(
            "{rules}: at least {count} packages are equally good; they differ on {issues}. The first is "
            "shown.",
            **told,
        )


def _packages(deals: Deals, language: str) -> Iterator[Grid]:
    solved = solved_packages(deals, language)
    if solved:
        rows = tuple(
            (question, *(package.spots[issue].words for package in solved))
            for issue, question in questions(deals, language).items()
        )
        head = (said("issue"), *(package.name for package in solved))
        yield Grid(said("The packages issue by issue"), head, rows)


def nash_package(deals: Deals, language: str) -> tuple[tuple[str, str], ...]:
    """Return the package of the Nash solution in words issue by issue; nothing without a zone.

    Beside each point stands how far efficient packages of the zone spread on the issue: what the
    parties could still bargain about.
    """
    for rules, places in alike(deals).items():
        if "nash" in rules:
            words = package_words(deals, places[0], language)
            spreads = efficient_spread(deals, language)
            return tuple((question, f"{word}{spreads[question]}") for question, word in words)
    return ()


# --- gains ---------------------------------------------------------------------------------------


def _extremes(deals: Deals, language: str) -> Iterator[str]:
    names = names_of(deals, language)
    best = best_packages(deals)
    if not best:
        yield said(
            "No package that all accept was found, so only the expected package is held against no deal."
        )
        return
    most = {party: gains[party] for party, (_, gains) in best.items()}
    least = min(most, key=lambda party: most[party])
    yield said(
        "The most each can gain in the zone: {gains}.",
        gains=listed(f"{names[party]} {signed(gain)}" for party, gain in most.items()),
    )
    yield said("{party} has least to gain from any package that all accept.", party=names[least])


def _gains(deals: Deals, language: str) -> Iterator[Grid]:
    names, needed, solved = names_of(deals, language), parties(deals), solved_packages(deals, language)
    if solved:
        rows = tuple(
            (
                name if actor in needed else said("{party} (no consent needed)", party=name),
                *(signed(package.gains[actor]) for package in solved),
            )
            for actor, name in names.items()
        )
        head = (said("party"), *(package.name for package in solved))
        title = said("Gains over no deal, in utility")
        yield Grid(title, head, rows, tuple(range(1, len(head))), is_drawn=True)


def _best(deals: Deals, language: str) -> Iterator[Grid]:
    names, best = names_of(deals, language), best_packages(deals)
    if best:
        rows = [
            (question, *(option_brief(deals, issue, places[at], language) for places, _ in best.values()))
            for at, (issue, question) in enumerate(questions(deals, language).items())
        ]
        own = (said("its gain over no deal"), *(signed(gains[party]) for party, (_, gains) in best.items()))
        head = (said("issue"), *(said("best for {party}", party=names[party]) for party in best))
        title = said("The best package of each party among those that all accept")
        yield Grid(title, head, (*rows, own))
