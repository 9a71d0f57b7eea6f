"""From the bytes of a case file to a tree with places: decoding, YAML 1.2, and what is refused.

Only the plain part of YAML is read: no anchors, aliases or tags, one document, at most 50 levels.
libyaml reads it; what libyaml refuses, or could read otherwise than YAML 1.2 says, ruamel reads, at a
thirtieth of the speed, and says what is wrong and where.
"""

from __future__ import annotations

import codecs
import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from westphalia.case.text.composing import Composer
from westphalia.case.text.nodes import Node, Places
from westphalia.case.text.scalars import CONTROL
from westphalia.case.text.syntax import explain
from westphalia.errors import CaseError, Finding, Place

MOST_BYTES = 16_000_000

_LIBYAML = getattr(yaml, "CSafeLoader", None)
"""The reader of PyYAML that is libyaml's; there is none where PyYAML was built without."""

_OTHERWISE = re.compile(
    "[\t\x85\u2028\u2029\ufeff]"
    r"|(?:^|[\n\r])(?:%|[.]{3})"
    r"|[|>][-+0-9]* *(?:#|[\n\r][ \n\r]* [\n\r])"
    r"|:[],{}[]"
)
"""Where libyaml is laxer than ruamel, or follows YAML 1.1: tabs, line breaks and marks of Unicode; directives
and ends of documents; a text block that begins with a comment or with lines of spaces; a colon that touches
a bracket."""

_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def decode(raw: bytes, file: str) -> str:
    """Return the text of the bytes, without byte-order mark.

    Raises
    ------
    CaseError: too large, not UTF-8, or holding control characters; the finding says where.
    """
    if len(raw) > MOST_BYTES:
        raise too_large(len(raw), file)
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            _fail(
                "not-utf-8", f"The file is {encoding}, not UTF-8.", Place(file, 1, 1), _save_as_utf8(encoding)
            )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse_bytes(raw, error.start, file)
    check_characters(text, file)
    return text


def too_large(size: int, file: str) -> CaseError:
    """Return the error for a file of that many bytes."""
    message = f"The file has {size / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.0f} MB are read."
    return CaseError([_error("too-large", message, Place(file))])


def _refuse_bytes(raw: bytes, at: int, file: str) -> NoReturn:
    if max(raw[::2].count(0), raw[1::2].count(0)) > len(raw) // 3:
        _fail(
            "not-utf-8", "The file looks like UTF-16, not UTF-8.", Place(file, 1, 1), _save_as_utf8("UTF-16")
        )
    line = raw.count(b"\n", 0, at) + 1
    column = at - (raw.rfind(b"\n", 0, at) + 1) + 1
    like = raw[at : at + 1].decode("cp1252", errors="replace")
    message = f"Byte 0x{raw[at]:02x} is not UTF-8; in Windows-1252 it would be '{like}'."
    _fail("not-utf-8", message, Place(file, line, column), _save_as_utf8("Windows-1252"))


def _save_as_utf8(encoding: str) -> str:
    return f"Save the file as UTF-8 in your editor, or: iconv -f {encoding.upper()} -t UTF-8 OLD > NEW"


def check_characters(text: str, file: str) -> None:
    """Raise CaseError at the first character that a case file may not hold (NUL, control, lone surrogate)."""
    bad = CONTROL.search(text)
    if bad is None:
        return
    place = Places(file, text, Node("scalar", 0, 0)).at_offset(bad.start())
    name = "a NUL character" if bad.group() == "\0" else f"the control character U+{ord(bad.group()):04X}"
    _fail("control-character", f"The file holds {name}.", place, "Remove it: only plain text can be read.")


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off the collection of garbage while a large tree is made, none of which is garbage.

    Otherwise the collector walks the growing tree again and again, which costs as much as making it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@uncollected()
def compose(text: str, file: str) -> tuple[Places, list[Finding]]:
    """Return the tree of a YAML text with its places, and the faults that do not stop the reading.

    Raises
    ------
    CaseError: the text is empty or not the plain YAML that a case file is; says where.
    """
    places = Places(file, text, Node("map", 0, 0))
    root = _sound_root(places)
    if root is not None:
        return Places(file, text, root), []
    composer = Composer(places)
    root = _root(composer)
    if root is None:
        _fail("empty", "The file is empty.", Place(file), "'westphalia new' writes a case to begin with.")
    if root.kind != "map":
        what = "a list" if root.kind == "seq" else "a single text or number"
        message = f"The file holds {what}, not a case."
        _fail("not-a-case", message, places.at_offset(root.start), "A case begins with 'westphalia: 1'.")
    return Places(file, text, root), composer.findings


def _sound_root(places: Places) -> Node | None:
    """Return the root of a text that is right, read by libyaml; None if it cannot be, or is not right."""
    if _LIBYAML is None or _OTHERWISE.search(places.text):
        return None
    composer = Composer(places)
    try:
        root = composer.document(yaml.parse(places.text, Loader=_LIBYAML))
    except (CaseError, yaml.YAMLError, ValueError):
        return None
    is_right = root is not None and root.kind == "map" and not composer.findings
    return root if is_right else None


def _root(composer: Composer) -> Node | None:
    """Return the root of the text as ruamel reads it.

    Raises
    ------
    CaseError: it cannot be read; says where.
    """
    places = composer.places
    try:
        return composer.document(iter(YAML(typ="safe", pure=True).parse(places.text)))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = places.at_offset(min(mark.index, len(places.text))) if mark is not None else Place(places.file)
        message, hint = explain(str(error.problem or error.context))
        raise CaseError([*composer.findings, _error("yaml-syntax", message, at, hint)]) from None
    except (YAMLError, ValueError, OverflowError, AssertionError) as error:
        # The parser lets these out for escapes beyond Unicode and for versions it does not know.
        what = "its '%YAML' line" if isinstance(error, AssertionError) else "an escape after '\\'"
        reached = composer.last.end_mark.index if composer.last is not None else 0
        message = f"The YAML cannot be read: {what} is wrong, here or below."
        at = places.at_offset(min(reached, len(places.text)))
        raise CaseError([*composer.findings, _error("yaml-syntax", message, at)]) from None


def _error(code: str, message: str, place: Place, hint: str = "") -> Finding:
    return Finding("error", code, message, place, hint=hint)


def _fail(code: str, message: str, place: Place, hint: str = "") -> NoReturn:
    raise CaseError([_error(code, message, place, hint)])
