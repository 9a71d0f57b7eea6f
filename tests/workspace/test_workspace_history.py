"""The history keeps every version as it was, and a crash or damage costs at most what it touched."""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from westphalia.errors import FileError
from westphalia.workspace.history import LIST, LONGEST_CHAIN, History


def digest(raw):
    return hashlib.sha256(raw).hexdigest()


@pytest.fixture
def history(tmp_path):
    return History(tmp_path / "history")


def test_a_version_says_who_saved_what_when_and_why(history):
    version = history.record(b"one", "anna", "the title")
    assert (version.digest, version.by, version.why, version.size) == (digest(b"one"), "anna", "the title", 3)
    assert version.at.endswith("+00:00")
    assert history.versions() == (version,) == History(history.folder).versions()


def test_the_same_again_is_no_version_but_an_earlier_one_is(history):
    first = history.record(b"one", "anna", "a")
    assert history.record(b"one", "bert", "b") == first
    history.record(b"two", "bert", "b")
    history.record(b"one", "carl", "back")
    assert [version.by for version in history.versions()] == ["anna", "bert", "carl"]
    assert len(list(history.folder.glob("*.version"))) == 2


texts = st.lists(st.binary(max_size=12), max_size=8).map(b"\n".join)


@given(raws=st.lists(texts, min_size=1, max_size=60))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_version_comes_back_as_it_was(tmp_path_factory, raws):
    folder = tmp_path_factory.mktemp("history")
    kept = History(folder)
    for raw in raws:
        kept.record(raw, "anna", "")
    again = History(folder)
    assert [again.raw(version.digest) for version in again.versions()] == [
        raw for at, raw in enumerate(raws) if at == 0 or raws[at - 1] != raw
    ]


def test_thousands_of_saves_take_little_room_and_no_long_chain(history):
    text = b"".join(b"line %d of a case\n" % at for at in range(5_000))
    versions = []
    for at in range(3 * LONGEST_CHAIN):
        changed = text.replace(b"line %d " % (at * 40), b"LINE %d " % (at * 40))
        versions.append(history.record(changed, "anna", str(at)))
        text = changed
    whole = [path for path in history.folder.glob("*.version") if path.stat().st_size > 1_000]
    assert 3 <= len(whole) <= 4
    fresh = History(history.folder)
    assert all(digest(fresh.raw(version.digest)) == version.digest for version in versions)


def test_what_another_process_records_is_seen(history):
    history.record(b"one", "anna", "")
    other = History(history.folder)
    other.record(b"two", "bert", "")
    assert [version.by for version in history.versions()] == ["anna", "bert"]
    history.record(b"three", "anna", "")
    assert other.raw(digest(b"three")) == b"three"


def test_an_unfinished_line_and_damaged_ones_are_told_and_cost_nothing_else(history):
    history.record(b"one", "anna", "")
    with (history.folder / LIST).open("ab") as stream:
        stream.write(
            b'not json\n[]\n{"digest": "x", "at": 1, "by": "", "why": "", "size": 0}\n{"digest": "ab'
        )
    history.record(b"two", "bert", "")
    assert [version.by for version in history.versions()] == ["anna", "bert"]
    assert [sentence[:7] for sentence in history.damage] == ["Line 2 ", "Line 3 ", "Line 4 ", "Line 5 "]
    assert history.raw(digest(b"one")) == b"one"


def test_a_damaged_content_is_refused_and_later_versions_rest_on_a_whole_one(history):
    long = b"long enough to be kept as a difference\n" * 50
    history.record(long + b"1", "anna", "")
    history.record(long + b"2", "anna", "")
    file = history.folder / f"{digest(long + b'1')}.version"
    for junk in (
        b"",
        b"junk",
        b"westphalia-version [1]\nx",
        b"westphalia-version {}\nx",
        file.read_bytes()[:-9],
    ):
        file.write_bytes(junk)
        for raw in (long + b"1", long + b"2"):
            with pytest.raises(FileError, match="damaged") as caught:
                History(history.folder).raw(digest(raw))
            assert caught.value.code == "damaged-version"
    fresh = History(history.folder)
    fresh.record(long + b"3", "anna", "")
    assert History(history.folder).raw(digest(long + b"3")) == long + b"3"


def test_contents_that_name_each_other_end_as_damaged(history):
    one, two = (history.record(raw, "anna", "").digest for raw in (b"one", b"two"))
    for name, base in ((one, two), (two, one)):
        head = json.dumps({"base": base, "head": 1, "tail": 1, "depth": 1}).encode()
        packed = (history.folder / f"{name}.version").read_bytes().partition(b"\n")[2]
        (history.folder / f"{name}.version").write_bytes(b"westphalia-version " + head + b"\n" + packed)
    with pytest.raises(FileError, match="damaged"):
        History(history.folder).raw(one)


@pytest.mark.parametrize("name", ["", "0" * 64, "../../secret", "x", "A" * 64, "\0"])
def test_a_version_that_is_none_is_refused(history, name):
    history.record(b"one", "anna", "")
    with pytest.raises(FileError, match="no such version") as caught:
        history.raw(name)
    assert caught.value.code == "unknown-version"


def test_a_disk_that_refuses_leaves_the_list_as_it_was(history, monkeypatch):
    history.record(b"one", "anna", "")
    before = (history.folder / LIST).read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("westphalia.workspace.history.os.fsync", full)
    with pytest.raises(FileError, match="The version cannot be kept: No space left on device"):
        history.record(b"two", "anna", "")
    assert (history.folder / LIST).read_bytes() == before
