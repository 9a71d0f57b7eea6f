"""What every import of a case gives, what every export takes, and what a format is.

A format is one record `Format` beside its reader and writer; `westphalia.formats.known` lists them all.
Formats do not know the case: a reader returns the plain tree of a case file, a writer takes one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from westphalia.formats.reports import shown

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from westphalia.logic import Formula

HEAD_BYTES = 65_536
"""How much of a file `Format.sniff` sees."""


@dataclass(frozen=True)
class Account:
    """What became of a file's content, in sentences.

    `carried` says what came over, `changed` what was taken otherwise than it is written, and
    `not_carried` what is left behind.
    """

    carried: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    not_carried: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, list[str]]:
        """Return the account as plain data, the one shape all faces give out."""
        return {
            "carried": list(self.carried),
            "changed": list(self.changed),
            "not_carried": list(self.not_carried),
        }


@dataclass
class Ledger:
    """Sentences collected while a file is read or written; each is kept once."""

    carried: dict[str, None] = field(default_factory=dict)
    changed: dict[str, None] = field(default_factory=dict)
    left: dict[str, None] = field(default_factory=dict)

    def carry(self, sentence: str) -> None:
        """Say what came over."""
        self.carried[shown(sentence)] = None

    def change(self, sentence: str) -> None:
        """Say what was taken otherwise than it is written."""
        self.changed[shown(sentence)] = None

    def leave(self, sentence: str) -> None:
        """Say what is left behind."""
        self.left[shown(sentence)] = None

    def account(self) -> Account:
        """Return all that was said."""
        return Account(tuple(self.carried), tuple(self.changed), tuple(self.left))


@dataclass(frozen=True)
class ImportedCase:
    """A file of others as a case.

    `tree` is the plain tree of the case file (docs/case-file.md) without the keys `westphalia`, `id`
    and, where the file knows no date, `date`: who saves it adds them. Every number in it names
    evidence or an assumption. `beside` holds files to be saved in the folder of the case, by a plain
    name or a name in one folder (``texts/one.txt``). `commands` are what to run next, with ``{case}``
    where the folder of the case belongs.
    """

    tree: dict[str, Any]
    account: Account
    beside: dict[str, bytes] = field(default_factory=dict)
    commands: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutgoingMove:
    """A move of a graph model: `owner` is the place of its actor, `levels` name it from not taken upwards."""

    id: str
    owner: int
    levels: tuple[str, ...]
    can_rise: bool
    can_fall: bool


@dataclass(frozen=True)
class OutgoingGraph:
    """The graph model of a case without doubt, in option form.

    A state is feasible where none of `infeasible` holds. `codes` (state) are the feasible ones, those of
    a mixed number whose first move changes fastest; `rank` (actor, state) is higher for better states.
    `wishes` are by actor in order of priority; an actor whose preferences are stated otherwise has none.
    `odd` says why the graph model is not in option form, or has moves that depend on the state.
    """

    actors: tuple[str, ...]
    moves: tuple[OutgoingMove, ...]
    infeasible: tuple[Formula, ...]
    codes: np.ndarray
    rank: np.ndarray
    wishes: dict[str, tuple[Formula, ...]]
    odd: str = ""


@dataclass(frozen=True)
class Outgoing:
    """A case on its way out.

    `tree` is the plain tree of its file, `central` its labelled inputs without doubt (docs/design.md
    §4), `doubtful` how many of these are not known exactly, `name` where the case comes from,
    `sources` the folder with the texts of its sources, if known. `graph` works out the graph model, or
    raises CallError if the case has none.
    """

    tree: dict[str, Any]
    central: xr.Dataset
    name: str
    doubtful: int = 0
    sources: Path | None = None
    graph: Callable[[], OutgoingGraph] | None = None


@dataclass(frozen=True)
class Format:
    """A format that cases come from or go to.

    `id` is its name on the command line, `suffixes` the endings its files have, in lower case with
    the dot. `sniff` says by the first `HEAD_BYTES` bytes whether a file is in it, `sign` says in words
    by what it tells. `read` and `write` raise FileError (and `write` CallError) with a reason that
    names the place; either is None where the format is not read or not written. `read_part` reads by
    its name one of several things that a file may hold.
    """

    id: str
    title: str
    suffixes: tuple[str, ...]
    sign: str
    sniff: Callable[[bytes], bool]
    read: Callable[[Path], ImportedCase] | None = None
    write: Callable[[Outgoing, Path], Account] | None = None
    read_part: Callable[[Path, str], ImportedCase] | None = None
