"""Changes of a case as data, and what becomes of them if the file was changed meanwhile.

A path is written as `Document.set` takes it: ``stands.usa.territory.salience``. Where it leads through
a list, a step is the place of the item or its id: ``statements.4.gloss`` or ``statements.s005.gloss``.
All paths of a batch are meant in the file that the form was made from, whatever order they come in.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from westphalia.case.document import Document, steps
from westphalia.case.text.editing import cut, put_all, remove_items, remove_value, set_values
from westphalia.case.text.nodes import Path, dotted, step_name
from westphalia.errors import CallError, WestphaliaError, suggest

Verb = Literal["set", "remove", "append"]

_ONE_VALUE = frozenset({"low", "high", "normal", "experts", "value", "chances"})
"""A mapping with one of these keys is one value with its doubt: half of it alone means nothing."""


@dataclass(frozen=True)
class Edit:
    """One change: set a path, remove a path, or append to the list at a path.

    `path` is dotted text, or the steps themselves where a key holds a dot.
    """

    verb: Verb
    path: str | tuple[str | int, ...]
    value: Any = None

    @property
    def steps(self) -> Path:
        """The path as steps."""
        return steps(self.path)

    def plain(self) -> dict[str, Any]:
        """Return the edit as plain data, as JSON holds it."""
        path = self.path if isinstance(self.path, str) else list(self.path)
        return {"verb": self.verb, "path": path, "value": self.value}

    @classmethod
    def from_plain(cls, raw: object) -> Edit:
        """Return the edit of plain data.

        Raises
        ------
        CallError: it is no edit; says what is wrong with it.
        """
        if not isinstance(raw, Mapping) or not {"verb", "path"} <= set(raw) <= {"verb", "path", "value"}:
            raise _no_edit("An edit has a verb, a path and a value.")
        verb, path = raw["verb"], raw["path"]
        if verb not in get_args(Verb):
            raise _no_edit(f"There is no verb '{verb}'.", suggest(str(verb), get_args(Verb)))
        if isinstance(path, list) and path and all(type(step) in (str, int) for step in path):
            path = tuple(path)
        if not isinstance(path, str | tuple) or not path:
            raise _no_edit("The path of an edit is a text such as 'stands.usa.territory'.")
        return cls(verb, path, raw.get("value"))


def _no_edit(message: str, hint: str = "") -> CallError:
    return CallError(message, code="bad-edit", hint=hint)


@dataclass(frozen=True)
class Clash:
    """A value that two people changed: what one wants, what the file has now, and what it was.

    `path` names items of lists by their ids. None stands for a value that is not there.
    """

    path: str
    ours: Any
    theirs: Any
    base: Any

    def plain(self) -> dict[str, Any]:
        """Return the clash as plain data."""
        return {"path": self.path, "ours": self.ours, "theirs": self.theirs, "base": self.base}


class ClashError(WestphaliaError):
    """Somebody changed the same values meanwhile; nothing was saved, and `clashes` holds both sides."""

    def __init__(self, clashes: Iterable[Clash], *, where: str = "") -> None:
        self.clashes = tuple(clashes)
        named = ", ".join(clash.path or "the whole file" for clash in self.clashes[:3])
        others = f" and {len(self.clashes) - 3} more" if len(self.clashes) > 3 else ""
        super().__init__(
            f"Somebody changed the same meanwhile: {named}{others}.",
            code="case-clash",
            where=where,
            hint="Nothing was saved. Compare the two and decide.",
        )

    def as_dict(self) -> dict[str, object]:
        """Return the error with its clashes as plain data."""
        return {**super().as_dict(), "clashes": [clash.plain() for clash in self.clashes]}


class _Absent:
    """What is not there; one object of it, told from an empty value."""


ABSENT = _Absent()


# --- making edits ----------------------------------------------------------------------------------


def made(document: Document, edits: Iterable[Edit]) -> Document:
    """Return the document with all edits made, and checked once at the end.

    Raises
    ------
    CaseError: the case would be wrong with them.
    CallError: a path leads nowhere, or what stands there is no list to append to.
    """
    batch = _Batch.of(document.tree, edits)
    places = set_values(document.places, batch.values) if batch.values else document.places
    for parent, last in batch.gone:
        node = places.node(parent)
        if node is not None and node.kind == "seq":
            places = remove_items(places, parent, [int(step) for step in last])
        else:
            for step in last:
                places = remove_value(places, (*parent, step))
    return document if places is document.places else document.with_places(places)


class _Batch(NamedTuple):
    """Edits as what is set, and what is taken out after that: by parent, the deeper ones first."""

    values: dict[Path, Any]
    gone: list[tuple[Path, list[str | int]]]

    @classmethod
    def of(cls, tree: Any, edits: Iterable[Edit]) -> _Batch:
        located = [(edit, _located(tree, edit.steps)) for edit in edits]
        sets = {path: edit.value for edit, path in located if edit.verb == "set"}
        values = {path: value for path, value in sets.items() if not is_same(_at(tree, path), value)}
        for edit, path in located:
            if edit.verb == "append":
                _append(values, _at(tree, path), path, edit.value)
        gone: dict[Path, list[str | int]] = {}
        for path in dict.fromkeys(path for edit, path in located if edit.verb == "remove"):
            if not path or _at(tree, path) is ABSENT:
                raise CallError(f"There is no '{dotted(path)}'.", code="no-such-place", where=dotted(path))
            gone.setdefault(path[:-1], []).append(path[-1])
        return cls(values, sorted(gone.items(), key=lambda each: len(each[0]), reverse=True))

    def applied(self, tree: Any) -> Any:
        """Return a plain tree with the batch."""
        changed = copy.deepcopy(tree)
        put_all(changed, self.values)
        for parent, last in self.gone:
            # From the end, so that no place of a list moves before it is used.
            for step in sorted(last, key=lambda step: step if isinstance(step, int) else 0, reverse=True):
                cut(changed, (*parent, step))
        return changed


def _append(values: dict[Path, Any], held: Any, path: Path, item: Any) -> None:
    """Add what appends an item to the list at the path, after those that are added already."""
    if path in values or held in (None, ABSENT):
        whole = values.setdefault(path, [])
        if isinstance(whole, list):
            values[path] = [*whole, item]
            return
    elif isinstance(held, list):
        place = len(held)
        while (*path, place) in values:
            place += 1
        values[*path, place] = item
        return
    raise CallError(f"'{dotted(path)}' is not a list.", code="not-a-list", where=dotted(path))


def _located(tree: Any, path: Path) -> Path:
    """Return the path with places where it names items of lists by their ids."""
    found: list[str | int] = []
    for step in path:
        if isinstance(tree, list) and not step_name(step).isdigit():
            ids = [_id_of(item) for item in tree]
            if step not in ids:
                where = dotted(path)
                hint = suggest(str(step), filter(None, ids))
                raise CallError(f"There is no '{step}' here.", code="no-such-place", where=where, hint=hint)
            step = ids.index(str(step))
        found.append(step)
        tree = _part(tree, step)
    return tuple(found)


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = _part(tree, step)
    return tree


def _part(tree: Any, step: str | int) -> Any:
    """Return what a step leads to, `ABSENT` if there is nothing."""
    if isinstance(tree, dict):
        return next((part for key, part in tree.items() if step_name(key) == step_name(step)), ABSENT)
    if isinstance(tree, list) and step_name(step).isdigit() and int(step) < len(tree):
        return tree[int(step)]
    return ABSENT


def _id_of(item: Any) -> str | None:
    name = item.get("id") if isinstance(item, dict) else None
    return str(name) if isinstance(name, str | int) else None


# --- merging ---------------------------------------------------------------------------------------


def merged(now: Document, base: Document, edits: Iterable[Edit]) -> Document:
    """Return the file as it is now with edits that were meant for `base`, an earlier version of it.

    Values are held against each other one by one, items of lists by their ids. A value with its doubt
    (``{low: 30, high: 60}``) counts as one, and so does a list whose items have no ids; only texts
    added to its end are added to whatever it has now.

    Raises
    ------
    ClashError: a value that an edit changes is another now than it was in `base`, and not what the
        edit wants; holds all such values.
    CaseError: all can be made, but the case would be wrong with both.
    CallError: a path leads nowhere in `base`.
    """
    ours = _Batch.of(base.tree, edits).applied(base.tree)
    found = list(_three_ways(base.tree, ours, now.tree, ()))
    clashes = [each for each in found if isinstance(each, Clash)]
    if clashes:
        raise ClashError(clashes, where=now.name)
    return made(now, [each for each in found if isinstance(each, Edit)])


def _three_ways(base: Any, ours: Any, theirs: Any, path: Path) -> Iterator[Edit | Clash]:
    """Yield what brings `ours` into `theirs`, and where both changed the same."""
    if base in (None, ABSENT) and type(ours) is type(theirs) in (dict, list):
        base = type(ours)()
    if is_same(ours, base) or is_same(ours, theirs):
        return
    if all(map(is_divisible, (base, ours, theirs))) and _in_one_order(base, ours):
        for key in dict.fromkeys([*base, *ours]):
            before, wanted, held = (side.get(key, ABSENT) for side in (base, ours, theirs))
            yield from _three_ways(before, wanted, held, (*path, key))
    elif all(map(has_ids, (base, ours, theirs))):
        yield from _items_three_ways(base, ours, theirs, path)
    elif _is_extended(base, ours) and _are_texts(theirs):
        yield from (Edit("append", path, text) for text in ours[len(base) :] if text not in theirs)
    elif is_same(theirs, base):
        yield Edit("remove", path) if ours is ABSENT else Edit("set", path, ours)
    else:
        yield Clash(dotted(path), *(None if side is ABSENT else side for side in (ours, theirs, base)))


def _items_three_ways(base: Any, ours: Any, theirs: Any, path: Path) -> Iterator[Edit | Clash]:
    before, wanted, held = ({str(item["id"]): item for item in side} for side in (base, ours, theirs))
    for name in dict.fromkeys([*before, *wanted]):
        if name not in before and name not in held:
            yield Edit("append", path, wanted[name])
        else:
            step = list(held).index(name) if name.isdigit() and name in held else name
            sides = [side.get(name, ABSENT) for side in (before, wanted, held)]
            yield from _three_ways(sides[0], sides[1], sides[2], (*path, step))


def is_same(one: Any, other: Any) -> bool:
    """Return whether two values are written alike; the order of keys counts, as it names options."""
    if one is ABSENT or other is ABSENT:
        return one is other
    try:
        return json.dumps(one) == json.dumps(other)
    except (TypeError, ValueError, RecursionError):
        return False  # no value of a file; setting it is refused with a reason


def is_divisible(side: Any) -> bool:
    """Return whether it is a mapping whose parts mean something by themselves, unlike the ends of a range."""
    return isinstance(side, dict) and not _ONE_VALUE & side.keys()


def _in_one_order(base: Mapping[Any, Any], ours: Mapping[Any, Any]) -> bool:
    return [key for key in base if key in ours] == [key for key in ours if key in base]


def has_ids(side: Any) -> bool:
    """Return whether it is a list whose items all have ids of their own."""
    if not isinstance(side, list):
        return False
    ids = [_id_of(item) for item in side]
    return None not in ids and len(set(ids)) == len(ids)


def _are_texts(side: Any) -> bool:
    return isinstance(side, list) and all(isinstance(item, str) for item in side)


def _is_extended(base: Any, ours: Any) -> bool:
    """Return whether ours is the list of texts that base is, with more at its end."""
    return _are_texts(base) and _are_texts(ours) and ours[: len(base)] == base
