"""From the bytes of a case file to a tree with places: decoding, YAML 1.2, and what is refused.

Only the plain part of YAML is read: no anchors, aliases or tags, one document, at most 50 levels.
The tree is built from the parser's events, so that neither depth nor expansion can cost more than
the file is long.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from westphalia.case.text.nodes import Node, Places, step_name
from westphalia.case.text.syntax import explain
from westphalia.errors import CaseError, Finding, Place

MOST_BYTES = 16_000_000
MOST_LEVELS = 50
MOST_DIGITS = 400

_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
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
    bad = _CONTROL.search(text)
    if bad is None:
        return
    place = Places(file, text, Node("scalar", 0, 0)).at_offset(bad.start())
    name = "a NUL character" if bad.group() == "\0" else f"the control character U+{ord(bad.group()):04X}"
    _fail("control-character", f"The file holds {name}.", place, "Remove it: only plain text can be read.")


def compose(text: str, file: str) -> tuple[Places, list[Finding]]:
    """Return the tree of a YAML text with its places, and the faults that do not stop the reading.

    Raises
    ------
    CaseError: the text is empty or not the plain YAML that a case file is; says where.
    """
    places = Places(file, text, Node("map", 0, 0))
    composer = _Composer(places)
    try:
        root = composer.document(iter(YAML(typ="safe", pure=True).parse(text)))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = places.at_offset(min(mark.index, len(text))) if mark is not None else Place(file)
        message, hint = explain(str(error.problem or error.context))
        raise CaseError([*composer.findings, _error("yaml-syntax", message, at, hint)]) from None
    except (YAMLError, ValueError, OverflowError, AssertionError) as error:
        # The parser lets these out for escapes beyond Unicode and for versions it does not know.
        what = "its '%YAML' line" if isinstance(error, AssertionError) else "an escape after '\\'"
        at = places.at_offset(min(composer.reached, len(text)))
        message = f"The YAML cannot be read: {what} is wrong, here or below."
        raise CaseError([*composer.findings, _error("yaml-syntax", message, at)]) from None
    if root is None:
        _fail("empty", "The file is empty.", Place(file), "'westphalia new' writes a case to begin with.")
    if root.kind != "map":
        what = "a list" if root.kind == "seq" else "a single text or number"
        message = f"The file holds {what}, not a case."
        _fail("not-a-case", message, places.at_offset(root.start), "A case begins with 'westphalia: 1'.")
    return Places(file, text, root), composer.findings


def resolve(text: str) -> Any:
    """Return what a bare scalar means by the core schema of YAML 1.2; `no` and dates stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text, {"0x": 16, "0o": 8}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITY.fullmatch(text):
        return -math.inf if text.startswith("-") else math.inf
    return text


