"""A ledger shows every change: a byte, a line dropped, moved, put in or replaced, and a cut end."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from westphalia.errors import CallError, FileError
from westphalia.runs import ledger as module
from westphalia.runs.ledger import FIRST, LedgerError, add, canonical, read_ledger

SHARED_FOLDER = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    """The bytes of a ledger of six entries."""
    path = tmp_path_factory.mktemp("ledger") / "six.jsonl"
    for at in range(6):
        add(path, {"kind": "forecast", "note": f"n\u00ba {at}", "figure": at / 7})
    return path.read_bytes()


def faults(folder: Path, raw: bytes, head: str | None = None) -> tuple[str, ...]:
    path = folder / "tried.jsonl"
    path.write_bytes(raw)
    with pytest.raises(LedgerError) as caught:
        read_ledger(path, head=head)
    return caught.value.faults


def test_entries_come_back_as_they_were_added(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    first = add(path, {"kind": "forecast", "z": 1, "a": [0.1, None]})
    second = add(path, {"kind": "outcome"})
    held = read_ledger(path)
    assert [entry.number for entry in held.entries] == [1, 2]
    assert held.head == second.hash
    assert held.entries[0].content["a"] == [0.1, None]
    assert held.entries[0].content["previous"] == FIRST
    assert held.entries[1].content["previous"] == first.hash
    assert held.entry("2") is held.entries[1]
    assert held.entry(first.hash[:10]) is held.entries[0]
    with pytest.raises(CallError, match=r"no entry '7'\. Known: 1, 2"):
        held.entry("7")


def test_the_hash_can_be_computed_by_anyone(whole: bytes) -> None:
    """The definition in plain steps: JSON with sorted keys and no blanks, without the hash, SHA-256."""
    previous = "0" * 64
    for number, line in enumerate(whole.decode().splitlines(), start=1):
        entry = json.loads(line)
        closing = entry.pop("hash")
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == closing
        assert (entry["number"], entry["previous"]) == (number, previous)
        previous = closing


# --- every change shows --------------------------------------------------------------------------


@SHARED_FOLDER
@given(data=st.data())
def test_any_byte_that_is_changed_shows(whole: bytes, tmp_path: Path, data) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != whole[at]))
    assert faults(tmp_path, whole[:at] + bytes([byte]) + whole[at + 1 :])


@SHARED_FOLDER
@given(data=st.data())
def test_any_byte_that_is_dropped_or_put_in_shows(whole: bytes, tmp_path: Path, data) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    assert faults(tmp_path, whole[:at] + whole[at + 1 :])
    byte = data.draw(st.integers(0, 255))
    assert faults(tmp_path, whole[:at] + bytes([byte]) + whole[at:])


def test_every_changed_entry_is_named_and_only_it(whole: bytes, tmp_path: Path) -> None:
    lines = whole.splitlines(keepends=True)
    for at in range(6):
        changed = lines[at].replace(b'"figure":', b'"figure":1', 1)
        told = faults(tmp_path, b"".join([*lines[:at], changed, *lines[at + 1 :]]))
        assert told == (f"Line {at + 1}: entry {at + 1} was changed after it was written.",)


def test_every_dropped_entry_is_named_and_only_it(whole: bytes, tmp_path: Path) -> None:
    lines = whole.splitlines(keepends=True)
    for at in range(5):
        told = faults(tmp_path, b"".join([*lines[:at], *lines[at + 1 :]]))
        assert told == (f"Line {at + 1}: entry {at + 1} is missing before entry {at + 2}.",)
    assert faults(tmp_path, b"".join([lines[0], *lines[4:]])) == (
        "Line 2: entries 2 to 4 are missing before entry 5.",
    )


@SHARED_FOLDER
@given(order=st.permutations(range(6)))
def test_every_other_order_shows(whole: bytes, tmp_path: Path, order) -> None:
    lines = whole.splitlines(keepends=True)
    if list(order) != list(range(6)):
        told = " ".join(faults(tmp_path, b"".join(lines[at] for at in order)))
        assert "moved or inserted" in told or "missing" in told


def test_an_entry_put_in_twice_or_from_elsewhere_shows(whole: bytes, tmp_path: Path) -> None:
    lines = whole.splitlines(keepends=True)
    told = faults(tmp_path, b"".join([*lines[:3], lines[1], *lines[3:]]))
    assert told[0] == "Line 4: entry 2 stands where entry 4 belongs: moved or inserted."
    other = tmp_path / "other.jsonl"
    for at in range(6):
        add(other, {"kind": "forecast", "note": f"other {at}"})
    foreign = other.read_bytes().splitlines(keepends=True)[2]
    told = faults(tmp_path, b"".join([*lines[:2], foreign, *lines[3:]]))
    assert told == (
        "Line 3: entry 3 does not follow from entry 2: one of them was replaced.",
        "Line 4: entry 4 does not follow from entry 3: one of them was replaced.",
    )


def test_an_entry_rewritten_with_a_new_hash_shows_at_the_next(whole: bytes, tmp_path: Path) -> None:
    lines = whole.splitlines(keepends=True)
    entry = json.loads(lines[2])
    del entry["hash"]
    entry["figure"] = 0.9
    closed = canonical({**entry, "hash": hashlib.sha256(canonical(entry)).hexdigest()}) + b"\n"
    assert faults(tmp_path, b"".join([*lines[:2], closed, *lines[3:]])) == (
        "Line 4: entry 4 does not follow from entry 3: one of them was replaced.",
    )


def test_a_cut_end_shows_to_whoever_noted_the_head(whole: bytes, tmp_path: Path) -> None:
    lines = whole.splitlines(keepends=True)
    path = tmp_path / "cut.jsonl"
    path.write_bytes(b"".join(lines[:4]))
    head = json.loads(lines[5])["hash"]
    assert len(read_ledger(path).entries) == 4
    assert read_ledger(path, head=json.loads(lines[1])["hash"]).head == json.loads(lines[3])["hash"]
    told = faults(tmp_path, b"".join(lines[:4]), head)
    assert told == (f"No entry has the hash {head[:12]}… that was noted: the end was cut off or rewritten.",)
    assert faults(tmp_path, whole[:-30])[-1] == (
        "The last line is not whole: the file was cut, or a writer stopped."
    )


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[1]",
        b"{}",
        b'{"number":true,"previous":"","hash":""}',
        b'{"hash":"x","number":1,"previous":"%s"}' % FIRST.encode(),
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"number":' + b"9" * 10_000 + b"}",
        b'{"figure":NaN,"hash":"","number":1,"previous":""}',
    ],
    ids=range(10),
)
def test_what_is_no_entry_is_refused_without_a_traceback(line: bytes, tmp_path: Path) -> None:
    assert "entry 1 was changed" in faults(tmp_path, line + b"\n")[0]


# --- writing ---------------------------------------------------------------------------------------


def test_nothing_is_added_to_a_ledger_that_does_not_hold(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_bytes(whole.replace(b"forecast", b"Forecast", 1))
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="Line 1: entry 1 was changed"):
        add(path, {"kind": "forecast"})
    assert path.read_bytes() == before


def test_a_writer_that_fails_leaves_the_old_ledger(whole: bytes, tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "full.jsonl"
    path.write_bytes(whole)

    def disk_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("westphalia.files.os.fsync", disk_full)
    with pytest.raises(FileError, match="No space left on device"):
        add(path, {"kind": "forecast"})
    assert path.read_bytes() == whole


def test_who_waits_too_long_for_another_writer_is_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    path = tmp_path / "busy.jsonl"
    with module.filelock.FileLock(f"{path}.lock"), pytest.raises(FileError, match="Another writer keeps"):
        add(path, {"kind": "forecast"})


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys; from westphalia.runs.ledger import add\n"
        "for at in range(8): add(sys.argv[1], {'kind': 'forecast', 'by': sys.argv[2], 'at': at})"
    )
    path = tmp_path / "many.jsonl"
    writers = [subprocess.Popen([sys.executable, "-c", program, str(path), str(who)]) for who in range(3)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    contents = [entry.content for entry in read_ledger(path).entries]
    assert len(contents) == 24
    for who in range(3):
        assert [one["at"] for one in contents if one["by"] == str(who)] == list(range(8))


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    add(real, {"kind": "forecast"})
    link.symlink_to(real)
    add(link, {"kind": "forecast"})
    assert link.is_symlink()
    assert len(read_ledger(real).entries) == 2


def test_a_ledger_that_cannot_be_is_told(tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(FileError, match="There is no such ledger"):
        read_ledger(tmp_path / "none.jsonl")
    with pytest.raises(FileError, match="cannot be read"):
        read_ledger(tmp_path)
    with pytest.raises(FileError, match="no such folder"):
        add(tmp_path / "none" / "a.jsonl", {"kind": "forecast"})
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    (tmp_path / "large.jsonl").write_bytes(b"x" * 11)
    with pytest.raises(FileError, match="larger than"):
        read_ledger(tmp_path / "large.jsonl")
