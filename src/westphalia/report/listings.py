"""The things of a case in lists: actors and their ties, commitments, moves, linkages, consultations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from westphalia.case.schema import Aim, CaseFile, Commitment, Half
from westphalia.charts.words import listed
from westphalia.language import decimal, marked, said
from westphalia.report.values import actor_name, dated_text, day_text, value_text

FACTS = {
    "role": marked("role: {fact}"),
    "speaks_for": marked("speaks for: {fact}"),
    "part_of": marked("part of: {fact}"),
    "ratifies_for": marked("ratifies for: {fact}"),
    "consent": marked("consent: {fact}"),
    "needs_at_home": marked("needs at home: {fact}"),
    "also_called": marked("also called: {fact}"),
    "by": marked("by: {fact}"),
    "to": marked("to: {fact}"),
    "about": marked("about: {fact}"),
    "strength": marked("strength: {fact}"),
    "term": marked("term: {fact}"),
    "broken_by": marked("broken by: {fact}"),
    "kind": marked("kind: {fact}"),
    "against": marked("against: {fact}"),
    "issue": marked("issue: {fact}"),
    "state": marked("state: {fact}"),
    "can_be_taken_back": marked("can be taken back: {fact}"),
    "gives": marked("gives: {fact}"),
    "gets": marked("gets: {fact}"),
    "at": marked("at: {fact}"),
    "date": marked("date: {fact}"),
    "place_in_the_order": marked("place in the order: {fact}"),
    "left_out": marked("left out: {fact}"),
    "author": marked("author: {fact}"),
    "publisher": marked("publisher: {fact}"),
    "language": marked("language: {fact}"),
    "rights": marked("rights: {fact}"),
    "sha256": marked("sha256: {fact}"),
    "note": marked("note: {fact}"),
}
"""What lines of facts say, by the names of facts."""

ACTORS = {
    "state": marked("state"),
    "government": marked("government"),
    "person": marked("person"),
    "bloc": marked("bloc"),
    "organisation": marked("organisation"),
    "movement": marked("movement"),
    "medium": marked("medium"),
    "public": marked("public"),
}
"""Kinds of actors."""

MOVES = {
    "threat": marked("threat"),
    "offer": marked("offer"),
    "escalation": marked("escalation"),
    "concession": marked("concession"),
    "withdrawal": marked("withdrawal"),
    "support": marked("support"),
    "exclusion": marked("exclusion"),
    "exit": marked("exit"),
    "other": marked("other"),
}
"""Kinds of moves."""

CONSULTED = {
    "asked": marked("{by} asked {whom}"),
    "informed": marked("{by} informed {whom}"),
    "called": marked("{by} called {whom}"),
    "met": marked("{by} met with {whom}"),
}
"""Who consulted whom, and how."""


@dataclass(frozen=True, slots=True)
class Item:
    """A thing of the case in a list: its head, its facts line by line, and what it rests on."""

    head: str
    facts: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of things of one kind."""

    id: str
    title: str
    items: tuple[Item, ...]


def listings(case: CaseFile, language: str) -> Iterator[Listing]:
    """Yield who is who, commitments, moves, linkages and consultations, those there are."""
    made = (
        Listing("who", said("Who is who"), tuple(_actors(case, language))),
        Listing("commitments", said("Commitments and what breaks them"), tuple(_commitments(case, language))),
        Listing("moves", said("Moves and means of pressure"), tuple(_moves(case, language))),
        Listing("linkages", said("Exchanges across issues"), tuple(_linkages(case, language))),
        Listing("told", said("Consultations"), tuple(_told(case, language))),
    )
    yield from (listing for listing in made if listing.items)


def _names(actors: tuple[str, ...], case: CaseFile, language: str) -> str:
    return listed(actor_name(actor, case, language) for actor in actors)


def facts_of(**facts: str) -> tuple[str, ...]:
    """Return the facts that are known as lines, each with its name in words."""
    return tuple(said(FACTS[name], fact=fact) for name, fact in facts.items() if fact)


