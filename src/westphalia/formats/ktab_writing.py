"""A case on KTAB's terms: one scale from 0 to 100, one capability an actor, a stand everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from westphalia.errors import CallError
from westphalia.fields import ids_for
from westphalia.formats.imported import Ledger, Outgoing
from westphalia.formats.ktab import (
    FEWEST_ACTORS,
    LARGEST_CAPABILITY,
    MOST_ACTORS,
    Actor,
    Scenario,
)
from westphalia.formats.stakes import Party, Question, Stakes, Stand, percent, stakes_of, text_in

_LONGEST_NAME = 25
_LONGEST_DESCRIPTION = 256
_LONGEST_TITLE = 512
_GRAIN = Decimal("1e-14")


def scenario_of(outgoing: Outgoing, ledger: Ledger) -> Scenario:
    """Return a case as a scenario of KTAB, and say what was changed to make it one.

    Raises
    ------
    CallError: fewer than 3 or more than 250 actors would be left.
    """
    stakes = _on_scale(_counting(stakes_of(outgoing, ledger), ledger), ledger)
    if not FEWEST_ACTORS <= len(stakes.parties) <= MOST_ACTORS:
        raise CallError(
            f"{len(stakes.parties)} actors have a stand that counts.",
            code="not-carried",
            where=outgoing.name,
            hint=f"KTAB takes {FEWEST_ACTORS} to {MOST_ACTORS}.",
        )
    stakes = _filled(_spendable(stakes, ledger), ledger)
    names = _names([party.name or party.key for party in stakes.parties], ledger)
    about = text_in(outgoing.tree.get("summary") or "") or text_in(outgoing.tree["question"])
    return Scenario(
        name=_cut(stakes.title, _LONGEST_TITLE, "title", ledger),
        description=_cut(about, _LONGEST_TITLE, "summary", ledger),
        dimensions=tuple(map(_dimension, stakes.questions)),
        actors=tuple(
            _actor(party, name, stakes, ledger) for party, name in zip(stakes.parties, names, strict=True)
        ),
    )


def _cut(text: str, longest: int, what: str, ledger: Ledger) -> str:
    """Return as much of a text as KTAB takes, to the end of a word."""
    if len(text) <= longest:
        return text
    ledger.change(f"The {what} is cut to the {longest} characters that KTAB takes.")
    return text[: longest + 1].rsplit(" ", 1)[0][:longest].strip()


def _counting(stakes: Stakes, ledger: Ledger) -> Stakes:
    """Leave out the actors whose capability or saliences are all 0: KTAB stops at them."""
    kept = []
    for party in stakes.parties:
        own = [stand for (key, _), stand in stakes.stands.items() if key == party.key]
        if any(stand.capability > 0 for stand in own) and any(stand.salience > 0 for stand in own):
            kept.append(party)
        else:
            ledger.leave(f"'{party.key}' counts for nothing, at which KTAB stops; it was left out.")
    keys = {party.key for party in kept}
    stands = {pair: stand for pair, stand in stakes.stands.items() if pair[0] in keys}
    return replace(stakes, parties=tuple(kept), stands=stands)


def _on_scale(stakes: Stakes, ledger: Ledger) -> Stakes:
    """Return the stakes with positions from 0 to 100."""
    ends = {question.key: question.ends for question in stakes.questions}
    other = [f"'{key}' ({low:g} to {high:g})" for key, (low, high) in ends.items() if (low, high) != (0, 100)]
    if other:
        ledger.change(f"Positions on {', '.join(other)} are written on the scale from 0 to 100.")

    def moved(key: str, stand: Stand) -> Stand:
        low, high = ends[key]
        if (low, high) == (0, 100):
            return stand
        place = 100 * (stand.position - low) / (high - low)
        return replace(stand, position=min(max(place, 0.0), 100.0))

    return replace(stakes, stands={pair: moved(pair[1], stand) for pair, stand in stakes.stands.items()})


def _spendable(stakes: Stakes, ledger: Ledger) -> Stakes:
    """Return the stakes with saliences brought to a sum of 1 where an actor has more, as `smp` does."""
    sums: dict[str, Decimal] = {}
    for (party, _), stand in stakes.stands.items():
        sums[party] = sums.get(party, Decimal(0)) + Decimal(repr(stand.salience))
    over = {party: total for party, total in sums.items() if total > 1}
    for party, total in over.items():
        ledger.change(f"The saliences of '{party}' sum to {total:.4g}; they are brought to 100 per cent.")

    def divided(party: str, stand: Stand) -> Stand:
        if party not in over:
            return stand
        part = (Decimal(repr(stand.salience)) / over[party]).quantize(_GRAIN, ROUND_DOWN)
        return replace(stand, salience=float(part))

    stands = {pair: divided(pair[0], stand) for pair, stand in stakes.stands.items()}
    return replace(stakes, stands=stands)


def _filled(stakes: Stakes, ledger: Ledger) -> Stakes:
    """Return the stakes with a stand of salience 0 wherever there is none, at the weighted mean."""
    stands = dict(stakes.stands)
    missing = 0
    for question in stakes.questions:
        own = [stand for (_, key), stand in stakes.stands.items() if key == question.key]
        middle = _mean(own)
        for party in stakes.parties:
            if (party.key, question.key) not in stands:
                missing += 1
                stands[party.key, question.key] = Stand(middle, 0.0, 0.0)
    if missing:
        ledger.change(
            f"{missing} stands are missing, which KTAB does not know: they are written with salience 0 at "
            "the mean of the others, weighted by capability times salience."
        )
    return replace(stakes, stands=stands)


def _mean(stands: list[Stand]) -> float:
    weight = sum(stand.capability * stand.salience for stand in stands)
    if weight <= 0:
        return sum(stand.position for stand in stands) / len(stands) if stands else 50.0
    mean = sum(stand.capability * stand.salience * stand.position for stand in stands) / weight
    return min(max(mean, 0.0), 100.0)


def _names(full: Iterable[str], ledger: Ledger) -> list[str]:
    """Return a name of at most 25 characters for each, no two alike."""
    names: list[str] = []
    for name in full:
        short = name[:_LONGEST_NAME].strip()
        numbered = (f"{short[: _LONGEST_NAME - 4].strip()} {at}" for at in range(2, MOST_ACTORS + 2))
        free = short if short not in names else next(each for each in numbered if each not in names)
        if free != name:
            ledger.change(f"'{name}' is written '{free}': KTAB takes names of {_LONGEST_NAME} characters.")
        names.append(free)
    return names


def _dimension(question: Question) -> str:
    """Return the question where the id is made of it, else the id, which is short and stands once."""
    return question.name if ids_for([question.name])[question.name] == question.key else question.key


def _actor(party: Party, name: str, stakes: Stakes, ledger: Ledger) -> Actor:
    stands = [stakes.stands[party.key, question.key] for question in stakes.questions]
    given = [stand.capability for stand in stands if stand.salience > 0]
    capability = given[0]
    if len(set(given)) > 1:
        capability = sum(given) / len(given)
        ledger.change(
            f"The capability of '{party.key}' differs by issue; {capability:g}, the mean, is written."
        )
    if not 0 < capability <= LARGEST_CAPABILITY:
        raise CallError(
            f"The capability of '{party.key}' is {capability:g}.",
            code="not-carried",
            where=party.key,
            hint=f"KTAB takes up to {LARGEST_CAPABILITY:g}; divide all of them by one number.",
        )
    return Actor(
        name=name,
        description=_cut(
            party.note or party.name or party.key, _LONGEST_DESCRIPTION, f"note on '{party.key}'", ledger
        ),
        capability=capability,
        positions=tuple(stand.position for stand in stands),
        saliences=tuple(percent(stand.salience) for stand in stands),
    )
