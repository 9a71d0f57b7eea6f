"""Text files of the exchange model: a record a row, its first field a tag that says what it is.

``#O`` title, ``#/`` comment, ``#A`` actor (key, name, note), ``#P`` issue (key, name, note), ``#M`` point of
an issue's scale (issue, value, meaning), ``#D`` stand (actor, issue, position, salience, power, note).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from westphalia.errors import suggest
from westphalia.formats.imported import Account, Format, ImportedCase, Ledger, Outgoing
from westphalia.formats.raw import LONGEST_NAME, bytes_of, label_of, lf, text_of
from westphalia.formats.reports import refusal
from westphalia.formats.stakes import (
    MOST_STANDS,
    Party,
    Question,
    Stakes,
    Stand,
    check_size,
    number_in,
    share,
    stakes_of,
    tree_of,
    words,
)
from westphalia.formats.writing import write_file

LONGEST_LINE = 10_000
_LONGEST_NOTE = 2000
_TAG = re.compile(r"\s*(?P<quote>['\"]?)#(?P<tag>[A-Za-z0/])(?P=quote)\s*(?P<separator>[\t;,]|$)")
_FIELD = {
    each: re.compile(rf"""(?: *('(?:[^']|'')*+')| *("(?:[^"]|"")*+")|([^{each}]*)) *{each}""")
    for each in "\t;,"
}
"""A field with the separator behind it: in single quotes, in double ones, or bare."""
_COMMENTS = ("#/", "#0")
_FIELDS = {"O": 1, "A": 3, "P": 3, "M": 3, "D": 6}
_ENDS = ((0.0, "0, one end of the scale"), (100.0, "100, the other end of the scale"))


@dataclass
class _Book:
    """What has been read so far, by the keys of the file; `lines` says where each was."""

    title: str = ""
    parties: dict[str, Party] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    points: dict[str, dict[float, str]] = field(default_factory=dict)
    stands: dict[tuple[str, str], Stand] = field(default_factory=dict)
    lines: dict[object, str] = field(default_factory=dict)


def read_exchange_text(path: str | Path) -> ImportedCase:
    """Read a text file of the exchange model as a case.

    Raises
    ------
    FileError: the file cannot be read, or is no such file; says the line.
    """
    at, ledger = Path(path), Ledger()
    stakes = stakes_from_text(text_of(bytes_of(at), str(at)), str(at), ledger)
    tree = tree_of(stakes, at.name, ledger)
    note = {"note": f"Read from {at.name}, a file of the exchange model."}
    return ImportedCase({**tree, **note}, ledger.account(), commands=_COMMANDS)


_COMMANDS = ("westphalia forecast {case} --method exchange --option exchange.reading=program --exchanges",)


def stakes_from_text(text: str, where: str, ledger: Ledger) -> Stakes:
    """Return the stakes in a text; raises what `read_exchange_text` raises.

    Cost is linear in the length of the text.
    """
    book = _Book()
    lines = lf(text).split("\n")
    separator = _separator(lines, where)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            _read(book, line, separator, f"{where}:{number}", ledger)
    check_size(len(book.parties), len(book.questions), where)
    questions = {key: _scaled(book, question, ledger) for key, question in book.questions.items()}
    for pair, stand in book.stands.items():
        _check_stand(pair, stand, book, questions, where)
    stakes = Stakes(book.title, tuple(book.parties.values()), tuple(questions.values()), book.stands)
    return _with_shares(stakes, Path(where).stem, ledger)


def _separator(lines: list[str], where: str) -> str:
    """Return what stands behind the first tag of a record that is no comment."""
    for line in lines:
        begun = _TAG.match(line)
        if begun and begun["separator"] and f"#{begun['tag']}" not in _COMMENTS:
            return begun["separator"]
    raise refusal(
        "No row begins with a tag such as #A or #D.",
        where,
        "Rows hold fields behind a tag, such as #A;key;name.",
    )


