"""The cases of a folder: nothing that was saved is lost, whoever else writes and whatever dies."""

import hashlib
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from westphalia.case.document import parse
from westphalia.case.template import new_case
from westphalia.errors import CaseError, FileError
from westphalia.workspace import held as held_module
from westphalia.workspace.cases import DISK, Cases
from westphalia.workspace.edits import Clash, ClashError, Edit

TEXT = new_case(date="2026-01-01")


def put(folder, name, text=TEXT):
    path = folder / name / "case.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def digest(raw):
    return hashlib.sha256(raw).hexdigest()


def titled(cases, title, base=None, by="anna"):
    base = base or cases.held("peace").digest
    return cases.change("peace", base, [Edit("set", "title", title)], by=by, why="the title")


# --- which cases there are --------------------------------------------------------------------------


def test_cases_are_folders_and_single_files_and_the_folder_itself(folder):
    put(folder, "Zwei Wörter")
    put(folder, ".hidden")
    (folder / "talks.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "peace.yml").write_text(TEXT, encoding="utf-8")
    (folder / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    (folder / "empty").mkdir()
    assert Cases(folder).names() == ("peace", "peace-2", "talks", "zwei-worter")
    assert Cases(folder / "peace").names() == ("peace",)
    assert Cases(folder).held("peace-2").path == folder / "peace.yml"


def test_links_out_of_the_folder_lead_nowhere(folder, tmp_path):
    secret = put(tmp_path, "secret")
    (folder / "linked").symlink_to(secret.parent)
    (folder / "half").mkdir()
    (folder / "half" / "case.yaml").symlink_to(secret)
    (folder / "single.yaml").symlink_to(secret)
    (folder / "loop").symlink_to("loop")
    (folder / "other-name").symlink_to(folder / "peace")
    assert Cases(folder).names() == ("other-name", "peace")


TRICKS = [
    "../peace",
    "peace/../peace",
    ".westphalia",
    "..",
    "/etc",
    "peace\0",
    "Peace",
    "a" * 81,
    "peace ",
    "ä",
]


@pytest.mark.parametrize("name", [*TRICKS, ""])
def test_a_name_that_no_case_has_is_refused(cases, name):
    for ask in (cases.held, cases.history, cases.texts, cases.document):
        with pytest.raises(FileError, match="There is no such case") as caught:
            ask(name)
        assert caught.value.code == "unknown-case"


@pytest.mark.parametrize("name", TRICKS)
def test_a_name_with_tricks_is_none_for_a_new_case(cases, folder, name):
    before = sorted(folder.parent.rglob("case.yaml"))
    for make in (
        lambda: cases.create(name, "Title", by="anna"),
        lambda: cases.duplicate("peace", name, by="anna"),
        lambda: cases.import_file("a.yaml", TEXT.encode(), name=name, by="anna"),
    ):
        with pytest.raises(FileError, match="cannot be the name of a case"):
            make()
    assert sorted(folder.parent.rglob("case.yaml")) == before


def test_a_name_that_is_taken_by_anything_is_refused(cases, folder, tmp_path):
    (folder / "notes").write_text("mine", encoding="utf-8")
    (folder / "away").symlink_to(tmp_path)
    for name in ("peace", "notes", "away"):
        with pytest.raises(FileError, match=f"already something named '{name}'"):
            cases.create(name, "Title", by="anna")
    assert cases.create("", "Peace", by="anna") == "peace-2"
    assert cases.create("", "Notes", by="anna") == "notes-2"


def test_a_broken_case_is_listed_with_its_errors_and_can_be_mended_as_text(cases, folder):
    file = put(folder, "broken", TEXT.replace("speaker: north", "speaker: nroth"))
    card = next(card for card in cases.cards() if card.name == "broken")
    assert (str(card.title), card.question, card.date, card.errors) == ("broken", None, "", 1)
    held = cases.held("broken")
    assert held.document is None
    assert [finding.code for finding in held.findings if finding.severity == "error"] == ["unknown-actor"]
    assert held.findings[0].place.file == "broken/case.yaml"
    with pytest.raises(CaseError, match="nroth"):
        cases.document("broken")
    with pytest.raises(CaseError, match="nroth"):
        cases.change("broken", held.digest, [Edit("set", "title", "T")], by="anna", why="")
    saved = cases.write_text("broken", held.digest, TEXT, by="anna")
    assert file.read_text(encoding="utf-8") == saved.document.text == TEXT


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"westphalia: [\n", b"\0" * 100, b"- a\n"])
def test_a_file_that_is_nothing_is_shown_as_such(cases, folder, raw):
    (folder / "peace" / "case.yaml").write_bytes(raw)
    held = cases.held("peace")
    assert held.document is None
    assert held.findings
    assert cases.texts("peace") == {}
    assert cases.cards()[0].errors == 1


def test_a_file_that_is_too_large_is_not_kept(cases, folder, monkeypatch):
    monkeypatch.setattr(held_module, "MOST_BYTES", 1000)
    held = cases.held("peace")
    assert [finding.code for finding in held.findings] == ["too-large"]
    assert cases.history("peace").versions() == ()


