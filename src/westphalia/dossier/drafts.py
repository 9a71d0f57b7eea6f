"""What a reader of one kind of file hands on before the text is repaired and fixed."""

from __future__ import annotations

from dataclasses import dataclass

from westphalia.dossier.repairs import Repair


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a file says of itself: a field of a source, its value, and where it was read.

    `field` is title, author, date, url, publisher or language. It is a proposal to the analyst and
    is taken over by nothing.
    """

    field: str
    value: str
    where: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The text as it is stored, what the file proposes, and what had to be done or left out."""

    text: str
    proposed: tuple[Proposed, ...] = ()
    repairs: tuple[Repair, ...] = ()