def _actors(case: CaseFile, language: str) -> Iterator[Item]:
    needed = case.agreement
    for actor in case.actors:
        at_home = needed.ratifiers.get(actor.id, ()) if needed else ()
        facts = facts_of(
            role=actor.role.into(language) if actor.role else "",
            speaks_for=_names((actor.speaks_for,), case, language) if actor.speaks_for else "",
            part_of=_names(actor.part_of, case, language),
            ratifies_for=_names((actor.ratifies_for,), case, language) if actor.ratifies_for else "",
            consent=said("needed for an agreement") if needed and actor.id in needed.required else "",
            needs_at_home=_names(at_home, case, language),
            also_called=listed(actor.aliases),
        )
        head = f"{actor.name.into(language)} ({said(ACTORS[actor.kind])})"
        yield Item(head, facts, actor.evidence, actor.assumption or "")


def _commitments(case: CaseFile, language: str) -> Iterator[Item]:
    for one in case.commitments:
        facts = facts_of(
            by=_names(one.by, case, language),
            to=_names(one.to, case, language),
            about=_aim(one.about, case, language) if one.about else "",
            strength=value_text(one.strength.value) if one.strength else "",
            term=_term(one),
            broken_by=_breaking(one, case, language),
        )
        yield Item(one.content.into(language), facts, one.evidence, one.assumption or "")


def _breaking(commitment: Commitment, case: CaseFile, language: str) -> str:
    named = dict.fromkeys(
        [*commitment.broken_by, *(s.id for s in case.statements if commitment.id in s.breaks)]
    )
    known = [case.statement[one] for one in named if one in case.statement]
    return "; ".join(f"{s.gloss.into(language)} [{s.id}]" for s in known)


def _term(commitment: Commitment) -> str:
    term = commitment.term
    if term is None:
        return ""
    parts = (
        said("since {day}", day=day_text(term.since)) if term.since else "",
        said("until {day}", day=day_text(term.until)) if term.until else "",
        said("for {years} years", years=decimal(f"{term.years:g}")) if term.years else "",
    )
    return ", ".join(filter(None, parts))


def _aim(aim: Aim, case: CaseFile, language: str) -> str:
    issue = case.issue.get(aim.issue)
    asked = said("“{issue}”", issue=issue.question.into(language) if issue else aim.issue)
    if aim.value is not None:
        return f"{asked}: {value_text(aim.value)}"
    meaning = {str(key): text.into(language) for key, text in issue.scale.items()} if issue else {}
    return f"{asked}: {meaning.get(aim.option, aim.option)}" if aim.option else asked


def _moves(case: CaseFile, language: str) -> Iterator[Item]:
    state = {True: said("taken today"), False: said("not taken today"), None: said("not known")}
    for move in case.moves:
        facts = facts_of(
            kind=said(MOVES[move.kind]),
            against=_names(move.against, case, language),
            issue=case.issue[move.issue].question.into(language) if move.issue in case.issue else "",
            state=state[move.is_taken],
            can_be_taken_back="" if move.is_reversible else said("no"),
        )
        head = f"{actor_name(move.actor, case, language)}: {move.content.into(language)}"
        yield Item(head, facts, move.evidence, move.assumption or "")


def _linkages(case: CaseFile, language: str) -> Iterator[Item]:
    def half(one: Half) -> str:
        actor = actor_name(one.actor, case, language)
        return said("{actor} moves on {aim}", actor=actor, aim=_aim(one, case, language))

    for linkage in case.linkages:
        facts = facts_of(gives=half(linkage.gives), gets=half(linkage.gets))
        yield Item(linkage.content.into(language), facts, linkage.evidence, linkage.assumption or "")


def _told(case: CaseFile, language: str) -> Iterator[Item]:
    for told in case.consultations:
        event = next((event for event in case.events if event.id == told.event), None)
        facts = facts_of(
            about=told.about.into(language) if told.about else "",
            at=event.name.into(language) if event else "",
            date=dated_text(told.date or (event.date if event else None), case, language),
            place_in_the_order=str(told.order or ""),
            left_out=_names(told.left_out, case, language),
        )
        whom = _names(told.whom, case, language) or said("no one whom the case names")
        head = said(CONSULTED[told.how], by=actor_name(told.by, case, language), whom=whom)
        yield Item(head, facts, told.evidence, told.assumption or "")
