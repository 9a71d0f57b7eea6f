"""Our own fields in files of others: written as JSON beside what every program shows, and read with care.

A case's actors and issues go out as small records, so that a case that was written comes back with the
names and scales it had. What a stranger put there is held to the same forms, or is not taken at all.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, get_args

import pydantic

from westphalia.dossier.schema import About, Kind, Mode, Source, Statement
from westphalia.fields import ID_PATTERN
from westphalia.formats.codings import LONGEST_GLOSS, line

KEY = "westphalia"
MODES: tuple[str, ...] = get_args(Mode)
KINDS: tuple[str, ...] = get_args(Kind)
_ACTOR_KINDS = ("state", "government", "person", "bloc", "organisation", "movement", "medium", "public")
_ISSUE_KINDS = ("continuous", "ordered", "nominal")
_MOST_POINTS = 1_000


def text_in(text: Any) -> str:
    """Return a text of a case in one language: English if there is it, else the first."""
    if isinstance(text, dict):
        return line(text.get("en") or next(iter(text.values()), ""), LONGEST_GLOSS)
    return line(text, LONGEST_GLOSS)


def marked(record: dict[str, Any]) -> str:
    """Return a record of ours as JSON that `record_in` knows again."""
    return json.dumps({KEY: record}, ensure_ascii=False)


def record_in(text: str | None) -> dict[str, Any] | None:
    """Return the record that a text holds, None if it holds none of ours."""
    if not text or f'"{KEY}"' not in text[:40]:
        return None
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return None
    record = held.get(KEY) if isinstance(held, dict) else None
    return record if isinstance(record, dict) else None


def is_id(value: object) -> bool:
    """Return whether a value can be an id."""
    return isinstance(value, str) and len(value) <= 80 and re.match(ID_PATTERN, value) is not None


def actor_record(actor: dict[str, Any]) -> dict[str, Any]:
    """Return what goes out of an actor: id, name and kind."""
    return {"id": actor["id"], "name": text_in(actor["name"]), "kind": actor["kind"]}


def actor_of(record: dict[str, Any]) -> dict[str, Any] | None:
    """Return the actor of a record, None if it is none."""
    name = line(record.get("name"))
    if not is_id(record.get("id")) or not name or record.get("kind") not in _ACTOR_KINDS:
        return None
    return {"id": record["id"], "name": name, "kind": record["kind"]}


def issue_record(issue: dict[str, Any]) -> dict[str, Any]:
    """Return what goes out of an issue: id, question, kind and the points of its scale."""
    return {
        "id": issue["id"],
        "question": text_in(issue["question"]),
        "kind": issue.get("kind", "continuous"),
        "scale": {str(point): text_in(meaning) for point, meaning in issue["scale"].items()},
    }


def issue_of(record: dict[str, Any]) -> dict[str, Any] | None:
    """Return the issue of a record, None if it is none."""
    question, kind, scale = line(record.get("question")), record.get("kind"), record.get("scale")
    if not is_id(record.get("id")) or not question or kind not in _ISSUE_KINDS:
        return None
    if not isinstance(scale, dict) or not 2 <= len(scale) <= _MOST_POINTS:
        return None
    points = {_point(key, kind): line(meaning) for key, meaning in scale.items()}
    if None in points or len(points) != len(scale) or not all(points.values()):
        return None
    return {"id": record["id"], "question": question, "kind": kind, "scale": points}


def _point(key: str, kind: str) -> float | str | None:
    if kind == "nominal":
        return key if is_id(key) else None
    try:
        point = float(key)
    except ValueError:
        return None
    if not math.isfinite(point):
        return None
    return int(point) if point == int(point) else point


def about_of(record: object) -> dict[str, Any] | None:
    """Return what a statement is about as plain data, None if the record is no such thing."""
    return _valid(About, record)


def statement_of(record: object) -> dict[str, Any] | None:
    """Return a statement as plain data, None if the record is none."""
    return _valid(Statement, record)


def source_of(record: object) -> dict[str, Any] | None:
    """Return a source as plain data, None if the record is none."""
    return _valid(Source, record)


def _valid(model: type[pydantic.BaseModel], record: object) -> dict[str, Any] | None:
    try:
        return model.model_validate(record).model_dump(mode="json", exclude_defaults=True)
    except (pydantic.ValidationError, RecursionError, OverflowError):
        return None
