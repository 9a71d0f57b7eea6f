"""What a case goes out as: files of other tools, tables, networks; each says what it does not hold."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from westphalia.analyses.sampling import sample
from westphalia.case.document import Document
from westphalia.case.inputs import build
from westphalia.case.tables.stands import write_table
from westphalia.errors import CallError, WestphaliaError, suggest
from westphalia.formats.graphml import graphml
from westphalia.formats.imported import Account, Format
from westphalia.formats.known import FORMATS
from westphalia.language import marked as _
from westphalia.runs.networks import graph_of_case, networks
from westphalia.workspace.outgoing import outgoing_of

_DRAWS, _SEED = 2000, 1
"""As `westphalia networks` has them, so that the file is the same."""

Maker = Callable[[Document, Path | None], tuple[bytes, Account]]


@dataclass(frozen=True)
class Export:
    """A way for a case to go out.

    `title` says what it is and, where it is one of a tool, whose; `suffix` is the ending of its file; `make`
    returns the file of a case, with the folder that holds the texts of its sources, and what became of it.
    """

    id: str
    title: str
    suffix: str
    make: Maker


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the content of a case in a file, or why it cannot be written (`open`)."""

    account: Account
    open: str = ""


def find_export(name: str) -> Export:
    """Return the export of that id.

    Raises
    ------
    CallError: there is none; names the nearest.
    """
    by_id = {one.id: one for one in EXPORTS}
    if name not in by_id:
        message = f"A case does not go out as '{name}'."
        raise CallError(message, code="unknown-format", where=name, hint=suggest(name, by_id))
    return by_id[name]


def tried(document: Document, sources: Path | None) -> dict[str, Tried]:
    """Return what every way out would hold of a case, by id; takes up to a second on a large one."""
    return {one.id: _tried(one, document, sources) for one in EXPORTS}


def _tried(one: Export, document: Document, sources: Path | None) -> Tried:
    try:
        return Tried(one.make(document, sources)[1])
    except WestphaliaError as error:
        return Tried(Account(), f"{error.message} {error.hint}".strip())


# --- the ways out ----------------------------------------------------------------------------------------


def _file(document: Document, _sources: Path | None) -> tuple[bytes, Account]:
    account = Account(
        carried=(_("All of the case, with its comments."),),
        not_carried=(_("The texts of the sources, the history of the case, and runs."),),
    )
    return document.raw(), account


def _stands(suffix: str, document: Document, _sources: Path | None) -> tuple[bytes, Account]:
    account = Account(
        carried=(_("Stands and capability, with their doubt, evidence and assumptions."),),
        not_carried=(
            _("Sources, statements, commitments, moves, events, scenarios, and what no deal is worth."),
        ),
    )
    return _written(suffix, partial(write_table, document)), account


def _network(by: str, document: Document, _sources: Path | None) -> tuple[bytes, Account]:
    scaled, _nominal = sample(build(document.case), _DRAWS, _SEED)
    account = Account(
        carried=(_("Ties of agreement, conflict and hearing, with blocs, camps and brokers."),),
        not_carried=(
            _("Positions, capability, evidence, and all that is no tie between actors and issues."),
        ),
    )
    return graphml(graph_of_case(networks(document.case, scaled), by)), account


def _of_format(form: Format, document: Document, sources: Path | None) -> tuple[bytes, Account]:
    accounts: list[Account] = []

    def write(path: Path) -> None:
        if form.write is not None:
            accounts.append(form.write(outgoing_of(document, sources), path))

    raw = _written(form.suffixes[0], write)
    return raw, accounts[0]


def _written(suffix: str, write: Callable[[Path], object]) -> bytes:
    """Return what is written to a file of that ending."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"case{suffix}")
        write(file)
        return file.read_bytes()


EXPORTS: Final[tuple[Export, ...]] = (
    Export("case", _("The case file"), ".yaml", _file),
    Export("stands-csv", _("Stands as a table, CSV"), ".csv", partial(_stands, ".csv")),
    Export("stands-xlsx", _("Stands as a table, Excel"), ".xlsx", partial(_stands, ".xlsx")),
    *(
        Export(form.id, form.title, form.suffixes[0], partial(_of_format, form))
        for form in FORMATS
        if form.write is not None
    ),
    Export(
        "graphml-statements",
        _("Networks by statements, GraphML"),
        ".graphml",
        partial(_network, "statements"),
    ),
    Export(
        "graphml-positions", _("Networks by positions, GraphML"), ".graphml", partial(_network, "positions")
    ),
)
"""Every way out, the most complete first."""
