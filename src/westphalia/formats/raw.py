"""From a folder of strangers to text, names and numbers that can be trusted to be such."""

from __future__ import annotations

import codecs
import html
import math
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from westphalia.errors import nearest, suggest
from westphalia.formats.reports import Notes, refusal

LARGEST_FILE = 10_000_000
MOST_FILES = 500
LONGEST_NAME = 300
MOST_SLIPS = 100
LARGEST_NUMBER = 1e15
_LONGEST_NUMBER = 100
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def files_of(folder: Path, suffix: str) -> list[Path]:
    """Return the ordinary files of a folder with that ending, by name; hidden ones are left out.

    Raises
    ------
    FileError: there is no such folder, it holds too many files, or a link leads out of it.
    """
    try:
        if not folder.is_dir():
            raise missing_folder(folder)
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() == suffix)
    except OSError as error:
        raise refusal(
            f"The folder cannot be read: {error.strerror}.", str(folder), code="unreadable-file"
        ) from None
    found = [path for path in found if not path.name.startswith(".")]
    if len(found) > MOST_FILES:
        raise refusal(
            f"The folder holds {len(found)} files '*{suffix}'.",
            str(folder),
            f"At most {MOST_FILES} belong to one domain.",
            "too-large",
        )
    home = folder.resolve()
    for path in found:
        if path.is_symlink() and home not in path.resolve().parents:
            raise refusal(
                "The link leads out of the folder.", str(path), "Put the file itself there.", "link-outside"
            )
    return found


def missing_folder(folder: Path) -> Exception:
    """Return the error for a folder that is not there, or is no folder."""
    where = str(folder)
    if folder.exists():
        return refusal(
            "This is a file, not a folder.",
            where,
            "Give the folder with domain and profiles.",
            "not-a-folder",
        )
    beside = [path.name for path in folder.parent.iterdir()] if folder.parent.is_dir() else []
    return refusal("There is no such folder.", where, suggest(folder.name, beside), "missing-file")


def bytes_of(path: Path) -> bytes:
    """Return the content of an ordinary file.

    Raises
    ------
    FileError: it is missing, no ordinary file, cannot be opened, empty or too large.
    """
    where = str(path)
    try:
        if not path.is_file():
            what = "This is no ordinary file." if path.exists() else "There is no such file."
            raise refusal(what, where, code="not-a-file" if path.exists() else "missing-file")
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise refusal(
            f"The file cannot be opened: {error.strerror}.", where, code="unreadable-file"
        ) from None
    if len(raw) > LARGEST_FILE:
        raise refusal(f"The file is larger than {LARGEST_FILE // 1_000_000} MB.", where, code="too-large")
    if not raw.strip():
        raise refusal("The file is empty.", where, code="empty-text")
    return raw


def text_of(raw: bytes, where: str, encoding: str = "utf-8") -> str:
    """Return the text of bytes: by its byte-order mark, else in the encoding.

    Raises
    ------
    FileError: the bytes are no text in that encoding, or hold a NUL.
    """
    mark, name = next(((mark, name) for mark, name in _MARKS if raw.startswith(mark)), (b"", encoding))
    try:
        text = raw[len(mark) :].decode(name)
    except UnicodeDecodeError as error:
        raise refusal(
            f"Byte {len(mark) + error.start + 1} is no text in {name.upper()}.",
            where,
            "Save the file as UTF-8.",
            "damaged-text",
        ) from None
    if "\0" in text:
        raise refusal("The text holds a NUL character.", where, "Save the file as UTF-8.", "damaged-text")
    return text


def lf(text: str) -> str:
    """Return a text with LF ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def name_of(value: object, where: str, notes: Notes) -> str:
    """Return a name as people read it: entities resolved, blanks at the ends and doubled ones gone.

    Raises
    ------
    FileError: it is no text, empty, too long, or holds characters no name has.
    """
    if not isinstance(value, str):
        raise refusal("A name is no text.", where, "Write the name in quotes.")
    plain = " ".join(html.unescape(value).split())
    if not plain:
        raise refusal("A name is empty.", where, "Every issue and every value needs a name.")
    if len(plain) > LONGEST_NAME:
        raise refusal(f"A name is longer than {LONGEST_NAME} characters.", where, code="too-large")
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in plain):
        raise refusal("A name holds characters that cannot be shown.", where)
    if plain != value:
        notes.repair(f"'{plain}' was written with superfluous blanks or entities.")
    return plain


def taken_for(unknown: list[str], free: list[str], *, lenient: bool) -> dict[str, str | None]:
    """Return for each unknown name the one of the free names it is a slip of; None where there is none.

    Only leniently, and only where slips are few, is anything taken for something else; no name is
    taken twice.
    """
    left = list(free)
    found: dict[str, str | None] = {}
    for name in unknown:
        meant = nearest(name, left) if lenient and len(unknown) <= MOST_SLIPS else None
        if meant is not None:
            left.remove(meant)
        found[name] = meant
    return found


def number_of(value: object, what: str, where: str, low: float | None = None) -> float:
    """Return a finite number of ordinary size, not below `low`.

    Raises
    ------
    FileError: it is missing, no number, not finite, too large, or too low.
    """
    return float(decimal_of(value, what, where, low))


def decimal_of(value: object, what: str, where: str, low: float | None = None) -> Decimal:
    """Return a number as it is written; raises what `number_of` raises."""
    hint = "Write a number such as 0.25."
    if value is None:
        raise refusal(f"The {what} is missing.", where, hint)
    text = str(value).strip() if isinstance(value, str | Decimal) else ""
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        shown = text if 0 < len(text) <= _LONGEST_NUMBER else type(value).__name__
        raise refusal(f"The {what} is '{shown}', which is no number.", where, hint)
    number = Decimal(text)
    if abs(number) > LARGEST_NUMBER:
        raise refusal(f"The {what} is {text}, which is beyond all measure.", where, "At most 1e15.")
    if low is not None and number < low:
        raise refusal(f"The {what} is {text}.", where, f"It must be at least {low:g}.")
    return number


def is_number(label: str) -> bool:
    """Return whether a label is a number of ordinary size."""
    return bool(
        len(label) <= _LONGEST_NUMBER and _NUMBER.fullmatch(label) and abs(float(label)) <= LARGEST_NUMBER
    )


def label_of(point: float) -> str:
    """Return the shortest label of a point from which the same number is read."""
    short = f"{point:g}"
    if float(short) == point:
        return short
    return str(int(point)) if math.isfinite(point) and point == int(point) else repr(point)


def file_names(parties: Iterable[str], suffix: str) -> list[str]:
    """Return a file name for each party, in an order that the names keep, free of tricks with paths."""
    names = list(parties)
    width = len(str(len(names)))
    slugs = [re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:60] or "party" for name in names]
    return [f"{at:0{width}d}-{slug}{suffix}" for at, slug in enumerate(slugs, start=1)]
