"""PDF: the text layer, page by page, by pypdf."""

from __future__ import annotations

import io
from typing import Any

import pypdf

from westphalia.dossier.drafts import Draft, Proposed
from westphalia.dossier.readers import quietly
from westphalia.dossier.repairs import LINES_SHOWN, Repair
from westphalia.errors import FileError

_MOST_PAGES = 5_000
_LONGEST_TEXT = 20_000_000
# Instructions of a page unpack from almost nothing, and each costs time.
_LARGEST_PAGE = 10_000_000
_LARGEST_PAGES = 100_000_000


def read_pdf(raw: bytes, where: str) -> Draft:
    """Return the draft of a PDF; its pages are parted by blank lines.

    Raises
    ------
    FileError: the file is no PDF, encrypted, damaged, too long, or a picture of a text.
    """
    if b"%PDF-" not in raw[:1024]:
        raise FileError("This is no PDF.", code="not-what-it-says", where=where, hint="Check its ending.")
    try:
        with quietly("pypdf"):
            reader = pypdf.PdfReader(io.BytesIO(raw), strict=False)
            pages = _pages(reader, where)
            proposed = _proposals(reader)
    except FileError:
        raise
    except Exception as error:  # whatever a parser throws at a hostile file, the analyst gets one answer
        raise FileError(
            "The PDF is damaged.",
            code="damaged-file",
            where=where,
            hint="Open it in a viewer and print it to a new PDF.",
        ) from error
    empty = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if len(empty) == len(pages):
        raise FileError(
            "The PDF has no text layer: it is a picture of a text.",
            code="no-text-layer",
            where=where,
            hint="Run a text-recognition program over it first.",
        )
    repairs = (_of_pages("page without text", empty),) if empty else ()
    return Draft("\n\n".join(page for page in pages if page.strip()), proposed, repairs)


def _of_pages(what: str, pages: list[int]) -> Repair:
    named = ", ".join(map(str, pages[:LINES_SHOWN]))
    more = " …" if len(pages) > LINES_SHOWN else ""
    return Repair(f"{what} (page {named}{more})", len(pages))


def _pages(reader: pypdf.PdfReader, where: str) -> list[str]:
    if reader.is_encrypted and not _opens_without_password(reader):
        raise FileError(
            "The PDF is encrypted.",
            code="encrypted",
            where=where,
            hint="Save a copy without a password.",
        )
    if len(reader.pages) > _MOST_PAGES:
        raise _too_long(where)
    pages: list[str] = []
    length = unpacked = 0
    for number, page in enumerate(reader.pages, 1):
        content = page.get_contents()
        size = 0 if content is None else len(content.get_data())
        unpacked += size
        if size > _LARGEST_PAGE or unpacked > _LARGEST_PAGES:
            raise _too_much(where, number)
        text = page.extract_text()
        length += len(text)
        if length > _LONGEST_TEXT:
            raise _too_long(where)
        pages.append(_whole(text))
    return pages


def _too_long(where: str) -> FileError:
    return FileError(
        f"The PDF is longer than {_MOST_PAGES:,} pages or {_LONGEST_TEXT // 1_000_000} million characters.",
        code="too-large",
        where=where,
        hint="Split it into several sources.",
    )


def _too_much(where: str, page: int) -> FileError:
    return FileError(
        f"Page {page} of the PDF unpacks to more than any text needs.",
        code="too-large",
        where=where,
        hint="Open it in a viewer and save its text, or print the pages you need to a new PDF.",
    )


def _opens_without_password(reader: pypdf.PdfReader) -> bool:
    """Tell whether the PDF only restricts printing or copying, and any viewer opens it."""
    try:
        return bool(reader.decrypt(""))
    except (pypdf.errors.PyPdfError, NotImplementedError, ValueError, KeyError):
        return False


def _whole(text: str) -> str:
    """Join pairs of surrogates, which fonts with faulty tables leave, and mark the single ones."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _proposals(reader: pypdf.PdfReader) -> tuple[Proposed, ...]:
    where = "document information of the PDF"
    known: Any = reader.metadata or {}
    found = {
        field: str(known.get(key) or "").strip()
        for field, key in (("title", "/Title"), ("author", "/Author"))
    }
    try:
        created = known.creation_date if known else None
    except ValueError:
        created = None
    if created is not None:
        found["date"] = created.date().isoformat()
    return tuple(Proposed(field, value, where) for field, value in found.items() if value)
