"""Whatever a file holds, reading it ends in deal inputs or in an error for people, never in a traceback."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_domains import CITY, DOMAIN, LINE, WEB_DOMAIN, genius, geniusweb, web_profile

from westphalia.errors import FileError
from westphalia.formats.genius import read_genius
from westphalia.formats.geniusweb import read_geniusweb
from westphalia.methods.deals.space import space_of

WEB = json.dumps(
    web_profile("City", {"low": 0, "middle": 0.5, "high": 1}, (1, 0), (0.6, 0.4), {"Fee": "low"})
)
PIECES = (
    b"",
    b"NaN",
    b"1e999",
    b"-1",
    b'"',
    b"<",
    b"&lol;",
    b"\xff",
    b"\x00",
    b"<!DOCTYPE x>",
    b"[[",
    b"null",
    b"{}",
    b"9" * 400,
    b"\\ud800",
    "İ".encode(),
)


def splices(whole: bytes):
    """The file with pieces cut out and others put in, at random or at the ends of what has meaning."""
    marks = [at for at, byte in enumerate(whole) if byte in b'<>"{}:,= ']
    place = st.sampled_from(marks) | st.integers(0, len(whole))
    change = st.tuples(place, st.integers(0, 30), st.sampled_from(PIECES) | st.binary(max_size=8))

    def apply(changes):
        mutated = whole
        for at, length, piece in changes:
            mutated = mutated[:at] + piece + mutated[at + length :]
        return mutated

    return st.lists(change, min_size=1, max_size=3).map(apply)


def holds(read, folder):
    """Reading gives inputs that the methods take, or an error that names a place and can be shown."""
    try:
        inputs = read(folder).inputs
    except FileError as error:
        refused = error
    else:
        assert space_of(inputs).size >= 1
        return
    assert refused.where
    assert str(refused).encode("utf-8")


@pytest.mark.parametrize("lenient", [False, True])
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_mutated_genius_files(lenient, data):
    name = data.draw(st.sampled_from(["domain", "city", "line"]))
    whole = {"domain": DOMAIN, "city": CITY, "line": LINE}[name].encode()
    raw = data.draw(splices(whole) | st.binary(max_size=60))
    with tempfile.TemporaryDirectory() as folder:
        genius(Path(folder))
        (Path(folder) / f"{name}.xml").write_bytes(raw)
        holds(lambda at: read_genius(at, lenient=lenient), folder)


@pytest.mark.parametrize("lenient", [False, True])
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_mutated_geniusweb_files(lenient, data):
    name, whole = data.draw(st.sampled_from([("harbour", json.dumps(WEB_DOMAIN)), ("city", WEB)]))
    raw = data.draw(splices(whole.encode()) | st.binary(max_size=60))
    with tempfile.TemporaryDirectory() as folder:
        geniusweb(Path(folder))
        (Path(folder) / f"{name}.json").write_bytes(raw)
        holds(lambda at: read_geniusweb(at, lenient=lenient), folder)


LEAF = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=4)
TREE = st.recursive(
    LEAF, lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=3), below, max_size=3)
)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_json_in_any_place_of_a_profile(data):
    profile = json.loads(WEB)
    here = profile
    while isinstance(here, dict) and here:
        key = data.draw(st.sampled_from(sorted(here)))
        if not isinstance(here[key], dict) or data.draw(st.booleans()):
            here[key] = data.draw(TREE)
            break
        here = here[key]
    with tempfile.TemporaryDirectory() as folder:
        geniusweb(Path(folder), city=json.dumps(profile))
        holds(read_geniusweb, folder)


def test_entities_that_grow_or_fetch_are_refused_before_they_are_read(tmp_path):
    grow = "<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + at)} '{'&' + chr(97 + at) + ';'}{'&' + chr(97 + at) + ';'}'>" for at in range(24)
    )
    fetch = "<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>"
    for at, head in enumerate((grow, fetch)):
        folder = genius(tmp_path / str(at), city=f"{head}]><utility_space><a>&a;</a></utility_space>")
        started = time.process_time()
        with pytest.raises(FileError, match="declares a document type") as told:
            read_genius(folder)
        assert told.value.code == "document-type"
        assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("city", "told"),
    [
        ("&" * 5_000_000, "more than 100,000 ampersands"),
        ("<utility_space>" + "<a/>" * 2_000_000, "more than 300,000 elements"),
        ("<a>" * 2_000_000, "nested deeper than 50"),
    ],
)
def test_files_of_nothing_but_parts_are_refused_at_once(tmp_path, city, told):
    folder = genius(tmp_path, city=city)
    started = time.process_time()
    with pytest.raises(FileError, match=told):
        read_genius(folder)
    assert time.process_time() - started < 10


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path):
    folder = genius(tmp_path)
    with (folder / "city.xml").open("wb") as stream:
        stream.truncate(20_000_000)
    with pytest.raises(FileError, match="larger than 10 MB"):
        read_genius(folder)


def test_options_that_would_fill_the_memory_are_refused_at_once(tmp_path):
    many = "".join(
        f'<issue index="{at}" name="i{at}" type="integer" lowerbound="1" upperbound="10000"/>'
        for at in range(1, 1000)
    )
    boxes = '<utility_space><ufun type="PlainUfun"/></utility_space>'
    folder = genius(
        tmp_path,
        domain=f"<negotiation_template><objective>{many}</objective></negotiation_template>",
        city=boxes,
        line=boxes,
    )
    (folder / "third.xml").write_text(boxes)
    started = time.process_time()
    with pytest.raises(FileError, match="There are 11 issues or more, with at least 110,000 options in all"):
        read_genius(folder)
    assert time.process_time() - started < 5


def test_interactions_that_would_fill_the_memory_are_refused(tmp_path):
    domain = "".join(
        f'<issue index="{at}" name="i{at}" type="integer" lowerbound="1" upperbound="5000"/>' for at in (1, 2)
    )
    bounds = "".join(f'<INCLUDES index="{at}" min="1" max="2"/>' for at in (1, 2))
    boxes = (
        f'<utility_space><ufun><hyperRectangle utility="1">{bounds}</hyperRectangle></ufun></utility_space>'
    )
    folder = genius(
        tmp_path,
        domain=f"<negotiation_template><objective>{domain}</objective></negotiation_template>",
        city=boxes,
        line=boxes,
    )
    with pytest.raises(FileError, match="1 parties, 2 issues and up to 5000 options are too much"):
        read_genius(folder)