def _read(book: _Book, line: str, separator: str, where: str, ledger: Ledger) -> None:
    if len(line) > LONGEST_LINE:
        raise refusal(f"The row has {len(line):,} characters.", where, code="too-large")
    fields = _fields(line, separator)
    begun = fields[0].strip()
    if begun.startswith(_COMMENTS):
        ledger.leave("Comments are not carried.")
        return
    tag = begun.removeprefix("#").upper() if begun.startswith("#") else ""
    if tag not in _FIELDS:
        known = ", ".join(f"#{each}" for each in _FIELDS)
        raise refusal(f"The row begins with '{begun[:40]}'.", where, f"The tags are {known} and #/.")
    _READERS[tag](book, _joined(fields[1:], _FIELDS[tag], separator), where)


def _fields(line: str, separator: str) -> list[str]:
    """Return the fields of a row, without quotes around them; a doubled quote within stands for one."""
    fields = []
    for single, double, bare in _FIELD[separator].findall(line + separator):
        quoted = single[1:-1].replace("''", "'") if single else double[1:-1].replace('""', '"')
        fields.append(quoted if single or double else bare)
    return fields


def _joined(fields: list[str], most: int, separator: str) -> list[str]:
    """Return as many fields as the record has: surplus ones are joined to the last, lacking ones empty."""
    given = max((at for at, text in enumerate(fields, start=1) if text.strip()), default=0)
    fields = fields[:given] + [""] * (most - given)
    return [*fields[: most - 1], separator.join(fields[most - 1 :])]


# --- records -------------------------------------------------------------------------------------


def _title(book: _Book, fields: list[str], where: str) -> None:
    title = words(fields[0], "title", where, _LONGEST_NOTE)
    book.title = f"{book.title} {title}".strip()


def _key(book: _Book, kind: str, text: str, where: str) -> str:
    """Return the key of a new actor or issue."""
    key = words(text, f"key of the {kind}", where, LONGEST_NAME)
    if not key:
        raise refusal(f"The {kind} has no key.", where, "The field behind the tag names it.")
    if (kind, key) in book.lines:
        raise refusal(
            f"The {kind} '{key}' stands there twice, first in {book.lines[kind, key]}.", where, "Keep one."
        )
    book.lines[kind, key] = f"line {where.rpartition(':')[2]}"
    return key


def _party(book: _Book, fields: list[str], where: str) -> None:
    key = _key(book, "actor", fields[0], where)
    name, note = (words(text, "name", where, _LONGEST_NOTE) for text in fields[1:])
    book.parties[key] = Party(key, name or key, note)


def _question(book: _Book, fields: list[str], where: str) -> None:
    key = _key(book, "issue", fields[0], where)
    name, note = (words(text, "name", where, _LONGEST_NOTE) for text in fields[1:])
    book.questions[key] = Question(key, name or key, (), note)


def _point(book: _Book, fields: list[str], where: str) -> None:
    key = words(fields[0], "key of the issue", where, LONGEST_NAME)
    value = number_in(fields[1], f"point on the scale of '{key}'", where)
    meaning = words(fields[2], "meaning", where, _LONGEST_NOTE)
    points = book.points.setdefault(key, {})
    if value in points:
        raise refusal(f"'{key}' has the point {value:g} twice.", where, "Keep one of the rows.")
    points[value] = meaning
    book.lines.setdefault(("scale", key), where)


def _stand(book: _Book, fields: list[str], where: str) -> None:
    actor, issue = (words(text, "key", where, LONGEST_NAME) for text in fields[:2])
    pair, line = (actor, issue), f"line {where.rpartition(':')[2]}"
    if pair in book.stands:
        first = book.stands[pair].where
        raise refusal(f"'{actor}' has a second stand on '{issue}', first in {first}.", where, "Keep one.")
    if len(book.stands) >= MOST_STANDS:
        raise refusal(f"There are more than {MOST_STANDS:,} stands.", where, code="too-large")
    position = number_in(fields[2], f"position of '{actor}' on '{issue}'", where)
    salience = number_in(fields[3], f"salience of '{actor}' on '{issue}'", where, 0.0)
    power = number_in(fields[4], f"power of '{actor}' on '{issue}'", where, 0.0)
    if salience > 100:
        raise refusal(f"The salience of '{actor}' on '{issue}' is {salience:g}.", where, "At most 100.")
    book.stands[pair] = Stand(position, salience, power, line)


_READERS: dict[str, Callable[[_Book, list[str], str], None]] = {
    "O": _title,
    "A": _party,
    "P": _question,
    "M": _point,
    "D": _stand,
}


