"""XML of strangers as a small tree with lines: no document types, no entities of its own, no depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape

from westphalia.formats.raw import bytes_of, text_of
from westphalia.formats.reports import Notes, refusal

DEEPEST = 50
MOST_ELEMENTS = 300_000
MOST_ENTITIES = 100_000
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-16",
} | {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}
_DECLARATION = re.compile(r"<\?xml\s[^>]{0,200}?\?>")
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE = re.compile(r"&(?!#[0-9]{1,7};|#x[0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_OWN = {"amp", "lt", "gt", "quot", "apos"}


@dataclass(slots=True)
class Element:
    """An element: names of tags and attributes in lower case, and all text that stands directly in it."""

    tag: str
    attributes: dict[str, str]
    where: str
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def get(self, name: str) -> str | None:
        """Return an attribute, None if it is not there."""
        return self.attributes.get(name)

    def named(self, *tags: str) -> list[Element]:
        """Return the children with one of these tags, in their order."""
        return [child for child in self.children if child.tag in tags]

    def walk(self) -> Iterator[Element]:
        """Yield the element and all below it, in the order of the file."""
        open_ones = [self]
        while open_ones:
            here = open_ones.pop()
            yield here
            open_ones += reversed(here.children)


def read_tree(path: Path, notes: Notes) -> Element:
    """Return the root element of an XML file.

    What stands before the XML declaration, entities of HTML and bare ampersands are mended and noted.

    Raises
    ------
    FileError: the file cannot be read, is no well-formed XML, declares a document type or entities,
        is nested too deep or has too many parts.
    """
    return tree_of(bytes_of(path), path.name, str(path), notes)


def tree_of(raw: bytes, name: str, where: str, notes: Notes) -> Element:
    """Return the root element of XML in bytes; see `read_tree`."""
    text = text_of(raw, where, _encoding(raw, where))
    if text.count("&") > MOST_ENTITIES:
        raise refusal(f"There are more than {MOST_ENTITIES:,} ampersands.", where, code="too-large")
    return _Builder(where).build(_mended(text, name, notes))


def _encoding(raw: bytes, where: str) -> str:
    declared = _DECLARED.search(raw[:4000])
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    if name not in _ENCODINGS:
        raise refusal(f"The encoding '{name}' is not read.", where, "Save the file as UTF-8.", "damaged-text")
    return _ENCODINGS[name]


def _mended(text: str, name: str, notes: Notes) -> str:
    """Return the text without its declaration, and with plain characters for what only HTML knows."""
    declaration = _DECLARATION.search(text)
    if declaration is not None:
        before = text[: declaration.start()]
        if before.strip():
            notes.repair(f"In {name} something stands before the XML declaration.")
        text = before + " " * len(declaration.group()) + text[declaration.end() :]
    whole = _BARE.sub("&amp;", text)
    if whole != text:
        notes.repair(f"In {name} ampersands stand alone; they were taken as such.")
    plain = _ENTITY.sub(_character, whole)
    if plain != whole:
        notes.repair(f"In {name} entities of HTML stand for characters.")
    return plain


def _character(entity: re.Match[str]) -> str:
    name = entity.group(1)
    if name in _OWN or f"{name};" not in html5:
        return entity.group()
    return escape(html5[f"{name};"])


class _Builder:
    """Builds the tree from what expat reports."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.open: list[Element] = []
        self.pieces: list[list[str]] = []
        self.root: Element | None = None
        self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def build(self, text: str) -> Element:
        try:
            self.parser.Parse(text, True)
        except expat.ExpatError as error:
            raise refusal(
                f"This is no well-formed XML: {expat.errors.messages[error.code]}.",
                f"{self.where}:{error.lineno}",
                "Mend the line, or save the file anew.",
                "bad-xml",
            ) from None
        except UnicodeEncodeError:
            raise refusal(
                "The text holds half a character.", self.where, "Save it as UTF-8.", "damaged-text"
            ) from None
        if self.root is None:
            raise refusal("This is no XML.", self.where, code="bad-xml")
        return self.root

    def _here(self) -> str:
        return f"{self.where}:{self.parser.CurrentLineNumber}"

    def _doctype(self, *_declared: object) -> None:
        raise refusal(
            "The file declares a document type; such declarations can hide other files and are not read.",
            self._here(),
            "Take the <!DOCTYPE …> out.",
            "document-type",
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= DEEPEST:
            raise refusal(f"Elements are nested deeper than {DEEPEST}.", self._here(), code="too-deep")
        self.count += 1
        if self.count > MOST_ELEMENTS:
            raise refusal(f"There are more than {MOST_ELEMENTS:,} elements.", self._here(), code="too-large")
        lowered = {name.lower(): value for name, value in attributes.items()}
        element = Element(tag.lower(), lowered, self._here())
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)
        self.pieces.append([])

    def _text(self, piece: str) -> None:
        self.pieces[-1].append(piece)

    def _end(self, _tag: str) -> None:
        self.open.pop().text = "".join(self.pieces.pop())
