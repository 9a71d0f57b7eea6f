"""Plain text, and what it says of itself in its first lines: proposals only, nothing is cut off."""

from __future__ import annotations

from westphalia.dossier.decoding import decoded
from westphalia.dossier.drafts import Draft, Proposed
from westphalia.dossier.headers import first_lines, glued_pairs, pair_of


def read_plain(raw: bytes, where: str) -> Draft:
    """Return the draft of a plain text.

    Raises
    ------
    FileError: the bytes are no text, or a damaged one.
    """
    text, repairs = decoded(raw, where)
    return Draft(text, _proposals(text), repairs)


def _proposals(text: str) -> tuple[Proposed, ...]:
    """Return the fields that header lines such as ``title: …`` or a leading ``date 2025-02`` give."""
    found: dict[str, Proposed] = {}
    for pair in glued_pairs(text):
        words = text[pair.whole[0] : pair.whole[1]]
        where = f"the words '{words}' at the beginning"
        found.setdefault(pair.field, Proposed(pair.field, pair.value, where))
    for line in first_lines(text):
        own = pair_of(text, line)
        if own is not None:
            number = text.count("\n", 0, line[0]) + 1
            found.setdefault(own.field, Proposed(own.field, own.value, f"line {number}"))
    return tuple(found.values())
