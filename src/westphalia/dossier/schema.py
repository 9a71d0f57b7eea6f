"""What a source, a span and a coded statement are."""

from __future__ import annotations

from collections.abc import Container
from itertools import count
from typing import Annotated, Literal

import pydantic
from pydantic import Field

from westphalia.fields import (
    DateField,
    Id,
    Ids,
    Model,
    TextField,
    ValueField,
    first_day,
    last_day,
    refuse,
)

Mode = Literal["quote", "indirect", "hearsay", "narration", "commentary"]
Kind = Literal[
    "position",
    "demand",
    "offer",
    "promise",
    "threat",
    "commitment",
    "fact",
    "forecast",
    "motive",
    "evaluation",
]
Status = Literal["suggested", "accepted", "rejected", "disputed"]
COUNTED: tuple[Status, ...] = ("accepted", "disputed")
"""What makes a statement evidence: accepted, or disputed between coders; not suggested or rejected."""
AUTHOR = "author"
"""Reserved speaker and teller: the author of the source."""


def free_id(wanted: str, taken: Container[str]) -> str:
    """Return an id for a source or a statement: the wanted one, or the first numbered one that is free."""
    numbered = (f"{wanted[:70]}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(each for each in numbered if each not in taken)


class Span(Model):
    """A stretch of a source's text, in code points, with hashes that find it again without the words.

    `words` is the hash of the exact words; `first` and `last` of the first and last three words;
    `before` and `after` of the neighbouring sentences; `sentence` is the number of the sentence in
    which the span begins. See `westphalia.dossier.anchors` for how each is made and used.
    """

    start: int = Field(ge=0)
    end: int = Field(ge=1)
    words: str | None = Field(None, pattern=r"^[0-9a-f]{16}$")
    sentence: int | None = Field(None, ge=0)
    first: str | None = Field(None, pattern=r"^[0-9a-f]{8}$")
    last: str | None = Field(None, pattern=r"^[0-9a-f]{8}$")
    before: str | None = Field(None, pattern=r"^[0-9a-f]{8}$")
    after: str | None = Field(None, pattern=r"^[0-9a-f]{8}$")

    @pydantic.model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.end <= self.start:
            raise refuse("span-order", f"The span ends at {self.end}, not after its start {self.start}.")
        return self


def _span(raw: object) -> object:
    if isinstance(raw, list | tuple):
        if len(raw) != 2:
            raise refuse("bad-span", f"A span is [start, end] in characters, not {len(raw)} numbers.")
        return {"start": raw[0], "end": raw[1]}
    return raw


_Pair = Annotated[list[int], Field(min_length=2, max_length=2)]
SpanField = Annotated[Span, pydantic.BeforeValidator(_span, json_schema_input_type=Span | _Pair)]


class Dated(Model):
    """When something was said or happened: a date with its precision, or an interval, or an order.

    `at` is a year, month or day and stays as exact as it is written; `inferred` says why, if the
    source does not state it; `words` is the span of the words that give the time; `relation` and
    `event` hold a time told by another event ("hours before the call").
    """

    at: DateField | None = None
    since: DateField | None = None
    until: DateField | None = None
    inferred: str | None = None
    words: SpanField | None = None
    relation: Literal["before", "after", "during", "same time"] | None = None
    event: Id | None = None

    @pydantic.model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.since and self.until and first_day(self.since) > last_day(self.until):
            raise refuse("date-order", f"since ({self.since}) is after until ({self.until}).")
        return self

    @property
    def first(self) -> str | None:
        """The date it begins, as exact as it is known."""
        return self.at or self.since

    @property
    def last(self) -> str | None:
        """The date it ends, as exact as it is known."""
        return self.at or self.until or self.since


def _dated(raw: object) -> object:
    return raw if isinstance(raw, dict | Dated) else {"at": raw}


DatedField = Annotated[Dated, pydantic.BeforeValidator(_dated, json_schema_input_type=Dated | DateField)]


class Flaw(Model):
    """A fault of the text itself: a broken header, mixed marks, a missing speaker."""

    span: SpanField | None = None
    kind: str
    note: TextField


class Source(Model):
    """A text someone published. `sha256` is of the text as decoded, LF, NFC, repairs done."""

    id: Id
    title: TextField
    kind: str | None = Field(None, description="article, speech, treaty, interview …")
    author: str | None = None
    publisher: str | None = None
    date: DatedField | None = None
    language: str | None = Field(None, pattern=r"^[a-z]{2,3}$")
    url: str | None = None
    rights: str | None = None
    file: str | None = Field(None, description="name of the file that holds the text")
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
    characters: int | None = Field(None, ge=1)
    flaws: tuple[Flaw, ...] = ()
    note: str | None = None


class About(Model):
    """What a statement is about: an actor's stand on an issue, or an event.

    `value` is where the statement puts the actor on the issue's scale (a number or range);
    `option` does the same on a nominal issue.
    """

    actor: Id | None = None
    issue: Id | None = None
    value: ValueField | None = None
    option: Id | None = None
    event: Id | None = None


def _abouts(raw: object) -> object:
    return [raw] if isinstance(raw, dict) else raw


AboutField = Annotated[
    tuple[About, ...],
    pydantic.BeforeValidator(_abouts, json_schema_input_type=About | list[About]),
]


class Loaded(Model):
    """A loaded wording: its span, and what a neutral reader should know of it."""

    span: SpanField
    note: TextField


class Statement(Model):
    """A coded span of a source: a speaker asserts something, told by a chain of tellers.

    `tellers` runs from the one nearest to the speaker to the one nearest to the reader; the author
    of the source tells everything and need not be named. `mode` says how the source gives it.
    """

    id: Id
    source: Id
    span: SpanField | None = None
    speaker: Id = Field(description="an actor's id, or 'author' for the source's author")
    tellers: Ids = ()
    addressee: Ids = ()
    mode: Mode
    kind: Kind
    about: AboutField = ()
    date: DatedField | None = None
    gloss: TextField
    loaded: tuple[Loaded, ...] = ()
    supports: Ids = ()
    contradicts: Ids = ()
    breaks: Ids = Field((), description="ids of statements or commitments that this one breaks")
    refers_to: Id | None = Field(None, description="id of another source that the statement points to")
    coder: str | None = Field(None, description="who coded it, or accepted it as suggested")
    status: Status = Field("accepted", description="where its review stands; hand-coded ones are accepted")
    note: str | None = None

    @property
    def counts(self) -> bool:
        """True if it is evidence: accepted, or disputed between coders; not if suggested or rejected."""
        return self.status in COUNTED
