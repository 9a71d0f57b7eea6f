"""All formats that cases come from or go to, and which of them a file is in."""

from __future__ import annotations

from pathlib import Path

from westphalia.errors import CallError, nearest, suggest
from westphalia.formats.dna import DNA
from westphalia.formats.dna_events import DNA_EVENTS
from westphalia.formats.exchange_text import EXCHANGE_TEXT
from westphalia.formats.gmcr import GMCR
from westphalia.formats.imported import HEAD_BYTES, Format
from westphalia.formats.ktab_csv import KTAB_CSV
from westphalia.formats.ktab_sqlite import KTAB_SQLITE
from westphalia.formats.ktab_xml import KTAB_XML
from westphalia.formats.qdpx import QDPX
from westphalia.formats.reports import refusal
from westphalia.formats.statements_csv import STATEMENTS_CSV
from westphalia.formats.web_annotation import WEB_ANNOTATION

FORMATS: tuple[Format, ...] = (
    KTAB_CSV,
    KTAB_XML,
    KTAB_SQLITE,
    EXCHANGE_TEXT,
    DNA,
    DNA_EVENTS,
    QDPX,
    GMCR,
    WEB_ANNOTATION,
    STATEMENTS_CSV,
)
"""One entry a format; where several claim a file, its ending decides, then this order."""


def find_format(name: str) -> Format:
    """Return the format of that id.

    Raises
    ------
    CallError: there is none; names the nearest.
    """
    by_id = {each.id: each for each in FORMATS}
    if name not in by_id:
        raise CallError(f"There is no format '{name}'.", code="unknown-format", hint=suggest(name, by_id))
    return by_id[name]


def format_of(path: Path) -> Format:
    """Return the format that a file is in, by its first bytes; by its ending where several claim it.

    Raises
    ------
    FileError: there is no such file, or it is in no format that is read; names the nearest.
    """
    head = _head(path)
    claims = [each for each in FORMATS if each.read is not None and each.sniff(head)]
    ending = path.suffix.lower()
    fitting = [each for each in claims if ending in each.suffixes]
    if claims:
        return (fitting or claims)[0]
    hint = _TABLE if _is_table(head) else _likely(ending)
    raise refusal("The file is in no format that is read.", str(path), hint, "unknown-format")


def format_to(path: Path) -> Format:
    """Return the one format whose files have this ending and are written.

    Raises
    ------
    CallError: there is none, or there are several.
    """
    ending = path.suffix.lower()
    fitting = [each for each in FORMATS if each.write is not None and ending in each.suffixes]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        endings = {suffix for each in FORMATS if each.write is not None for suffix in each.suffixes}
        raise CallError(
            f"No format is written to files that end in '{ending}'.",
            code="unknown-format",
            where=str(path),
            hint=suggest(ending, endings),
        )
    ids = ", ".join(each.id for each in fitting)
    raise CallError(
        f"Several formats have files that end in '{ending}': {ids}.",
        code="which-format",
        where=str(path),
        hint=f"Say which, such as --format {fitting[0].id}.",
    )


_TABLE = "A table of stands makes a case by: westphalia new FOLDER --from FILE."
_FOLDER = "A folder with a domain of Genius or GeniusWeb is read by: westphalia domain FOLDER."


def _is_table(head: bytes) -> bool:
    """Return whether the first row names the columns of a table of stands."""
    first = head.split(b"\n", 1)[0].lower()
    return all(column in first for column in (b"actor", b"position", b"salience"))


def _likely(ending: str) -> str:
    """Return what the format with that ending, or the nearest one, is told by."""
    readable = [each for each in FORMATS if each.read is not None]
    endings = {suffix for each in readable for suffix in each.suffixes}
    meant = ending if ending in endings else nearest(ending, endings)
    if meant is None:
        return f"Known endings: {', '.join(sorted(endings))}."
    signs = "; ".join(f"{each.title} ({each.id}): {each.sign}" for each in readable if meant in each.suffixes)
    slip = "" if meant == ending else f"Did you mean '{meant}'? "
    return f"{slip}Files that end in '{meant}' are told by this: {signs}."


def _head(path: Path) -> bytes:
    """Return the first bytes of an ordinary file."""
    where = str(path)
    try:
        if path.is_file():
            with path.open("rb") as stream:
                return stream.read(HEAD_BYTES)
        if path.exists():
            hint = _FOLDER if path.is_dir() else ""
            raise refusal("This is no ordinary file.", where, hint, "not-a-file")
        there = path.parent.iterdir() if path.parent.is_dir() else ()
        beside = [each.name for each in there if not each.name.startswith(".")]
        raise refusal("There is no such file.", where, suggest(path.name, beside), "missing-file")
    except (OSError, ValueError) as error:
        raise refusal(f"The file cannot be opened: {error}.", where, code="unreadable-file") from None
