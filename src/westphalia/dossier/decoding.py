"""From bytes to characters: UTF-8, UTF-16 with its mark, else Windows-1252, and never by guess alone."""

from __future__ import annotations

import codecs
import re

from westphalia.dossier.repairs import Repair, first_lines
from westphalia.errors import FileError

_MOST_CONTROLS = 0.01
_CONTROLS = re.compile("[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_OTHER_KINDS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive, as DOCX and ODT are",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\x1f\x8b": "a gzip archive",
    b"SQLite format 3": "a database",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_DECLARED = re.compile(rb"""charset\s{0,4}=\s{0,4}["']?([\w-]{3,20})""", re.IGNORECASE)
_EIGHT_BIT = re.compile(r"(iso-8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|macintosh)", re.IGNORECASE)
# Pages that say Latin-1 mean Windows-1252, and browsers read them so.
_LATIN = re.compile(r"(iso-?8859-?1|latin-?1|us-ascii|windows-1252|cp1252)", re.IGNORECASE)


def decoded(raw: bytes, where: str, *, is_page: bool = False) -> tuple[str, tuple[Repair, ...]]:
    """Return the characters of a text file and what had to be done to get them.

    `is_page` lets an HTML page name its own eight-bit encoding.

    Raises
    ------
    FileError: the bytes are another kind of file, damaged, or no text.
    """
    for magic, name in _OTHER_KINDS.items():
        if raw.startswith(magic):
            raise FileError(
                f"This is {name}, not a text.",
                code="not-text",
                where=where,
                hint="Give the file the ending of its kind, or save its text.",
            )
    text, repairs = _marked(raw, where) or _unmarked(raw, where, is_page=is_page)
    controls = len(_CONTROLS.findall(text))
    if controls > _MOST_CONTROLS * len(text) or (
        controls and any(r.what.startswith("read as") for r in repairs)
    ):
        raise _binary(where)
    return text, repairs


def _binary(where: str) -> FileError:
    return FileError(
        "This is no text: it holds characters that no text has.",
        code="not-text",
        where=where,
        hint="Save it as plain text in UTF-8.",
    )


def _marked(raw: bytes, where: str) -> tuple[str, tuple[Repair, ...]] | None:
    """Return the text of bytes that begin with a byte-order mark, None if there is no mark."""
    for mark, encoding, name in _MARKS:
        if not raw.startswith(mark):
            continue
        try:
            text = raw[len(mark) :].decode(encoding)
        except UnicodeDecodeError as error:
            raise FileError(
                f"The file begins as {name}, but byte {error.start + len(mark)} does not fit.",
                code="damaged-text",
                where=where,
                hint="Save it anew as plain text in UTF-8.",
            ) from None
        return text, (Repair(f"byte-order mark of {name} taken off", 1, (1,)),)
    return None


def _unmarked(raw: bytes, where: str, *, is_page: bool) -> tuple[str, tuple[Repair, ...]]:
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        _refuse_damaged(raw, error.start, where)
    encoding = _encoding_of_page(raw) if is_page else "cp1252"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise _binary(where) from None
    odd = [place for place, character in enumerate(text) if character > "\x7f"]
    name = "Windows-1252" if encoding == "cp1252" else encoding
    return text, (Repair(f"read as {name}, for it is no UTF-8", len(odd), first_lines(text, odd)),)


def _refuse_damaged(raw: bytes, first: int, where: str) -> None:
    """Raise FileError for NUL, and for UTF-8 with a few broken bytes, which is no Windows-1252."""
    if b"\0" in raw:
        raise _binary(where)
    tolerant = raw.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= character <= "\udcff" for character in tolerant)
    whole = sum(character > "\x7f" for character in tolerant) - broken
    if whole > broken:
        raise FileError(
            f"The text is UTF-8, but {broken} of its bytes do not fit, the first at byte {first}.",
            code="damaged-text",
            where=f"{where}:{raw.count(10, 0, first) + 1}",
            hint="Mend the line, or fetch the text anew.",
        )


def _encoding_of_page(raw: bytes) -> str:
    declared = _DECLARED.search(raw, 0, 4096)
    name = declared.group(1).decode("ascii", "replace") if declared else ""
    return name.lower() if _EIGHT_BIT.fullmatch(name) and not _LATIN.fullmatch(name) else "cp1252"
