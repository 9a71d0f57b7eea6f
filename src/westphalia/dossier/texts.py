"""Reading a source: from a file of any kind we know to one text that never changes again.

`read_text` decodes, evens out line ends, brings the text into NFC, repairs what is broken by the way
it was stored, and only then fixes its SHA-256. Each repair is logged. A plain text with LF ends in
NFC comes out as it is, byte for byte.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from westphalia.dossier.drafts import Draft, Proposed
from westphalia.dossier.readers.plain import read_plain
from westphalia.dossier.repairs import Repair, repaired
from westphalia.errors import FileError, suggest

Kind = Literal["text", "html", "docx", "pdf"]

LARGEST_FILE = 50_000_000
LONGEST_TEXT = 20_000_000

KINDS: dict[str, Kind] = {
    "": "text",
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".pdf": "pdf",
}
"""The kinds of file that can be read, by the ending of the name."""

_INSTEAD = {
    ".doc": "Save it as DOCX in your word processor.",
    ".odt": "Save it as DOCX in your word processor.",
    ".rtf": "Save it as DOCX in your word processor.",
    ".epub": "Save the chapter as HTML or text.",
    ".png": "It is a picture; a text-recognition program makes text of it.",
    ".jpg": "It is a picture; a text-recognition program makes text of it.",
}


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a source. Spans count in code points of `text`.

    `sha256` is of the text in UTF-8, `raw_sha256` of the file's bytes; `characters` is the length
    of the text in code points.
    """

    text: str
    sha256: str
    characters: int
    kind: Kind
    repairs: tuple[Repair, ...]
    proposed: tuple[Proposed, ...]
    raw_sha256: str


def read_text(path: str | Path) -> SourceText:
    """Return the text of a TXT, HTML, DOCX or PDF file.

    Raises
    ------
    FileError: the file is missing, too large, damaged, encrypted, of a kind we cannot read, or holds
        no text; the message says which and what to do.
    """
    path = Path(path)
    kind = _kind(path)
    raw = _bytes(path)
    draft = _draft(kind, raw, str(path))
    text, repairs = repaired(draft.text, is_extracted=kind == "pdf", has_markup=kind in ("html", "docx"))
    _refuse_useless(text, str(path))
    return SourceText(
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        characters=len(text),
        kind=kind,
        repairs=draft.repairs + repairs,
        proposed=draft.proposed,
        raw_sha256=hashlib.sha256(raw).hexdigest(),
    )


def _kind(path: Path) -> Kind:
    suffix = path.suffix.lower()
    if suffix in KINDS:
        return KINDS[suffix]
    raise FileError(
        f"Files with the ending '{suffix}' cannot be read.",
        code="unknown-kind",
        where=str(path),
        hint=_INSTEAD.get(suffix, suggest(suffix, filter(None, KINDS))),
    )


def _bytes(path: Path) -> bytes:
    where = str(path)
    if path.is_dir():
        raise FileError("This is a folder, not a file.", code="is-folder", where=where)
    if not path.exists():
        hint = suggest(path.name, _names_beside(path))
        raise FileError("There is no such file.", code="missing-file", where=where, hint=hint)
    if not path.is_file():
        raise FileError("This is no ordinary file.", code="not-a-file", where=where)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FileError(
            f"The file cannot be opened: {error.strerror}.", code="unreadable-file", where=where
        ) from None
    if len(raw) > LARGEST_FILE:
        raise FileError(
            f"The file is larger than {LARGEST_FILE // 1_000_000} MB.",
            code="too-large",
            where=where,
            hint="Split it, or save its text alone.",
        )
    if not raw:
        raise FileError("The file is empty.", code="empty-text", where=where)
    return raw


def _names_beside(path: Path) -> list[str]:
    if not path.parent.is_dir():
        return []
    return [one.name for one in path.parent.iterdir() if one.suffix.lower() in KINDS]


def _draft(kind: Kind, raw: bytes, where: str) -> Draft:
    # The readers of each kind load large libraries; only the one that is needed is loaded.
    if kind == "html":
        from westphalia.dossier.readers.html import read_html

        return read_html(raw, where)
    if kind == "docx":
        from westphalia.dossier.readers.docx import read_docx

        return read_docx(raw, where)
    if kind == "pdf":
        from westphalia.dossier.readers.pdf import read_pdf

        return read_pdf(raw, where)
    return read_plain(raw, where)


def _refuse_useless(text: str, where: str) -> None:
    if not text.strip():
        raise FileError("The file holds no text.", code="empty-text", where=where)
    if len(text) > LONGEST_TEXT:
        raise FileError(
            f"The text is longer than {LONGEST_TEXT // 1_000_000} million characters.",
            code="too-large",
            where=where,
            hint="Split it into several sources.",
        )
    place = text.find("\0")
    if place >= 0:
        raise FileError(
            "The text holds a NUL character.",
            code="nul-in-text",
            where=f"{where}:{text.count(chr(10), 0, place) + 1}",
            hint="Save it anew as plain text in UTF-8.",
        )