def test_cards_say_what_a_case_holds(cases):
    [card] = cases.cards()
    assert (str(card.title), card.date) == ("My case", "2026-01-01")
    assert (card.actors, card.issues, card.statements, card.errors, card.warnings) == (3, 2, 1, 0, 1)
    titled(cases, "Another")
    assert str(cases.cards()[0].title) == "Another"


# --- reading once -----------------------------------------------------------------------------------


def test_forty_threads_read_a_case_once(cases, monkeypatch):
    read = []
    real = held_module.parse
    monkeypatch.setattr(held_module, "parse", lambda *how: read.append(1) or real(*how))
    gate = threading.Barrier(40)

    def ask(_):
        gate.wait()
        return cases.held("peace")

    with ThreadPoolExecutor(40) as pool:
        found = list(pool.map(ask, range(40)))
    assert len(read) == 1
    assert all(one is found[0] for one in found)
    saved = titled(cases, "Another")
    assert cases.document("peace") is saved.document
    assert len(read) == 1


def test_what_another_program_writes_is_seen_and_kept_as_of_disk(cases, folder):
    first = cases.held("peace")
    titled(cases, "Mine")
    changed = TEXT.replace("My case", "By an editor")
    (folder / "peace" / "case.yaml").write_text(changed, encoding="utf-8")
    assert str(cases.document("peace").case.title) == "By an editor"
    versions = cases.history("peace").versions()
    assert [(version.by, version.why) for version in versions] == [
        (DISK, "found"),
        ("anna", "the title"),
        (DISK, "changed by another program"),
    ]
    assert cases.history("peace").raw(first.digest) == TEXT.encode()