# --- the whole -----------------------------------------------------------------------------------


def _scaled(book: _Book, question: Question, ledger: Ledger) -> Question:
    """Return an issue with its scale: the points it has in any order, else 0 to 100."""
    points = book.points.get(question.key, {})
    if not points:
        ledger.change(f"'{question.key}' has no #M: its scale is taken to run from 0 to 100.")
        return replace(question, points=_ENDS)
    if len(points) < 2:
        raise refusal(
            f"'{question.key}' has a single point on its scale.",
            book.lines["scale", question.key],
            "Two at least: the least and the largest are the ends.",
        )
    return replace(question, points=tuple(sorted(points.items())))


def _check_stand(
    pair: tuple[str, str], stand: Stand, book: _Book, questions: dict[str, Question], where: str
) -> None:
    place = f"{where}:{stand.where.removeprefix('line ')}"
    actor, issue = pair
    if actor not in book.parties:
        raise refusal(f"There is no #A for '{actor}'.", place, suggest(actor, book.parties), "unknown-actor")
    if issue not in questions:
        raise refusal(f"There is no #P for '{issue}'.", place, suggest(issue, questions), "unknown-issue")
    low, high = questions[issue].ends
    if not low <= stand.position <= high:
        raise refusal(
            f"The position of '{actor}' on '{issue}' is {stand.position:g}.",
            place,
            f"The scale runs from {low:g} to {high:g}.",
            "off-scale",
        )


def _with_shares(stakes: Stakes, name: str, ledger: Ledger) -> Stakes:
    """Return the stakes with saliences from 0 to 1; where any is above 1, all are hundredths."""
    is_percent = any(stand.salience > 1 for stand in stakes.stands.values())
    if is_percent:
        ledger.change("Some salience is above 1, so all were read as hundredths and divided by 100.")
    for (actor, issue), stand in stakes.stands.items():
        if stand.salience == 0:
            ledger.change(f"'{actor}' has salience 0 on '{issue}': it stands there and does not count.")
    stands = {
        pair: replace(stand, salience=share(stand.salience) if is_percent else stand.salience)
        for pair, stand in stakes.stands.items()
    }
    return replace(stakes, title=stakes.title or name, stands=stands)


# --- out -----------------------------------------------------------------------------------------


def write_exchange_text(outgoing: Outgoing, path: Path) -> Account:
    """Write a case as a text file of the exchange model and say what it does not carry.

    Raises
    ------
    CallError: nobody has a stand on an issue with a scale.
    FileError: the file cannot be written.
    """
    ledger = Ledger()
    write_file(path, text_from(stakes_of(outgoing, ledger)))
    return ledger.account()


def text_from(stakes: Stakes) -> str:
    """Return stakes as text: semicolons between fields, single quotes around texts, saliences from 0 to 1."""
    lines = [_line("#O", stakes.title)]
    lines += [_line("#A", party.key, party.name, party.note) for party in stakes.parties]
    for question in stakes.questions:
        lines.append(_line("#P", question.key, question.name, question.note))
        lines += [_line("#M", question.key, value, meaning) for value, meaning in question.points]
    lines.append(_line("#/", "actor", "issue", "position", "salience", "power"))
    lines += [
        _line("#D", actor, issue, stand.position, stand.salience, stand.capability)
        for (actor, issue), stand in stakes.stands.items()
    ]
    return "\n".join(lines) + "\n"


def _line(tag: str, *fields: str | float) -> str:
    return ";".join([tag, *(label_of(each) if isinstance(each, float) else _quoted(each) for each in fields)])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# --- the format ----------------------------------------------------------------------------------


def _sniff(head: bytes) -> bool:
    rows = head.decode("utf-8", "replace").lstrip("\ufeff").splitlines()[:200]
    begun = [_TAG.match(row) for row in rows if row.strip()]
    return (
        bool(begun)
        and begun[0] is not None
        and any(each and f"#{each['tag']}" not in _COMMENTS for each in begun)
    )


EXCHANGE_TEXT = Format(
    id="exchange-text",
    title="exchange model, text",
    suffixes=(".txt", ".csv", ".tsv"),
    sign="rows begin with tags such as #A, #P and #D",
    sniff=_sniff,
    read=read_exchange_text,
    write=write_exchange_text,
)
