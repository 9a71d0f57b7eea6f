"""What a language model answers, held against the paragraph it was asked about: taken over or refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from westphalia.dossier.assistant_endpoint import plain
from westphalia.dossier.proposals import KnownActor
from westphalia.dossier.schema import AUTHOR, Kind, Mode

MOST_STATEMENTS = 200
LONGEST_GLOSS = 500
_KINDS, _MODES = get_args(Kind), get_args(Mode)
_FIELDS = frozenset({"quote", "occurrence", "speaker", "kind", "mode", "issue", "gloss"})
_LIKELIHOOD = re.compile(
    r"\d\s*(%|per ?cent\b|prozent)|\b(probab|likel|confiden|wahrscheinlich|chance|odds|certain)\w*",
    re.IGNORECASE,
)
_FENCE = re.compile(r"\A\s*```[a-zA-Z]*\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Topic:
    """An issue of the case as plain data."""

    id: str
    question: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What of an answer was refused or taken out, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposal that holds: its place in the paragraph, and what is known of the statement."""

    start: int
    end: int
    kind: Kind
    mode: Mode
    speaker: str | None
    issue: str | None
    gloss: str | None


def read_answer(
    answer: str, paragraph: str, actors: Sequence[KnownActor], issues: Sequence[Topic]
) -> tuple[tuple[Accepted, ...], tuple[Refusal, ...]]:
    """Return the proposals of an answer that hold, and what was refused of it.

    A quotation must stand in the paragraph letter for letter, once or with its occurrence; kind and
    mode must be ours. A speaker or issue that the case does not have is taken out, and so is every
    further field, such as a probability, and a gloss that speaks of likelihood where the quotation
    does not.
    """
    items, refused = _items(answer)
    reader = _Reader(paragraph, {one.id for one in actors} | {AUTHOR}, {one.id for one in issues}, refused)
    found = tuple(one for item in items for one in reader.read(item))
    return tuple(dict.fromkeys(found)), tuple(refused)


def _items(answer: str) -> tuple[list[Any], list[Refusal]]:
    fenced = _FENCE.match(answer)
    try:
        held = json.loads(fenced.group(1) if fenced else answer)
    except (ValueError, RecursionError):
        return [], [Refusal(_shown(answer), "The answer is no JSON.")]
    items = held.get("statements") if isinstance(held, dict) else held
    if not isinstance(items, list):
        return [], [Refusal(_shown(held), "The answer has no list of statements.")]
    more = len(items) - MOST_STATEMENTS
    over = (
        [Refusal(f"{more} statements", f"More than {MOST_STATEMENTS} for one paragraph.")] if more > 0 else []
    )
    return items[:MOST_STATEMENTS], over


def _shown(value: Any) -> str:
    """Return a value of a stranger for a message: short, on one line, without what cannot be shown."""
    text = value[: 4 * _SHOWN] if isinstance(value, str) else repr(value)[: 4 * _SHOWN]
    line = plain(text)
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


@dataclass
class _Reader:
    """Reads the statements of one answer; what is refused is added to `refused`."""

    paragraph: str
    speakers: set[str]
    issues: set[str]
    refused: list[Refusal]

    def read(self, item: Any) -> Iterator[Accepted]:
        """Yield the statement if it holds."""
        if not isinstance(item, dict):
            self._refuse(item, "A statement is a mapping.")
            return
        quote = item.get("quote")
        place = self._place(quote, item.get("occurrence"))
        if place is None:
            return
        if item.get("kind") not in _KINDS or item.get("mode") not in _MODES:
            self._refuse(
                quote, f"'{_shown(item.get('kind'))}' or '{_shown(item.get('mode'))}' is no kind or mode."
            )
            return
        self._strip(item, str(quote))
        yield Accepted(
            *place,
            kind=item["kind"],
            mode=item["mode"],
            speaker=self._known(item, "speaker", self.speakers),
            issue=self._known(item, "issue", self.issues),
            gloss=self._gloss(item.get("gloss"), str(quote)),
        )

    def _place(self, quote: Any, occurrence: Any) -> tuple[int, int] | None:
        if not isinstance(quote, str) or not quote.strip():
            self._refuse(quote, "There is no quotation.")
            return None
        places = [found.start() for found in re.finditer(f"(?={re.escape(quote)})", self.paragraph)]
        if not places:
            self._refuse(quote, "These words do not stand in the paragraph.")
            return None
        is_number = isinstance(occurrence, int) and not isinstance(occurrence, bool)
        if len(places) == 1 and occurrence is None:
            at = places[0]
        elif is_number and 1 <= occurrence <= len(places):
            at = places[occurrence - 1]
        else:
            self._refuse(
                quote, f"These words stand there {len(places)} times, and no place of them is named."
            )
            return None
        # Blanks at the edges carry nothing and would only hide that two quotations are the same.
        start = at + len(quote) - len(quote.lstrip())
        return start, start + len(quote.strip())

    def _known(self, item: dict[Any, Any], field: str, known: set[str]) -> str | None:
        name = item.get(field)
        if name is None or (isinstance(name, str) and name in known):
            return name
        self._refuse(name, f"The case has no such {field}; it was left open.")
        return None

    def _strip(self, item: dict[Any, Any], quote: str) -> None:
        for name in item:
            if name not in _FIELDS:
                self._refuse(name, f"The field was taken out of the proposal for '{_shown(quote)}'.")

    def _gloss(self, gloss: Any, quote: str) -> str | None:
        if gloss is None:
            return None
        words = gloss if isinstance(gloss, str) and not re.search("[\ud800-\udfff]", gloss) else ""
        line = plain(words)
        if not line or len(line) > LONGEST_GLOSS:
            self._refuse(gloss, "The gloss is no sentence; it was left out.")
            return None
        if _LIKELIHOOD.search(line) and not _LIKELIHOOD.search(quote):
            self._refuse(line, "The gloss judges how likely something is; it was left out.")
            return None
        return line

    def _refuse(self, what: Any, why: str) -> None:
        self.refused.append(Refusal(_shown(what), why))
