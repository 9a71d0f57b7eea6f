"""The project of a REFI-QDA archive: its users, its codes with their paths, its texts with selections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote

from westphalia.errors import FileError
from westphalia.formats.codings import LONGEST_GLOSS, Codings, line
from westphalia.formats.qdpx_archive import Archive
from westphalia.formats.raw import text_of
from westphalia.formats.reports import Notes, refusal
from westphalia.formats.trees import Element, tree_of

PROJECT = "project.qde"
_DEEPEST_CODE = 40
_NOT_TEXT = {
    "picturesource": "Pictures",
    "audiosource": "Recordings",
    "videosource": "Films",
    "pdfsource": "PDF files (the texts that stand for them are read)",
}


@dataclass(frozen=True)
class Code:
    """A code: the names from the top of the code book down to it, and its description."""

    path: tuple[str, ...]
    description: str


@dataclass(frozen=True)
class Coded:
    """A stretch of a text with the codes that one user gave it; offsets as the file counts them."""

    name: str
    start: int
    stop: int
    user: str
    codes: tuple[Code, ...]
    description: str


@dataclass(frozen=True)
class Text:
    """A source: its text as stored, None if it could not be had, and its selections."""

    name: str
    description: str
    raw: str | None
    coded: tuple[Coded, ...]


@dataclass
class Project:
    """What a project holds; `origin` is the program that wrote it."""

    name: str
    origin: str = ""
    codes: dict[str, Code] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)


def read_project(archive: Archive, codings: Codings) -> Project:
    """Return the project of an archive; what is no text or cannot be had is said to the ledger.

    Raises
    ------
    FileError: there is no `project.qde`, it is no XML of a project, or a selection has no offsets.
    """
    where = f"{archive.where}: {PROJECT}"
    name = next((name for name in archive.entries if name.lower() == PROJECT), None)
    if name is None:
        hint = "A REFI-QDA project is a zip archive with that file at its top."
        raise refusal(f"There is no '{PROJECT}' in the archive.", archive.where, hint, "no-project")
    notes = Notes()
    root = tree_of(archive.read(name), PROJECT, where, notes)
    for sentence in notes.repaired:
        codings.ledger.change(sentence)
    if tag_of(root) != "project":
        raise refusal(f"This is no project but '{root.tag:.40}'.", where, code="no-project")
    project = Project(line(root.get("name")), line(root.get("origin")))
    users = {
        str(user.get("guid")): line(user.get("name") or user.get("id"))
        for user in _below(root, "users", "user")
    }
    for top in _below(root, "codebook", "codes"):
        for code in _named(top, "code"):
            _add_codes(project, code, ())
    _say_what_is_left(root, codings)
    for element in _sources(root):
        project.texts.append(_text(element, archive, project, users, codings))
    return project


def tag_of(element: Element) -> str:
    """Return the name of an element without the prefix of its namespace."""
    return element.tag.rpartition(":")[2]


def _named(element: Element, tag: str) -> list[Element]:
    return [child for child in element.children if tag_of(child) == tag]


def _below(element: Element, outer: str, inner: str) -> Iterator[Element]:
    for each in _named(element, outer):
        yield from _named(each, inner)


def _described(element: Element) -> str:
    return "\n".join(child.text for child in _named(element, "description")).strip()


def _add_codes(project: Project, element: Element, above: tuple[str, ...]) -> None:
    path = (*above, line(element.get("name"), LONGEST_GLOSS) or "?")
    project.codes[str(element.get("guid"))] = Code(path, _described(element))
    if len(path) < _DEEPEST_CODE:
        for child in _named(element, "code"):
            _add_codes(project, child, path)


def _sources(root: Element) -> Iterator[Element]:
    """Yield every text of the project, and the texts that stand for PDF files."""
    for listed in _named(root, "sources"):
        for source in listed.children:
            if tag_of(source) == "textsource":
                yield source
            elif tag_of(source) == "pdfsource":
                yield from _named(source, "representation")


def _say_what_is_left(root: Element, codings: Codings) -> None:
    for listed in _named(root, "sources"):
        for tag, what in _NOT_TEXT.items():
            count = len(_named(listed, tag))
            if count:
                codings.ledger.leave(f"{what}, for a case holds texts: {count}.")
    parts = {"variables": "Variables", "cases": "Cases", "notes": "Notes", "links": "Links"}
    parts |= {"sets": "Sets", "graphs": "Graphs"}
    for tag, what in parts.items():
        count = sum(len(each.children) for each in _named(root, tag))
        if count:
            codings.ledger.leave(f"{what} of the project, which have no place in a case: {count}.")


def _text(
    element: Element, archive: Archive, project: Project, users: dict[str, str], codings: Codings
) -> Text:
    name = line(element.get("name")) or "A text"
    inline = "".join(child.text for child in _named(element, "plaintextcontent"))
    raw = inline or _stored(element.get("plaintextpath"), name, archive, codings)
    coded = [
        each for child in _named(element, "plaintextselection") for each in _codeds(child, project, users)
    ]
    whole = len(_named(element, "coding"))
    if whole:
        codings.ledger.leave(f"Codings of '{name}' as a whole, which have no span: {whole}.")
    return Text(name, _described(element), raw, tuple(coded))


def _stored(path: str | None, name: str, archive: Archive, codings: Codings) -> str | None:
    """Return the text that a path within the archive names; what lies outside is never opened."""
    scheme, _, rest = (path or "").partition("://")
    wanted = PurePosixPath(rest.replace("\\", "/")).name
    meant = {f"{folder}{name}".lower() for folder in ("sources/", "") for name in (wanted, unquote(wanted))}
    found = [each for each in archive.entries if each.lower() in meant]
    if scheme.lower() != "internal" or not wanted or not found:
        codings.ledger.leave(f"The text of '{name}' is not in the archive; it came over without.")
        return None
    try:
        return text_of(archive.read(found[0]), f"{archive.where}: {found[0]}")
    except FileError as error:
        if error.code != "damaged-text":
            raise
        codings.ledger.leave(f"The text of '{name}' cannot be read: {error.message}")
        return None


def _codeds(element: Element, project: Project, users: dict[str, str]) -> Iterator[Coded]:
    """Yield a selection once for each user who coded it."""
    start, stop = _offset(element, "startposition"), _offset(element, "endposition")
    name, description = line(element.get("name"), LONGEST_GLOSS), _described(element)
    selector = str(element.get("creatinguser"))
    by_user: dict[str, list[Code]] = {}
    for coding in _named(element, "coding"):
        user = str(coding.get("creatinguser") or selector)
        for reference in _named(coding, "coderef"):
            code = project.codes.get(str(reference.get("targetguid")))
            if code is not None:
                by_user.setdefault(user, []).append(code)
    for user, codes in (by_user or {selector: []}).items():
        yield Coded(name, start, stop, users.get(user, ""), tuple(codes), description)


def _offset(element: Element, name: str) -> int:
    value = (element.get(name) or "").strip()
    if not value.isascii() or not value.isdecimal() or len(value) > 12:
        message = f"A selection has '{value:.40}' as its {name}."
        raise refusal(message, element.where, "It must be a whole number.", "bad-offset")
    return int(value)
