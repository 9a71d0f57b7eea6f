"""A text in parts, each cut into blocks and pieces, so that a page can show statements where they stand.

The pieces of a block joined are the very text of the block: a place on the page can be counted back to a
place in the source. Everything is linear in what is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from westphalia.dossier.outline import digest
from westphalia.dossier.schema import Mode, Statement
from westphalia.dossier.sentences import Stretch, paragraphs

PART = 20_000
"""Characters after which a part of a text ends, at the next end of a block."""
LONGEST_BLOCK = 5_000
"""Characters after which a paragraph is cut at a blank, so that no block is endless."""
LEVELS = 4
"""How many spans can lie over one another, each with a line of its own."""

Part = tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A statement, by its `id` and `mode`, over a stretch of text; `level` says which line is its own."""

    id: str
    mode: Mode
    level: int


@dataclass(frozen=True, slots=True)
class Piece:
    """`words` under the same statements: `marks` from the outermost, of which `begins` begin here."""

    words: str
    marks: tuple[Mark, ...]
    begins: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a part of a long one, from `start` to `end`.

    `number` counts the blocks of the whole text from 1; `pieces` are its words, `begins` the ids of the
    statements that begin in it.
    """

    number: int
    start: int
    end: int
    pieces: tuple[Piece, ...]
    begins: tuple[str, ...]


@lru_cache(maxsize=16)
def parts(text: str) -> tuple[Part, ...]:
    """Return the blocks of a text, gathered into parts of about `PART` characters."""
    found: list[list[Stretch]] = [[]]
    size = 0
    for start, end in _blocks(text):
        if size >= PART:
            found.append([])
            size = 0
        found[-1].append((start, end))
        size += end - start
    return tuple(map(tuple, found))


def _blocks(text: str) -> Iterator[Stretch]:
    for start, end in paragraphs(text):
        at = start
        while end - at > LONGEST_BLOCK:
            cut = text.rfind(" ", at + 1, at + LONGEST_BLOCK) + 1 or at + LONGEST_BLOCK
            yield at, cut
            at = cut
        yield at, end


def part_at(text: str, place: int) -> int:
    """Return the number, from 0, of the part that holds a place of the text, or the next after it."""
    ends = [part[-1][1] for part in parts(text) if part]
    return min(bisect_right(ends, place), max(0, len(ends) - 1))


def block_at(text: str, number: int) -> Stretch | None:
    """Return the stretch of the block with a number, from 1, None if there is none."""
    every = [stretch for part in parts(text) for stretch in part]
    return every[number - 1] if 1 <= number <= len(every) else None


def blocks_of(text: str, part: int, statements: Iterable[Statement]) -> tuple[Block, ...]:
    """Return the blocks of a part, counted from 0, with the statements over them."""
    cut = parts(text)
    here = cut[part]
    if not here:
        return ()
    number = sum(len(one) for one in cut[:part])
    since = cut[part - 1][-1][1] if part else 0
    placed = _placed(statements, since, here[-1][1])
    over = _by_block(here, placed)
    found = []
    for stretch, lying in zip(here, over, strict=True):
        number += 1
        begun = {mark.id: mark for start, _, mark in lying if start >= since}
        found.append(Block(number, *stretch, tuple(_pieces(text, stretch, lying, begun)), tuple(begun)))
        since = stretch[1]
    return tuple(found)


_Placed = tuple[int, int, Mark]


def _placed(statements: Iterable[Statement], start: int, end: int) -> list[_Placed]:
    """Return the statements that reach into a stretch, in order, each on the lowest level that is free."""
    spans = [
        (one.span, one) for one in statements if one.span and one.span.start < end and one.span.end > start
    ]
    spans.sort(key=lambda pair: (pair[0].start, -pair[0].end, pair[1].id))
    found: list[_Placed] = []
    until: list[int] = []
    for span, one in spans:
        free = next((level for level, last in enumerate(until) if last <= span.start), len(until))
        until[free : free + 1] = [span.end]
        found.append((span.start, span.end, Mark(one.id, one.mode, free % LEVELS)))
    return found


def _by_block(blocks: Sequence[Stretch], placed: Iterable[_Placed]) -> list[list[_Placed]]:
    over: list[list[_Placed]] = [[] for _ in blocks]
    ends = [end for _, end in blocks]
    for one in placed:
        at = bisect_right(ends, one[0])
        while at < len(blocks) and blocks[at][0] < one[1]:
            over[at].append(one)
            at += 1
    return over


def _pieces(text: str, block: Stretch, over: Iterable[_Placed], begun: Mapping[str, Mark]) -> Iterator[Piece]:
    """Yield the pieces of a block: it is cut wherever a statement begins or ends."""
    first, last = block
    opened: dict[int, list[Mark]] = defaultdict(list)
    closed: dict[int, list[str]] = defaultdict(list)
    for start, end, mark in over:
        opened[max(start, first)].append(mark)
        closed[min(end, last)].append(mark.id)
    lying: dict[str, Mark] = {}
    for left, right in pairwise(sorted({first, last, *opened, *closed})):
        for name in closed[left]:
            del lying[name]
        lying |= {mark.id: mark for mark in opened[left]}
        begins = tuple(mark for mark in opened[left] if mark.id in begun)
        yield Piece(text[left:right], tuple(lying.values()), begins)


def is_as_coded(statement: Statement, text: str) -> bool:
    """Tell whether the words that were coded stand at the place of a statement, as far as its hash tells."""
    span = statement.span
    if span is None or span.end > len(text):
        return span is None
    return span.words in (None, digest(text[span.start : span.end], 16))
