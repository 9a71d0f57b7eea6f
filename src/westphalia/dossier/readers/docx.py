"""Word documents: paragraphs and tables in their order, after the archive was checked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.table import Table

from westphalia.dossier.drafts import Draft, Proposed
from westphalia.dossier.repairs import Repair
from westphalia.errors import FileError

_MOST_PARTS = 10_000
_LARGEST_UNPACKED = 200_000_000
_LARGEST_XML = 50_000_000
_HIGHEST_RATIO = 200
_SMALL_PART = 1_000_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_DECLARATIONS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
_LEFT_OUT = {
    "ins": "tracked insertion",
    "footnoteReference": "footnote",
    "endnoteReference": "endnote",
    "txbxContent": "text box",
    "sdtContent": "content control",
}


def read_docx(raw: bytes, where: str) -> Draft:
    """Return the draft of a document; blocks are parted by blank lines, cells of a row by tabs.

    Raises
    ------
    FileError: the file is no DOCX, encrypted, damaged, or unpacks to far more than a text does.
    """
    _check_archive(raw, where)
    try:
        document = docx.Document(io.BytesIO(raw))
        blocks = list(_blocks(document))
        proposed = _proposals(document, raw)
        repairs = _left_out(document)
    except Exception as error:  # whatever a parser throws at a hostile file, the analyst gets one answer
        raise _damaged(where) from error
    return Draft("\n\n".join(blocks), proposed, repairs)


def _damaged(where: str) -> FileError:
    return FileError(
        "The document is damaged.",
        code="damaged-file",
        where=where,
        hint="Open it in a word processor and save it anew.",
    )


# --- the archive -------------------------------------------------------------------------------


def _check_archive(raw: bytes, where: str) -> None:
    if raw.startswith(_OLD_OFFICE):
        raise FileError(
            "The document is encrypted, or an old DOC under a new name.",
            code="encrypted",
            where=where,
            hint="Open it with its password and save it as DOCX without one.",
        )
    if not raw.startswith(b"PK"):
        raise FileError("This is no DOCX.", code="not-what-it-says", where=where, hint="Check its ending.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _refuse_bomb(archive.infolist(), where)
            _refuse_declarations(archive, where)
    except FileError:
        raise
    except Exception as error:  # a broken archive fails in many ways
        raise _damaged(where) from error


def _refuse_bomb(parts: list[zipfile.ZipInfo], where: str) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise FileError(
            "The document is encrypted.",
            code="encrypted",
            where=where,
            hint="Save it without a password.",
        )
    total = sum(part.file_size for part in parts)
    steep = [part for part in parts if part.file_size > max(_SMALL_PART, _HIGHEST_RATIO * part.compress_size)]
    if steep or total > _LARGEST_UNPACKED or len(parts) > _MOST_PARTS:
        raise FileError(
            f"The document unpacks to {total / 1e6:,.0f} MB in {len(parts):,} parts: no text needs that.",
            code="zip-bomb",
            where=where,
            hint="Do not open it; ask for a plain copy.",
        )
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise FileError(
            "This is a zip archive, but no DOCX.",
            code="not-what-it-says",
            where=where,
            hint="Unpack it and give the file within.",
        )


def _refuse_declarations(archive: zipfile.ZipFile, where: str) -> None:
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels")):
            continue
        if part.file_size > _LARGEST_XML:
            raise FileError(
                f"Its part {part.filename} is {part.file_size / 1e6:,.0f} MB large.",
                code="too-large",
                where=where,
                hint="Save its text alone.",
            )
        content = archive.read(part)
        if any(declaration in content for declaration in _DECLARATIONS):
            raise FileError(
                f"Its part {part.filename} defines entities, which no DOCX does.",
                code="entities",
                where=where,
                hint="Do not open it; ask for a plain copy.",
            )


# --- the text ----------------------------------------------------------------------------------


def _blocks(holder: Any) -> Iterator[str]:
    """Yield paragraphs and rows of tables in their order."""
    for block in holder.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block)
        elif block.text.strip():
            yield block.text


def _rows(table: Table) -> Iterator[str]:
    """Yield the rows as cells parted by tabs; a cell merged over several counts where it begins."""
    seen: set[Any] = set()
    for row in table.rows:
        words = []
        for cell in row.cells:
            if cell._tc not in seen:
                seen.add(cell._tc)
                words.append(" ".join(_blocks(cell)))
        if any(words):
            yield "\t".join(words)


def _left_out(document: Any) -> tuple[Repair, ...]:
    """Say what stands in the document and not in the text."""
    names: dict[str, int] = {}
    for element in document.element.body.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in _LEFT_OUT:
            names[name] = names.get(name, 0) + 1
    return tuple(Repair(f"left out: {_LEFT_OUT[name]}", count) for name, count in names.items())


def _proposals(document: Any, raw: bytes) -> tuple[Proposed, ...]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        # python-docx makes up properties for a document that has none.
        if "docProps/core.xml" not in archive.namelist():
            return ()
    properties = document.core_properties
    found = {"title": properties.title, "author": properties.author, "language": properties.language}
    if properties.created is not None:
        found["date"] = properties.created.date().isoformat()
    if found["language"]:
        found["language"] = re.split(r"[-_]", found["language"])[0].lower()
    return tuple(
        Proposed(field, value, "properties of the document") for field, value in found.items() if value
    )
