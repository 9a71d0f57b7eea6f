"""The parts of a Web Annotation: its target with selectors, its bodies, who made it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from westphalia.formats.codings import LONGEST_GLOSS, line
from westphalia.formats.codings_own import KEY
from westphalia.formats.jsons import Node
from westphalia.formats.raw import lf
from westphalia.formats.reports import refusal

FIELD = f"{KEY}:statement"
MOST = 20_000
LONGEST_QUOTE = 100_000
_DEEPEST = 20
_LARGEST = 10**9
_MOST_PLACES = 20


@dataclass(frozen=True)
class Selected:
    """What selectors say: a place in code points, the words there, and what stands around them."""

    start: int | None = None
    end: int | None = None
    exact: str | None = None
    prefix: str = ""
    suffix: str = ""


def annotations_of(root: Node) -> list[Node]:
    """Return the annotations of a file: one, a list, a page, or a collection with its first page.

    Raises
    ------
    FileError: there are none, or too many.
    """
    found = _listed(root, 0)
    if not found:
        hint = "An annotation is a mapping with 'type': 'Annotation' and a 'target'."
        raise refusal("There is no annotation in the file.", root.where, hint, "no-annotation")
    if len(found) > MOST:
        raise refusal(f"There are more than {MOST:,} annotations.", root.where, code="too-large")
    return found


def _listed(node: Node, depth: int) -> list[Node]:
    if isinstance(node.value, list) and depth < _DEEPEST:
        return [found for item in node.items() for found in _listed(item, depth + 1)]
    if not isinstance(node.value, dict):
        return []
    if "target" in node.value:
        return [node]
    inner = node.get("items") or node.get("first")
    return _listed(inner, depth + 1) if inner is not None and depth < _DEEPEST else []


def plain_of(value: Any) -> Any:
    """Return JSON with ordinary numbers in place of decimal fractions."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < _LARGEST else float(value)
    if isinstance(value, dict):
        return {key: plain_of(item) for key, item in value.items()}
    return [plain_of(item) for item in value] if isinstance(value, list) else value


def source_iri(node: Node) -> str:
    """Return the address of what an annotation points at.

    Raises
    ------
    FileError: it points at nothing, or at several things.
    """
    target = _target(node)
    address = target.value if isinstance(target.value, str) else None
    for key in ("source", "id"):
        inner = target.get(key)
        if address is None and inner is not None:
            address = inner.value if isinstance(inner.value, str) else inner.plain("id")
    if not isinstance(address, str) or not line(address):
        raise refusal("The target has no source.", target.where, "Name the address of the text.", "no-source")
    return line(address)


def _target(node: Node) -> Node:
    target = node.at("target")
    if not isinstance(target.value, list):
        return target
    targets = target.items()
    if len(targets) != 1:
        message = f"The annotation has {len(targets)} targets."
        raise refusal(message, target.where, "One target an annotation is read.", "several-targets")
    return targets[0]


def selected(node: Node) -> Selected:
    """Return what the selectors of an annotation say, also those that refine others.

    Raises
    ------
    FileError: a place is no pair of whole numbers in order, or a quotation no text.
    """
    target = _target(node)
    first = target.get("selector") if isinstance(target.value, dict) else None
    found: dict[str, Any] = {}
    waiting = [] if first is None else [first]
    while waiting and len(found) < MOST:
        selector = waiting.pop()
        if isinstance(selector.value, list):
            waiting += selector.items()[:_DEEPEST]
        elif isinstance(selector.value, dict):
            found |= _said(selector)
            refined = selector.get("refinedBy")
            waiting += [] if refined is None else [refined]
    return Selected(**found)


def _said(selector: Node) -> dict[str, Any]:
    kind = selector.plain("type")
    if kind == "TextPositionSelector":
        start, end = (_whole(selector.at(key)) for key in ("start", "end"))
        if not start < end:
            hint = "The end lies after the start; both count characters from 0."
            raise refusal(f"The place [{start}, {end}] is no stretch.", selector.where, hint, "bad-place")
        return {"start": start, "end": end}
    if kind == "TextQuoteSelector":
        said = {key: selector.plain(key) or "" for key in ("exact", "prefix", "suffix")}
        if not all(isinstance(text, str) and len(text) <= LONGEST_QUOTE for text in said.values()):
            raise refusal("The quotation is no text, or too long.", selector.where, code="bad-quote")
        if any("\ud800" <= letter <= "\udfff" for text in said.values() for letter in text):
            raise refusal("The quotation holds half a character.", selector.where, code="bad-quote")
        # The texts of a case are in NFC with LF ends, so a quotation can only be found as such.
        normal = {key: unicodedata.normalize("NFC", lf(text)) for key, text in said.items()}
        return normal if normal["exact"] else {}
    return {}


def _whole(node: Node) -> int:
    number = node.value
    is_whole = isinstance(number, Decimal) and 0 <= number < _LARGEST and number == number.to_integral_value()
    if not is_whole:
        hint = "Write a whole number of 0 or more."
        raise refusal("The place is no whole number.", node.where, hint, "bad-place")
    return int(number)


def at_quote(text: str, what: Selected) -> tuple[int, int] | None:
    """Return the one place where the quoted words stand with their context, None if it is not one.

    Words that stand only once need no context, unless they stand within a longer word.
    """
    if not what.exact:
        return None
    length = len(what.exact)
    placed = _places(text, what.prefix + what.exact + what.suffix, 2)
    if what.prefix + what.suffix and len(placed) == 1:
        start = placed[0] + len(what.prefix)
        return start, start + length
    alone = _places(text, what.exact, 2)
    is_one = len(alone) == 1 and _is_whole(text, alone[0], alone[0] + length)
    return (alone[0], alone[0] + length) if is_one else None


def quoted_at(text: str, what: Selected) -> list[tuple[int, int]]:
    """Return the first places where the quoted words stand, for a person to choose from."""
    if not what.exact:
        return []
    return [(place, place + len(what.exact)) for place in _places(text, what.exact, _MOST_PLACES)]


def _places(text: str, words: str, most: int) -> list[int]:
    """Return the first places at which words stand."""
    found: list[int] = []
    place = text.find(words)
    while place >= 0 and len(found) < most:
        found.append(place)
        place = text.find(words, place + 1)
    return found


def _is_whole(text: str, start: int, end: int) -> bool:
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )


def bodies_of(node: Node) -> tuple[Any, str]:
    """Return the statement of ours that the bodies hold, None if none does, and their text."""
    body = node.get("body")
    value = node.get("bodyValue")
    nodes = [] if body is None else body.items() if isinstance(body.value, list) else [body]
    own = None
    texts = [str(value.value)] if value is not None and isinstance(value.value, str) else []
    for each in nodes:
        if isinstance(each.value, str):
            texts.append(each.value)
        elif each.get(FIELD) is not None:
            own = plain_of(each.plain(FIELD))
        elif isinstance(each.plain("value"), str):
            tag = "tag: " if each.plain("purpose") == "tagging" else ""
            texts.append(tag + each.plain("value"))
    return own, "; ".join(line(text, LONGEST_GLOSS) for text in texts if text.strip())


def creator_of(node: Node) -> str:
    """Return the name of who made an annotation, nothing if it is not said."""
    creator = node.get("creator")
    if creator is None:
        return ""
    if isinstance(creator.value, str):
        return line(creator.value)
    return line(creator.plain("name") or creator.plain("nickname") or creator.plain("id"))
