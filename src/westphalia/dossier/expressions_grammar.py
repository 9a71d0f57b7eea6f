"""The grammar of times: rules read from the lists of a language, each one pattern with named slots."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from westphalia.dossier.lexicon import entries

_BLANK = r"(?:[ \t\u00a0\u202f]{1,3}|[ \t]?\n[ \t]?)"
_NUMBERS = {
    "day": r"0?[1-9]|[12]\d|3[01]",
    "monthnumber": r"0?[1-9]|1[0-2]",
    "year": r"1[0-9]\d\d|20\d\d",
    "yearlast": r"1[0-9]\d\d|20\d\d",
}
_SLOT = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"\w+")
_ENDS = r"(?![\w])(?!-\d)(?![.,:/]\d)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, its pattern, and what it gives beside the words of its slots."""

    id: str
    pattern: re.Pattern[str]
    gives: dict[str, str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The rules of a language, the values of the words in their slots, and all words they can begin with."""

    rules: tuple[Rule, ...]
    values: dict[str, dict[str, str]]
    vocabulary: frozenset[str]


@cache
def grammar(language: str) -> Grammar:
    """Return the grammar of times of a language."""
    rows = entries("times", language)
    values = dict(_values(row) for row in rows if row.startswith("slot "))
    rules = tuple(_rule(row, values, language) for row in rows if row.startswith("rule "))
    listed = {word for slot in values.values() for word in slot}
    patterns = " ".join(row.split("|", 2)[2] for row in rows if row.startswith("rule "))
    return Grammar(rules, values, frozenset({*listed, *_WORD.findall(patterns.lower())}))


def _values(row: str) -> tuple[str, dict[str, str]]:
    name, _, words = row.removeprefix("slot ").partition(":")
    pairs = (word.partition("=") for word in words.split())
    return name, {word: value for word, _, value in pairs}


def _rule(row: str, values: dict[str, dict[str, str]], language: str) -> Rule:
    name, gives, pattern = (part.strip() for part in row.removeprefix("rule ").split("|", 2))
    slots = {**_NUMBERS, **{slot: _any(words) for slot, words in values.items()}}
    slots["n"] = rf"\d{{1,4}}|{slots['n']}"
    slots["event"], slots["thing"] = _phrases(values, language)
    named = _SLOT.sub(lambda slot: f"(?P<{slot.group(1)}>{slots[slot.group(1)]})", _spaced(pattern))
    compiled = re.compile(named.replace("(?P<thing>", "(?P<event>") + _ENDS, re.IGNORECASE)
    return Rule(f"time-{name}", compiled, dict(give.partition("=")[::2] for give in gives.split()))


def _spaced(pattern: str) -> str:
    return re.sub(r" (?!\?)", lambda _: _BLANK, pattern)


def _any(words: dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _phrases(values: dict[str, dict[str, str]], language: str) -> tuple[str, str]:
    """Return the patterns of a phrase with a noun of an event, and of any phrase with a noun."""
    det, noun = f"(?:(?:{_any(values['det'])}){_BLANK})", f"(?:{_any(values['noun'])})"
    words = rf"(?:[^\W\d_][\w-]{{0,40}}{_BLANK})"
    event = rf"{det}?{words}{{0,3}}?"
    if language == "de":
        capital = r"(?-i:[A-ZÄÖÜ])[\w-]{0,60}"
        head = rf"(?=(?-i:[A-ZÄÖÜ]))(?:[\w-]{{0,60}}?){noun}"
        lower = rf"(?:(?-i:[a-zäöüß])[\w-]{{0,40}}{_BLANK})"
        return rf"{det}?{words}{{0,2}}?{head}", rf"{det}?{lower}{{0,2}}{capital}(?:{_BLANK}{capital}){{0,2}}"
    return rf"{event}{noun}", rf"{event}{noun}(?!\w)|{det}[\w-]{{1,40}}|(?-i:[A-Z])[\w-]{{0,40}}"
