"""What makes a state stable, in words, in the language asked for; names come from the caller."""

from __future__ import annotations

from westphalia.methods.stability.conflict import Conflict
from westphalia.methods.stability.inverse import Condition
from westphalia.methods.stability.reasons_words import Names

_WORDS = {
    "en": {
        "always": "{actor} cannot leave {state}, or nothing it prefers could tempt it.",
        "if": "{actor} stays in {state} if to it {state} is at least as good as {clauses}.",
        "and clause": "; and as {clause}",
        "or": ", or ",
        "and": " and ",
        "both": "all of {states}",
        "more": "or one of {count} more",
        "further": "; and {count} such conditions more",
    },
    "de": {
        "always": "{actor} kann {state} nicht verlassen, oder nichts könnte dazu verlocken.",
        "if": "{actor} bleibt in {state}, wenn {state} mindestens so gut ist wie {clauses}.",
        "and clause": "; und wie {clause}",
        "or": " oder ",
        "and": " und ",
        "both": "alle von {states}",
        "more": "oder eine von {count} weiteren Möglichkeiten",
        "further": "; und {count} weitere solche Bedingungen",
    },
}


def condition_words(
    conflict: Conflict, met_if: Condition, names: Names | None = None, language: str = "en", *, most: int = 6
) -> str:
    """Return the condition as a sentence.

    Parameters
    ----------
    conflict, met_if: the conflict and the condition found for it.
    names: of actors and states.
    language: en or de; English for any other.
    most: how many clauses to tell besides those without alternative, and how many alternatives of
        each; the shortest go first.
    """
    known, table = names or Names(), _WORDS.get(language, _WORDS["en"])

    def state(at: int) -> str:
        return known.states.get(conflict.name(at), conflict.name(at))

    def term(states: tuple[int, ...]) -> str:
        listed = table["and"].join([", ".join(map(state, states[:-1])), state(states[-1])])
        return state(states[0]) if len(states) == 1 else table["both"].format(states=listed)

    def clause(terms: tuple[tuple[int, ...], ...]) -> str:
        told = [term(one) for one in terms[:most]]
        left = len(terms) - most
        more = " " + table["more"].format(count=left) if left > 0 else ""
        return table["or"].join(told) + more

    actor = conflict.actors[met_if.actor]
    parts = {"actor": known.actors.get(actor, actor), "state": state(met_if.state)}
    if not met_if.clauses:
        return table["always"].format(**parts)
    alone = tuple(at for terms in met_if.clauses if len(terms) == len(terms[0]) == 1 for at in terms[0])
    several = [terms for terms in met_if.clauses if not len(terms) == len(terms[0]) == 1]
    first, *rest = ([term(alone)] if alone else []) + [clause(terms) for terms in several]
    clauses = first + "".join(table["and clause"].format(clause=one) for one in rest[:most])
    if len(rest) > most:
        clauses += table["further"].format(count=len(rest) - most)
    return table["if"].format(**parts, clauses=clauses)
