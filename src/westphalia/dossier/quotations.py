"""Quotation marks: which belong together, and which of them hold speech.

Pairs are found by one stack a paragraph. A low mark opens; any other opens where a blank, a bracket
or an opening mark stands before it and no blank behind it, and else closes. Marks of different kinds
may close one another, as texts mix them; apostrophes never open or close a double mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from westphalia.dossier.lexicon import table
from westphalia.dossier.proposals import KnownActor, Proposal, Quotation, QuotationRole, Stretch, Tier
from westphalia.dossier.sentences import paragraphs

_MARK = re.compile("''|``|[\"“”„‟«»'‘’‚‛‹›]")
_LOW = "„‚"
_SINGLE = "'‘’‚‛‹›"
_APOSTROPHES = "'’"
_BEFORE_OPENING = " \t\n\u00a0\u202f([{/–—-\"“”„«»'‘’‚‹›:,"
_WORD = re.compile(r"\w+(?:[-.’']\w+)*")
_STOP = re.compile(r"\w{3}[.!?…]\s")
_FINAL = ".!?…"
_WORDS_OF_A_NAME = 5
_WORDS_OF_SPEECH = 8
_REACH = 80
_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class _Pair:
    """A pair of marks: the stretch with them, that between them, and how deep it is nested."""

    outer: Stretch
    inner: Stretch
    depth: int
    is_closed: bool = True


def propose_quotations(text: str, actors: Iterable[KnownActor] = ()) -> list[Proposal]:
    """Return every pair of quotation marks, with what it is: speech, fragment, nickname, title ….

    Cost: linear in the text.
    """
    names = frozenset(_folded(name) for actor in actors for name in (*actor.names, *actor.aliases))
    return [
        _judged(text, pair, around, names) for around in paragraphs(text) for pair in _pairs(text, around)
    ]


# --- pairing -----------------------------------------------------------------------------------


def _pairs(text: str, around: Stretch) -> list[_Pair]:
    """Return the pairs of one paragraph in the order of their opening marks."""
    stack: list[re.Match[str]] = []
    found: list[_Pair] = []
    for mark in _MARK.finditer(text, *around):
        if _is_apostrophe(text, mark, stack):
            continue
        if _opens(text, mark, around, stack):
            stack.append(mark)
            # Marks that nothing closes must not pile up.
            del stack[:-_DEEPEST]
            continue
        place = _partner(mark, stack)
        if place is not None:
            opening = stack[place]
            del stack[place:]
            found.append(_Pair((opening.start(), mark.end()), (opening.end(), mark.start()), len(stack)))
    if stack and stack[0].group() not in _SINGLE and _goes_on(text, around[1]):
        found.append(_Pair((stack[0].start(), around[1]), (stack[0].end(), around[1]), 0, is_closed=False))
    # A mark that nothing closes is no depth for the marks behind it.
    return _levelled(found)


def _is_apostrophe(text: str, mark: re.Match[str], stack: list[re.Match[str]]) -> bool:
    if mark.group() not in _APOSTROPHES:
        return False
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    if before.isalnum() and after.isalnum():
        return True
    return before.isalnum() and not any(one.group() in _SINGLE for one in stack)


def _opens(text: str, mark: re.Match[str], around: Stretch, stack: list[re.Match[str]]) -> bool:
    if mark.group() in _LOW:
        return True
    # Two apostrophes close what two grave marks open; alone they are marks of wikis, not of speech.
    if mark.group() in ("’", "''"):
        return False
    before = text[mark.start() - 1] if mark.start() > around[0] else " "
    after = text[mark.end()] if mark.end() < around[1] else " "
    if before not in _BEFORE_OPENING:
        return False
    if after.isspace():
        # French marks have blanks inside: « Partons ! »
        return mark.group() in "«»" and not any(one.group() in "«»" for one in stack)
    if before in _BEFORE_OPENING[4:] and stack and stack[-1].end() < mark.start() and not after.isalnum():
        return after in _LOW
    return True


def _partner(mark: re.Match[str], stack: list[re.Match[str]]) -> int | None:
    """Return the place in the stack of the mark that this one closes: the last of its size."""
    if mark.group() == "''" and not any(one.group() == "``" for one in stack):
        return None
    is_single = mark.group() in _SINGLE
    for place in range(len(stack) - 1, -1, -1):
        if (stack[place].group() in _SINGLE) == is_single:
            return place
    if is_single and mark.group() in _APOSTROPHES:
        return None
    return len(stack) - 1 if stack else None


def _goes_on(text: str, end: int) -> bool:
    """Tell whether the next paragraph opens a mark again, as long quotations in English do."""
    following = text[end : end + _REACH].lstrip()
    return bool(following) and following[0] in '"“„«»'


def _levelled(pairs: list[_Pair]) -> list[_Pair]:
    ends: list[int] = []
    levelled = []
    for pair in sorted(pairs, key=lambda one: (one.outer[0], -one.outer[1])):
        while ends and ends[-1] <= pair.outer[0]:
            ends.pop()
        levelled.append(_Pair(pair.outer, pair.inner, len(ends), pair.is_closed))
        ends.append(pair.outer[1])
    return levelled


# --- what it is --------------------------------------------------------------------------------


def _judged(text: str, pair: _Pair, around: Stretch, names: frozenset[str]) -> Proposal:
    role, tier, rule = next(_roles(text, pair, around, names))
    return Proposal(
        "quotation", (pair.outer,), tier, f"quotation.{rule}", Quotation(pair.inner, role, pair.depth)
    )


def _roles(
    text: str, pair: _Pair, around: Stretch, names: frozenset[str]
) -> Iterator[tuple[QuotationRole, Tier, str]]:
    """Yield what the pair is by each rule that holds, the strongest first; the last always holds."""
    inside = text[slice(*pair.inner)].strip()
    words = _WORD.findall(inside)
    before = text[max(around[0], pair.outer[0] - _REACH) : pair.outer[0]]
    after = text[pair.outer[1] : min(around[1], pair.outer[1] + _REACH)]
    last = (_WORD.findall(before) or [""])[-1].lower()
    is_full = _is_full(inside, words)
    if not pair.is_closed:
        yield "speech", "possible", "goes-on"
    if _folded(inside) in names:
        yield "name", "sure", "known-name"
    if last in _list("pointers"):
        yield "title", "sure", "pointer"
    if not is_full and _is_nickname(words, before, after):
        yield "nickname", "sure", "nickname"
    if not before.rstrip().endswith(":") and not _ends(inside):
        if len(words) <= _WORDS_OF_A_NAME and words and words[0][0].isupper() and _is_headed(last, "names"):
            yield "name", "sure", "named"
        if words and words[0][:1].isupper() and _is_headed(last, "titles"):
            yield "title", "sure", "titled"
    if is_full:
        yield "speech", "sure", "sentence"
    yield from _short(words)


def _short(words: list[str]) -> Iterator[tuple[QuotationRole, Tier, str]]:
    if len(words) <= 1:
        yield "distance", "possible", "one-word"
    if all(word[0].isupper() or word[0].isdigit() for word in words):
        yield "name", "possible", "capitals"
    yield "fragment", "possible", "fragment"


def _is_full(inside: str, words: list[str]) -> bool:
    """Tell whether the words are an utterance: a sentence by its end, its finite verb or its length."""
    if len(words) >= 2 and (_ends(inside) or _STOP.search(inside)):
        return True
    small = sum(word[0].islower() for word in words)
    has_verb = any(word in _list("verbs") for word in words)
    return len(words) >= 3 and small >= 2 and (has_verb or len(words) >= _WORDS_OF_SPEECH)


def _ends(inside: str) -> bool:
    return inside.rstrip("\"“”»«'’‘").endswith(tuple(f"{_FINAL},"))


def _is_nickname(words: list[str], before: str, after: str) -> bool:
    """Tell whether the marks stand within a personal name: „Pete“ between a first and a last name."""
    first = re.search(r"(\w[\w.-]*)\s$", before)
    last = re.match(r"\s(\w[\w-]*)", after)
    if not first or not last or not 1 <= len(words) <= 2:
        return False
    parts = (first.group(1), last.group(1), words[0])
    if not all(part[0].isupper() for part in parts) or _is_headed(parts[0].lower(), "names", "titles"):
        return False
    # "der Münchner „Gipfel“ GIP": an adjective of a town and a short form make no person.
    is_short_form = len(parts[1]) >= 3 and parts[1].isupper()
    return not is_short_form and not re.search(r"\b[a-zäöüß]+\s\w+er\s$", before)


def _is_headed(word: str, *rows: str) -> bool:
    return any(word.endswith(head) for row in rows for head in _list(row))


def _list(row: str) -> tuple[str, ...]:
    return table("marks")[row]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
