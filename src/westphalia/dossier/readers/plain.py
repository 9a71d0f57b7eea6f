"""Plain text, and what it says of itself in its first lines: proposals only, nothing is cut off."""

from __future__ import annotations

import re

from westphalia.dossier.decoding import decoded
from westphalia.dossier.drafts import Draft, Proposed

_LINES_READ = 12
_LINE = re.compile(
    r"^[ \t]*(title|author|date|url|publisher|language)[ \t]*:[ \t]*(\S.{0,300})$", re.IGNORECASE
)
# A header whose line end got lost: the date is followed by the text itself.
_GLUED = re.compile(r"^\s{0,8}(date|datum):?[ \t]{1,4}(\d{4}(?:-\d{2}){0,2})\b", re.IGNORECASE)


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
    head = text[:5000].splitlines()[:_LINES_READ]
    found: dict[str, Proposed] = {}
    for number, line in enumerate(head, 1):
        match = _LINE.match(line)
        if match:
            field = match.group(1).lower()
            found.setdefault(field, Proposed(field, match.group(2).strip(), f"line {number}"))
    glued = _GLUED.match(text[:100])
    if glued and "date" not in found:
        words = glued.group().strip()
        found["date"] = Proposed("date", glued.group(2), f"the words '{words}' at the beginning")
    return tuple(found.values())
