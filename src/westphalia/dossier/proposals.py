"""The common form of what is proposed to a coder: stretches of a text, a tier, the rule that says so.

A proposal is never more than that: nothing here is a coded statement until a person accepts it. What
is not known is left open and asked (`Asked`), with the nearest candidates; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from westphalia.dossier.schema import Kind as ActKind
from westphalia.dossier.schema import Mode

Stretch = tuple[int, int]
"""Start and end in code points, as of a span."""

Kind = Literal["quotation", "speech", "mention", "date", "loaded", "act", "conflict", "new-actor", "meta"]
Tier = Literal["sure", "possible"]
Form = Literal["direct", "indirect", "free-indirect", "hearsay", "reported"]
"""How speech is given: in marks; as a clause; in the subjunctive without a frame; by *soll*; summarised."""
QuotationRole = Literal["speech", "fragment", "nickname", "title", "name", "distance"]

MODES: dict[Form, Mode] = {
    "direct": "quote",
    "indirect": "indirect",
    "free-indirect": "indirect",
    "hearsay": "hearsay",
    "reported": "indirect",
}
"""The mode of a statement by the form of the speech it is taken from."""


@dataclass(frozen=True, slots=True)
class KnownActor:
    """An actor of the case as plain data: all its names in all languages, aliases and roles.

    `kind` is the kind of actor of the case file (state, person, public, medium …); `speaks_for` the
    id of the principal of a person or medium.
    """

    id: str
    names: tuple[str, ...]
    kind: str | None = None
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    speaks_for: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may be meant: words of the text, and the actor they name if it is one of the case's."""

    words: Stretch
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the coder and the nearest candidates, the likeliest first."""

    question: Literal["who speaks?", "who is this?", "to whom?", "which event?", "of which year?"]
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """Who speaks, passes on or is addressed.

    `words` is where the text names it (None if it does not), `actor` the id of a known actor. A
    pronoun or a missing name is `asked`, and then `actor` is None.
    """

    words: Stretch | None = None
    actor: str | None = None
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """A pair of quotation marks: what stands between them, what it is, how deep it is nested.

    `content` lies between the marks and may be empty; `depth` is 0 outside all other marks.
    """

    content: Stretch
    role: QuotationRole
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Speech:
    """Reported speech: the words that mark it, who says it to whom, and what.

    `cue` has one stretch or several ("teilte … mit"), or none; `contents` has none where the speech
    is only summarised. `tellers` runs from the one nearest to the speaker to the one nearest to the
    reader.
    """

    form: Form
    mode: Mode
    cue: tuple[Stretch, ...]
    source: Party
    contents: tuple[Stretch, ...] = ()
    addressee: Party | None = None
    tellers: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names an actor of the case. `via` says by what: name, adjective, role, compound …."""

    actor: str
    via: str


@dataclass(frozen=True, slots=True)
class NewActor:
    """A name that is none of the case's. `alike` are actors whose names look like it, best first."""

    name: str
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timed:
    """When: an interval as ISO dates of their own precision, or an order to what `anchor` names.

    `first` and `last` are years, months or days as exact as the text is, or None; `relation` is
    before, after, during or same time; `anchor` the stretch of the event or None (the document's day,
    unless the event is `asked`). `unit` is the unit of the words, `offset` how many of them lie
    between the anchor and the two ends; `counted_from` the document's date where it was needed.
    """

    first: str | None = None
    last: str | None = None
    relation: Literal["before", "after", "during", "same time"] | None = None
    anchor: Stretch | None = None
    unit: Literal["minute", "hour", "day", "week", "month", "season", "year", "decade"] | None = None
    offset: tuple[int, int] | None = None
    counted_from: str | None = None
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A wording that judges: the word as it stands in the list, and what a neutral reader should know."""

    word: str
    note: str


@dataclass(frozen=True, slots=True)
class Act:
    """The kind of statement that a word of the list points to."""

    act: ActKind
    word: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two places that do not agree, and in which of our senses ("tellers", "earlier commitment" …)."""

    between: tuple[Stretch, Stretch]
    sort: str
    why: str


@dataclass(frozen=True, slots=True)
class Meta:
    """A field of the source (title, author, date, publisher …) that the text seems to give."""

    name: str
    value: str


Details = Quotation | Speech | Mention | NewActor | Timed | Loaded | Act | Conflict | Meta


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing proposed: its kind, where it stands, how sure, by which rule, and its details.

    `spans` are in order, do not overlap and are not empty; `rule` is an id that docs/dossier.md
    explains.
    """

    kind: Kind
    spans: tuple[Stretch, ...]
    tier: Tier
    rule: str
    details: Details

    @property
    def start(self) -> int:
        """Where the first span begins."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Where the last span ends."""
        return self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All proposals of one text, in the order of the text; at one place the wider comes first."""

    proposals: tuple[Proposal, ...] = field(default=())

    @staticmethod
    def of(*lists: tuple[Proposal, ...] | list[Proposal]) -> Sheet:
        """Return the sheet of several lists of proposals, put in order."""
        every = [one for proposals in lists for one in proposals]
        return Sheet(tuple(sorted(every, key=lambda p: (p.start, -p.end, p.kind, p.rule, p.spans))))

    def __iter__(self) -> Iterator[Proposal]:
        return iter(self.proposals)

    def __len__(self) -> int:
        return len(self.proposals)

    def of_kind(self, kind: Kind) -> tuple[Proposal, ...]:
        """Return the proposals of one kind, in order."""
        return tuple(one for one in self.proposals if one.kind == kind)
