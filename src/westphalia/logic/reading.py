"""From text to a formula, by descent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from westphalia.errors import CallError, suggest
from westphalia.logic.formulas import RELATIONS, WORDS, Constant, Count, Formula, Joined, Level, Not

MOST_TOKENS = 10_000
MOST_NESTED = 40

_TOKEN = re.compile(r'\s*(?:("(?:[^"]|"")*")|(\w[\w-]*)|(>=|<=|!=|[=<>(),])|(\S))')


class FormulaError(CallError):
    """A statement cannot be read; `column` (from 1) is where."""

    def __init__(self, message: str, *, where: str, column: int, hint: str = "") -> None:
        super().__init__(message, code="bad-formula", where=where, hint=hint)
        self.column = column


def parse(text: str, levels: Mapping[str, Sequence[str]]) -> Formula:
    """Return the formula that the text says. Cost is linear in its length.

    Parameters
    ----------
    text: a statement in the language of `westphalia.logic`.
    levels: the moves there are, each with the names of its levels, the lowest (not taken) first.

    Raises
    ------
    FormulaError: the text says nothing, is no statement, names a move or level there is not, is too
        long (more than `MOST_TOKENS` words and signs) or nested deeper than `MOST_NESTED`.
    """
    return _Reader(text, levels).read()


def pattern(text: str, levels: Mapping[str, Sequence[str]]) -> Formula:
    """Return the formula of a pattern such as ``YN-2``, one sign a move in the order of `levels`.

    Y: taken; N: not taken; a digit: at that level; a dash: either way.

    Raises
    ------
    FormulaError: the number of signs is not that of the moves, a sign is none of these, or a move
        has no such level.
    """
    signs = text.strip()
    if len(signs) != len(levels):
        raise FormulaError(
            f"The pattern has {len(signs)} signs for {len(levels)} moves.",
            where=_short(text),
            column=1,
            hint=f"One sign a move is needed: {_short(', '.join(levels))}.",
        )
    places = enumerate(zip(signs, levels.items(), strict=True), start=1)
    parts = [_sign(text, at, sign, move, words) for at, (sign, (move, words)) in places if sign not in "-–"]
    if len(parts) < 2:
        return parts[0] if parts else Constant(True)
    return Joined("and", tuple(parts))


def _sign(text: str, column: int, sign: str, move: str, words: Sequence[str]) -> Formula:
    if sign in "Yy":
        return Level(move, ">=", 1, "")
    if sign in "Nn":
        return Not(Level(move, ">=", 1, ""))
    if sign.isdecimal() and int(sign) < len(words):
        return Level(move, "=", int(sign), words[int(sign)])
    raise FormulaError(
        f"The sign '{sign}' at place {column} says nothing of '{move}'.",
        where=_short(text),
        column=column,
        hint=f"Y, N, a dash or a level from 0 to {len(words) - 1} is needed.",
    )


def _short(text: str, most: int = 80) -> str:
    """Return the text in one line, cut where it is long."""
    line = " ".join(text[: most * 4].split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """"word" of the language, "name", "sign", or "end"."""
    text: str
    column: int

    def __str__(self) -> str:
        return "The end" if self.kind == "end" else f"'{_short(self.text, 40)}'"

    @property
    def found(self) -> str:
        """Say that it is there."""
        return "The statement ends" if self.kind == "end" else f"There is {self}"


class _Reader:
    """Reads one text by descent, loosest words first; each method leaves the place after what it read."""

    def __init__(self, text: str, levels: Mapping[str, Sequence[str]]) -> None:
        self.text = text
        self.levels = levels
        self.tokens = list(self._split())
        self.at = 0
        self.depth = 0

    def read(self) -> Formula:
        """Return the formula of the whole text."""
        formula = self._statement()
        if self._now.kind != "end":
            self._fail(
                f"{self._now} does not follow",
                "Statements are joined by and, or, xor, if, iff or implies; parentheses say what is meant "
                "where there are several of the last three.",
            )
        return formula

    @property
    def _now(self) -> _Token:
        return self.tokens[self.at]

    def _split(self) -> Iterator[_Token]:
        at = 0
        for count, match in enumerate(_TOKEN.finditer(self.text.rstrip())):
            if count == MOST_TOKENS:
                self._fail(
                    f"The statement has more than {MOST_TOKENS:,} words and signs",
                    "Split it into several.",
                    at=1,
                )
            quoted, word, sign, strange = match.groups()
            column = match.end() - len(match.group().lstrip()) + 1
            if strange:
                hint = (
                    "A quote is not closed." if strange == '"' else "Names with such signs stand in quotes."
                )
                self._fail(f"'{strange}' has no meaning here", hint, at=column)
            if quoted:
                yield _Token("name", quoted[1:-1].replace('""', '"'), column)
            elif word:
                yield _token_of(word, column)
            else:
                yield _Token("sign", sign, column)
            at = match.end()
        yield _Token("end", "", at + 1)

    def _fail(self, message: str, hint: str, *, at: int | None = None) -> NoReturn:
        column = self._now.column if at is None else at
        raise FormulaError(
            f"{message} (column {column}).", where=_short(self.text) or "statement", column=column, hint=hint
        )

    def _takes(self, *texts: str) -> str:
        """Return which of these words or signs comes next and pass it; nothing if none does."""
        if self._now.kind in ("word", "sign") and self._now.text in texts:
            self.at += 1
            return self.tokens[self.at - 1].text
        return ""

    def _needs(self, text: str, after: str) -> None:
        if not self._takes(text):
            self._fail(f"{self._now.found} where '{text}' is needed", f"It closes or follows {after}.")

    def _statement(self) -> Formula:
        left = self._chain("or")
        word = self._takes("if", "iff", "implies")
        return Joined(word, (left, self._chain("or"))) if word else left

    def _chain(self, word: str) -> Formula:
        tighter = {"or": "xor", "xor": "and"}.get(word)
        parts: list[Formula] = []
        while not parts or self._takes(word):
            parts.append(self._chain(tighter) if tighter else self._negation())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _nested(self, read: Callable[[], Formula]) -> Formula:
        self.depth += 1
        if self.depth > MOST_NESTED:
            self._fail(f"The statement is nested deeper than {MOST_NESTED}", "Split it into several.")
        formula = read()
        self.depth -= 1
        return formula

    def _negation(self) -> Formula:
        return Not(self._nested(self._negation)) if self._takes("not") else self._atom()

    def _atom(self) -> Formula:
        if self._takes("("):
            formula = self._nested(self._statement)
            self._needs(")", "what was opened by '('")
            return formula
        constant = self._takes("true", "false")
        if constant:
            return Constant(constant == "true")
        bound = self._takes("at", "exactly")
        if bound:
            return self._count(bound)
        if self._now.kind != "name":
            self._fail(f"{self._now.found} where a statement is needed", "Name a move, or open with '('.")
        return self._level()

    def _count(self, bound: str) -> Formula:
        if bound == "at":
            degree = self._takes("most", "least")
            if not degree:
                self._fail(f"{self._now.found} after 'at'", "Write 'at most' or 'at least'.")
            bound = f"at {degree}"
        number = self._number(bound)
        self._needs("of", f"the number of '{bound}'")
        self._needs("(", "'of'")
        parts = [self._nested(self._statement)]
        while self._takes(","):
            parts.append(self._nested(self._statement))
        self._needs(")", "the list of statements")
        return Count(bound, number, tuple(parts))

    def _number(self, bound: str) -> int:
        token = self._now
        if not (token.text.isascii() and token.text.isdecimal() and len(token.text) < 6):
            self._fail(f"{token.found} where '{bound}' needs a number", "A whole number from 0 is needed.")
        self.at += 1
        return int(token.text)

    def _level(self) -> Formula:
        move = self._now.text
        if move not in self.levels:
            self._fail(f"{self._now} is no move", suggest(move, self.levels))
        self.at += 1
        relation = self._takes(*RELATIONS)
        if not relation:
            return Level(move, ">=", 1, "")
        if self._now.kind != "name":
            self._fail(f"{self._now.found} where a level of '{move}' is needed", self._known(move))
        level = self._place(move, self._now.text)
        self.at += 1
        return Level(move, relation, level, self.tokens[self.at - 1].text)

    def _place(self, move: str, word: str) -> int:
        """Return the place of a level by its name, else by its number if no name is a number."""
        names = list(self.levels[move])
        if word in names:
            return names.index(word)
        counts = not any(name.isdecimal() for name in names) and word.isascii() and word.isdecimal()
        if counts and len(word) < 6 and int(word) < len(names):
            return int(word)
        self._fail(f"{self._now} is no level of '{move}'", self._known(move))

    def _known(self, move: str) -> str:
        return f"Its levels are {_short(', '.join(self.levels[move]))}; the first is number 0."


def _token_of(word: str, column: int) -> _Token:
    lower = word.lower()
    return _Token("word", lower, column) if lower in WORDS else _Token("name", word, column)