class _Composer:
    """Builds nodes from events, and collects what is wrong with them."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.findings: list[Finding] = []
        self.reached = 0

    def document(self, events: Iterator[Event]) -> Node | None:
        """Return the root of the one document there is, or None."""
        root: Node | None = None
        open_nodes: list[Node] = []
        pending: list[Node | None] = []
        documents = 0
        for event in events:
            self.reached = event.end_mark.index
            documents += isinstance(event, DocumentStartEvent)
            if documents > 1:
                self._stop(
                    "several-documents", "A second YAML document begins here.", event, "Remove the '---'."
                )
            if isinstance(event, CollectionEndEvent):
                node = open_nodes.pop()
                pending.pop()
                node.end = _end(node, event.end_mark.index)
            elif isinstance(event, NodeEvent):
                node = self._node(event)
                root = root or node
                if open_nodes:
                    self._place(open_nodes[-1], pending, node)
                if node.kind != "scalar":
                    self._check_depth(len(open_nodes), event)
                    open_nodes.append(node)
                    pending.append(None)
        is_empty = root is not None and root.kind == "scalar" and root.value is None
        return None if is_empty else root

    def _node(self, event: NodeEvent) -> Node:
        self._refuse_sharing(event)
        start, end = event.start_mark.index, event.end_mark.index
        tag = getattr(event, "tag", None)
        if tag is not None:
            at = self.places.at_offset(start)
            hint = "Remove the '!…': a case file holds only plain values."
            self.findings.append(_error("yaml-tag", f"A YAML tag ('{str(tag)[:60]}') stands here.", at, hint))
        if isinstance(event, ScalarEvent):
            style = event.style or ""
            value = event.value if style else self._plain_value(event.value, start)
            if isinstance(value, str) and style == '"':
                value = self._checked_text(value, start)
            return Node("scalar", start, end, style, value)
        style = "flow" if getattr(event, "flow_style", False) else "block"
        return Node("map" if isinstance(event, MappingStartEvent) else "seq", start, end, style)

    def _refuse_sharing(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            self._stop(
                "yaml-alias",
                f"A YAML anchor or alias ('{sign}{str(event.anchor)[:60]}') stands here: not used in a case.",
                event,
                "Write the value out, or quote a text that begins with '*' or '&'.",
            )

    def _place(self, parent: Node, pending: list[Node | None], node: Node) -> None:
        """Put a node into its parent: as an item, as a key, or as the value of the waiting key."""
        if parent.kind == "seq":
            parent.items.append(node)
        elif pending[-1] is None:
            self._check_key(parent, node)
            pending[-1] = node
        else:
            key, pending[-1] = pending[-1], None
            if node.kind == "scalar" and node.start == node.end:
                node.start = node.end = self._after_colon(key, node)
            if step_name(key.value) not in parent.index:
                parent.add(key, node)

    def _after_colon(self, key: Node, empty: Node) -> int:
        """Return where an empty value belongs: the parser places it at whatever comes next."""
        colon = self.places.text.find(":", key.end, empty.start)
        return key.end if colon < 0 else colon + 1

    def _check_key(self, parent: Node, key: Node) -> None:
        at = self.places.at_offset(key.start)
        fits = isinstance(key.value, str | int | float) and not isinstance(key.value, bool)
        if not fits or (isinstance(key.value, float) and not math.isfinite(key.value)):
            shown = (
                f"'{self.places.text[key.start : key.end][:40]}'"
                if key.kind == "scalar"
                else "A list or mapping"
            )
            hint = "Put it in quotation marks if it is meant as a name."
            self.findings.append(_error("bad-key", f"{shown} cannot be a key.", at, hint))
        elif step_name(key.value) in parent.index:
            first = self.places.at_offset(parent.keys[parent.index[step_name(key.value)]].start)
            message = f"The key '{key.value}' stands twice: first in line {first.line}, again here."
            self.findings.append(_error("duplicate-key", message, at, "Keep one of them, or rename one."))

    def _plain_value(self, text: str, start: int) -> Any:
        if len(text) > MOST_DIGITS and _INTEGER.fullmatch(text):
            at = self.places.at_offset(start)
            self.findings.append(_error("number-too-long", f"A number of {len(text)} digits.", at))
            return 0
        return resolve(text)

    def _checked_text(self, value: str, start: int) -> str:
        """Return the text that escapes make: pairs of surrogates joined, as JSON writes them."""
        joined = _SURROGATES.sub(_one_character, value)
        bad = _CONTROL.search(joined)
        if bad is not None:
            message = f"An escape in this text makes the control character U+{ord(bad.group()):04X}."
            self.findings.append(
                _error("control-character", message, self.places.at_offset(start), "Remove it.")
            )
        return _CONTROL.sub("\ufffd", joined)

    def _check_depth(self, levels: int, event: Event) -> None:
        if levels >= MOST_LEVELS:
            self._stop("too-deep", f"The values are nested more than {MOST_LEVELS} levels deep.", event)

    def _stop(self, code: str, message: str, event: Event, hint: str = "") -> NoReturn:
        at = self.places.at_offset(event.start_mark.index)
        raise CaseError([*self.findings, _error(code, message, at, hint)])


def _one_character(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _end(node: Node, parsed: int) -> int:
    """Return where a collection ends: a block where its last part does, not after what follows it."""
    if node.style == "flow":
        return parsed
    return max([node.start, *(part.end for part in node.items[-1:]), *(key.end for key in node.keys[-1:])])


def _error(code: str, message: str, place: Place, hint: str = "") -> Finding:
    return Finding("error", code, message, place, hint=hint)


def _fail(code: str, message: str, place: Place, hint: str = "") -> NoReturn:
    raise CaseError([_error(code, message, place, hint)])