def test_a_folder_that_cannot_be_written_is_still_shown(cases, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    assert cases.held("peace").document is not None
    with pytest.raises(FileError, match="cannot be written to: Permission denied"):
        titled(cases, "T")


# --- changing ---------------------------------------------------------------------------------------


def test_a_change_meanwhile_is_merged_and_said(cases, folder):
    base = cases.held("peace").digest
    first = titled(cases, "Mine", base)
    assert not first.is_merged
    second = cases.change("peace", base, [Edit("set", "summary", "Short.")], by="bert", why="summary")
    assert second.is_merged
    case = parse((folder / "peace" / "case.yaml").read_bytes()).case
    assert (str(case.title), str(case.summary)) == ("Mine", "Short.")
    assert [version.by for version in cases.history("peace").versions()] == [DISK, "anna", "bert"]


def test_a_change_on_disk_is_merged_as_well(cases, folder):
    base = cases.held("peace").digest
    changed = TEXT.replace("salience: 0.6", "salience: 0.65    # asked again")
    (folder / "peace" / "case.yaml").write_text(changed, encoding="utf-8")
    titled(cases, "Mine", base)
    text = (folder / "peace" / "case.yaml").read_text(encoding="utf-8")
    assert text == changed.replace("title: My case", "title: Mine")


def test_the_same_value_is_not_overwritten(cases, folder):
    base = cases.held("peace").digest
    titled(cases, "Mine", base)
    with pytest.raises(ClashError) as caught:
        titled(cases, "Yours", base, by="bert")
    assert caught.value.clashes == (Clash("title", "Yours", "Mine", "My case"),)
    assert caught.value.as_dict()["code"] == "case-clash"
    assert str(cases.document("peace").case.title) == "Mine"


def test_a_wrong_change_saves_nothing(cases, folder):
    before = cases.held("peace")
    edits = [Edit("set", "stands.north.force.salience", 7), Edit("set", "title", "T")]
    with pytest.raises(CaseError, match="salience"):
        cases.change("peace", before.digest, edits, by="anna", why="")
    with pytest.raises(FileError, match="no such version"):
        titled(cases, "T", base="0" * 64)
    assert cases.held("peace") is before
    assert len(cases.history("peace").versions()) == 1


def test_what_changes_nothing_is_no_version(cases):
    titled(cases, "My case")
    assert len(cases.history("peace").versions()) == 1


def test_text_is_saved_with_the_line_ends_and_mark_of_the_file(cases, folder):
    for mark, newline in ((b"", "\n"), (b"\xef\xbb\xbf", "\r\n")):
        file = folder / "peace" / "case.yaml"
        file.write_bytes(mark + TEXT.replace("\n", newline).encode())
        base = cases.held("peace").digest
        sent = TEXT.replace("My case", "Sent").replace("\n", "\r\n")
        cases.write_text("peace", base, sent, by="anna")
        assert file.read_bytes() == mark + TEXT.replace("My case", "Sent").replace("\n", newline).encode()


def test_text_on_an_old_base_is_a_clash_with_both_texts(cases):
    base = cases.held("peace").digest
    titled(cases, "Mine", base)
    sent = TEXT.replace("My case", "Sent")
    with pytest.raises(ClashError) as caught:
        cases.write_text("peace", base, sent, by="bert")
    [clash] = caught.value.clashes
    assert (clash.path, clash.ours, clash.base) == ("", sent, TEXT)
    assert clash.theirs == cases.held("peace").text
    with pytest.raises(CaseError):
        cases.write_text("peace", cases.held("peace").digest, "westphalia: 1\n", by="bert")


def test_restoring_gives_the_same_bytes(cases, folder):
    raw = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode() + b"\r\n# the end"
    (folder / "peace" / "case.yaml").write_bytes(raw)
    base = cases.held("peace").digest
    assert base == digest(raw)
    after = titled(cases, "Mine").document
    cases.change("peace", after.file_digest, [Edit("set", "summary", "S")], by="anna", why="")
    with pytest.raises(ClashError):
        cases.restore("peace", base, by="anna", base=base)
    cases.restore("peace", base, by="anna", base=cases.held("peace").digest)
    assert (folder / "peace" / "case.yaml").read_bytes() == raw
    assert cases.history("peace").last.why.startswith("as it was on 20")


def test_a_difference_is_told_by_value(cases):
    base = cases.held("peace").digest
    edits = [
        Edit("set", "stands.south.border.position", {"low": 0, "high": 30}),
        Edit("append", "actors", {"id": "east", "name": "East", "kind": "state"}),
        Edit("remove", "agreement"),
    ]
    new = cases.change("peace", base, edits, by="anna", why="").document.file_digest
    assert cases.difference("peace", base, new) == (
        ("actors.east", None, {"id": "east", "name": "East", "kind": "state"}),
        ("stands.south.border.position", {"low": 0, "high": 20}, {"low": 0, "high": 30}),
        ("agreement", {"required": ["north", "south"]}, None),
    )
    assert cases.difference("peace", base, base) == ()


# --- many at once -----------------------------------------------------------------------------------


def test_eight_threads_with_twenty_changes_each_lose_none(cases):
    base = cases.held("peace").digest

    def work(number):
        digest_of = base
        for at in range(20):
            edits = [Edit("append", "actors.north.aliases", f"name {number} {at}")]
            if number < 3:
                actor = ("north", "south", "alliance")[number]
                edits.append(Edit("set", f"stands.{actor}.force.salience", at / 100))
            saved = cases.change("peace", digest_of, edits, by=f"p{number}", why=str(at))
            digest_of = saved.document.file_digest

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    case = cases.document("peace").case
    assert sorted(case.actor["north"].aliases) == sorted(
        f"name {n} {at}" for n in range(8) for at in range(20)
    )
    for actor in ("north", "south", "alliance"):
        assert case.stands[actor]["force"].salience.value.plain() == 0.19
    assert len(cases.history("peace").versions()) == 161


_LOOP = """
import os, sys
from pathlib import Path
from westphalia.workspace.cases import Cases
from westphalia.workspace.desks import opened
from westphalia.workspace.edits import Edit
folder, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def change(cases, name):
    base = cases.held("peace").digest
    cases.change("peace", base, [Edit("append", "actors.north.aliases", name)], by=who, why=name)

def work():
    cases = Cases(folder)
    for at in range(count):
        change(cases, f"{who} {at}")
        os.write(1, f"{who} {at}\\n".encode())
"""

_FORKED = (
    _LOOP
    + """
import random, signal, time
chance = random.Random(7)
for round in range(50):
    who = f"r{round}"
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    time.sleep(chance.uniform(0.0, 0.12))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    Cases(folder).document("peace")
"""
)


def _start(script, folder, who, count):
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder), who, str(count)], stdout=subprocess.PIPE, text=True
    )


def test_two_processes_lose_no_change(folder):
    started = [_start(_LOOP + "\nwork()", folder, who, 12) for who in ("anna", "bert")]
    told = [process.communicate(timeout=60)[0].splitlines() for process in started]
    assert [process.returncode for process in started] == [0, 0]
    aliases = Cases(folder).document("peace").case.actor["north"].aliases
    assert sorted(aliases) == sorted([*told[0], *told[1]])
    assert len(aliases) == 24


def test_a_process_killed_in_the_middle_of_saves_costs_no_change_that_was_reported(folder):
    process = _start(_FORKED, folder, "", 1000)
    told = process.communicate(timeout=120)[0].splitlines()
    assert process.returncode == 0
    assert len(told) > 50
    cases = Cases(folder)
    aliases = cases.document("peace").case.actor["north"].aliases
    assert set(told) <= set(aliases)
    history = cases.history("peace")
    assert history.damage == ()
    assert all(digest(history.raw(version.digest)) == version.digest for version in history.versions())
    assert history.last.digest == cases.held("peace").digest
    titled(cases, "Goes on")


def test_who_waits_too_long_is_told(cases):
    base = cases.held("peace").digest
    lock = cases._locks
    with lock.of("peace"), ThreadPoolExecutor(1) as pool:

        def wait():
            with lock.of("peace", patience=0.05):
                return "in"

        with pytest.raises(FileError, match="Somebody else is changing this case"):
            pool.submit(wait).result()
    assert titled(cases, "T", base).document
