"""From the events of a YAML parser to a tree: what is refused, and where everything stands.

The tree is built from events, so that neither depth nor expansion can cost more than the file is long.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from westphalia.case.text.nodes import Node, Places, step_name
from westphalia.case.text.scalars import CONTROL, is_too_long, resolve
from westphalia.errors import CaseError, Finding

MOST_LEVELS = 50

_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(slots=True)
class _Open:
    """A collection whose end is still to come: what it holds so far, and the key that waits for its value."""

    node: Node
    keys: list[Node] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    key: Node | None = None

    def closed(self, parsed: int) -> None:
        """Give the node its parts and its end: a block ends where its last part does, not after it."""
        node = self.node
        node.keys, node.items, node.index = self.keys, self.items, self.index
        ends = (node.start, *(part.end for part in (*self.items[-1:], *self.keys[-1:])))
        node.end = parsed if node.style == "flow" else max(ends)


class Composer:
    """Builds nodes from events, and collects what is wrong with them.

    Events are those of ruamel or of PyYAML, which go by the same names. `last` is the one read last.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.findings: list[Finding] = []
        self.last: Any = None
        self._documents = 0

    def document(self, events: Iterator[Any]) -> Node | None:
        """Return the root of the one document there is, or None.

        Raises
        ------
        CaseError: an anchor or alias, a second document, or values nested too deep; says where.
        """
        root: Node | None = None
        open_nodes: list[_Open] = []
        for event in events:
            self.last = event
            make = _MAKE.get(type(event).__name__)
            if make is not None:
                node = make(self, event)
                if open_nodes:
                    self._place(open_nodes[-1], node)
                root = root or node
                if node.kind != "scalar":
                    self._check_depth(len(open_nodes), event)
                    open_nodes.append(_Open(node))
            elif open_nodes:
                open_nodes.pop().closed(event.end_mark.index)
            else:
                self._check_count(event)
        is_empty = root is not None and root.kind == "scalar" and root.value is None
        return None if is_empty else root

    def _scalar(self, event: Any) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor is not None or event.tag is not None:
            self._refuse_extras(event)
        style, value = event.style or "", event.value
        if not style:
            value = self._plain_value(value, start)
        elif style == '"' and len(value) != end - start - 2:
            # An escape is longer than what it makes, so a text as long as it is written has none.
            value = self._checked_text(value, start)
        return Node("scalar", start, end, style, value)

    def _map(self, event: Any) -> Node:
        return self._collection("map", event)

    def _seq(self, event: Any) -> Node:
        return self._collection("seq", event)

    def _collection(self, kind: Any, event: Any) -> Node:
        if event.anchor is not None or event.tag is not None:
            self._refuse_extras(event)
        style = "flow" if event.flow_style else "block"
        return Node(kind, event.start_mark.index, event.end_mark.index, style)

    def _alias(self, event: Any) -> NoReturn:
        self._refuse_sharing("*", event)

    def _refuse_extras(self, event: Any) -> None:
        """Refuse an anchor at once; report a tag."""
        if event.anchor is not None:
            self._refuse_sharing("&", event)
        hint = "Remove the '!…': a case file holds only plain values."
        message = f"A YAML tag ('{str(event.tag)[:60]}') stands here."
        self._report("yaml-tag", message, event.start_mark.index, hint)

    def _refuse_sharing(self, sign: str, event: Any) -> NoReturn:
        self._stop(
            "yaml-alias",
            f"A YAML anchor or alias ('{sign}{str(event.anchor)[:60]}') stands here: not used in a case.",
            event,
            "Write the value out, or quote a text that begins with '*' or '&'.",
        )

    def _place(self, parent: _Open, node: Node) -> None:
        """Put a node into its parent: as an item, as a key, or as the value of the waiting key."""
        if parent.node.kind == "seq":
            parent.items.append(node)
        elif parent.key is None:
            self._check_key(parent, node)
            parent.key = node
        else:
            key, parent.key = parent.key, None
            if node.start == node.end and node.kind == "scalar":
                node.start = node.end = self._after_colon(key, node)
            name = step_name(key.value)
            if name not in parent.index:
                parent.index[name] = len(parent.items)
                parent.keys.append(key)
                parent.items.append(node)

    def _after_colon(self, key: Node, empty: Node) -> int:
        """Return where an empty value belongs: the parser places it at whatever comes next."""
        colon = self.places.text.find(":", key.end, empty.start)
        return key.end if colon < 0 else colon + 1

    def _check_key(self, parent: _Open, key: Node) -> None:
        value = key.value
        if type(value) is str and value not in parent.index:
            return
        if not isinstance(value, str | int | float) or isinstance(value, bool) or not _is_finite(value):
            written = self.places.text[key.start : key.end][:40]
            shown = f"'{written}'" if key.kind == "scalar" else "A list or mapping"
            hint = "Put it in quotation marks if it is meant as a name."
            self._report("bad-key", f"{shown} cannot be a key.", key.start, hint)
        elif step_name(value) in parent.index:
            first = self.places.at_offset(parent.keys[parent.index[step_name(value)]].start)
            message = f"The key '{value}' stands twice: first in line {first.line}, again here."
            self._report("duplicate-key", message, key.start, "Keep one of them, or rename one.")

    def _plain_value(self, text: str, start: int) -> Any:
        if is_too_long(text):
            self._report("number-too-long", f"A number of {len(text)} digits.", start)
            return 0
        return resolve(text)

    def _checked_text(self, value: str, start: int) -> str:
        """Return the text that escapes make: pairs of surrogates joined, as JSON writes them."""
        joined = _SURROGATES.sub(_one_character, value)
        bad = CONTROL.search(joined)
        if bad is not None:
            message = f"An escape in this text makes the control character U+{ord(bad.group()):04X}."
            self._report("control-character", message, start, "Remove it.")
        return CONTROL.sub("\ufffd", joined)

    def _check_depth(self, levels: int, event: Any) -> None:
        if levels >= MOST_LEVELS:
            self._stop("too-deep", f"The values are nested more than {MOST_LEVELS} levels deep.", event)

    def _check_count(self, event: Any) -> None:
        """Refuse a second document; takes every event outside of the values."""
        self._documents += type(event).__name__ == "DocumentStartEvent"
        if self._documents > 1:
            self._stop("several-documents", "A second YAML document begins here.", event, "Remove the '---'.")

    def _report(self, code: str, message: str, offset: int, hint: str = "") -> None:
        self.findings.append(Finding("error", code, message, self.places.at_offset(offset), hint=hint))

    def _stop(self, code: str, message: str, event: Any, hint: str = "") -> NoReturn:
        self._report(code, message, event.start_mark.index, hint)
        raise CaseError(self.findings)


_MAKE = {
    "ScalarEvent": Composer._scalar,
    "MappingStartEvent": Composer._map,
    "SequenceStartEvent": Composer._seq,
    "AliasEvent": Composer._alias,
}
"""What makes a node of an event, by the event's name: both parsers use the same."""


def _is_finite(number: str | float) -> bool:
    return not isinstance(number, float) or math.isfinite(number)


def _one_character(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le")
