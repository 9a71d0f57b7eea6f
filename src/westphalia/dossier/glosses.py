"""The gloss of a statement whose meaning nobody has put into words yet.

A statement may be accepted before that; its gloss then says so, in a form that is told from any other.
"""

from __future__ import annotations

from collections.abc import Iterable

from westphalia.dossier.schema import Statement

_WAITS = "not yet in words."


def waiting_gloss(text: str, start: int) -> str:
    """Return the gloss of a statement that begins at a place of a text: its line, and that it waits.

    The words of the text stay out of the case file, and the meaning is for the coder to put down.
    """
    line = text.count("\n", 0, start) + 1
    return f"Line {line}: {_WAITS}"


def waits(gloss: str) -> bool:
    """Tell whether a gloss says that it waits for words."""
    return gloss.endswith(_WAITS)


def waits_for_words(statement: Statement) -> bool:
    """Tell whether the gloss of a statement still waits for words."""
    return waits(str(statement.gloss))


def without_words(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the statements whose gloss still waits for words."""
    return tuple(one for one in statements if waits_for_words(one))
