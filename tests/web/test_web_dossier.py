"""Sources: lists, uploads, a text with its statements, a passage that is coded by hand."""

from __future__ import annotations

import html
import json
import re
import time

import pytest
from reports import CASE, NAME, SCRIPT, TEXT, put_in
from visitors import FLAGSHIP_NAME, NEW_NAME, make_folder, workbench

from westphalia.case.document import read

FLAGSHIP_SOURCE = f"/cases/{FLAGSHIP_NAME}/sources/commentary"
FIELDS = {"kind": "promise", "mode": "indirect", "speaker": "south"}


def _case(folder):
    return read(folder / NEW_NAME).case


def _statement(folder, name: str):
    return _case(folder).statement[name]


def _new(folder, before: set[str]) -> str:
    [name] = set(_case(folder).statement) - before
    return name


@pytest.fixture(scope="module")
def looker(tmp_path_factory):
    """Somebody who only looks, so that one workbench does for all pages."""
    return workbench(make_folder(tmp_path_factory.mktemp("dossier") / "cases"))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "address",
    [
        f"/cases/{FLAGSHIP_NAME}/sources",
        FLAGSHIP_SOURCE,
        f"{FLAGSHIP_SOURCE}/about",
        f"{FLAGSHIP_SOURCE}/code?statement=s007",
        f"{CASE}/sources",
        f"{CASE}/sources/report",
    ],
)
def test_pages_are_there_in_both_languages_and_as_json(looker, address: str, language: str) -> None:
    answer = looker.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count("<h1") == 1
    path, _, query = address.partition("?")
    assert looker.get(f"{path}.json?{query}").json()[
        "source" if "commentary" in path or "report" in path else "rows"
    ]


def test_without_the_text_the_statements_stand_alone(visitor) -> None:
    page = visitor.get(FLAGSHIP_SOURCE).text
    assert "The text is not at hand" in page
    assert "The report dates itself to February 2025" in page
    found = visitor.get(f"{FLAGSHIP_SOURCE}.json").json()
    assert not found["has_text"]
    assert len(found["placeless"]) == 104


def test_a_source_that_is_not_there(visitor) -> None:
    answer = visitor.get(f"{CASE}/sources/nothing")
    assert answer.status_code == 404
    assert "There is no source" in answer.text


def test_a_report_is_put_in(visitor, folder) -> None:
    comment = "# What each actor wants (position, on the scale)"
    name = put_in(visitor)
    source = _case(folder).source[name]
    assert (source.file, source.characters, source.language) == (NAME, len(TEXT), "en")
    assert (folder / NEW_NAME / "sources" / NAME).read_text("utf-8") == TEXT
    assert comment in (folder / NEW_NAME / "case.yaml").read_text("utf-8")
    assert "text at hand" in visitor.get(f"{CASE}/sources").text


def test_what_is_no_text_is_refused_with_a_reason(visitor, folder) -> None:
    for sent, said in ((("x.txt", b"\0\1\2\3" * 50), "no text"), (("x.rtf", b"{\\rtf1}"), "cannot be read")):
        answer = visitor.submit(f"{CASE}/sources", files={"file": (*sent, "text/plain")})
        assert answer.status_code == 422
        assert said in answer.text
    assert visitor.submit(f"{CASE}/sources", files={"file": ("", b"", "text/plain")}).status_code == 400
    assert set(_case(folder).source) == {"report"}
    assert not list((folder / NEW_NAME).glob("sources/*"))


def test_the_same_report_again_is_known(visitor, folder) -> None:
    name = put_in(visitor)
    assert put_in(visitor, name="other.txt") == name
    assert set(_case(folder).source) == {"report", name}


def test_a_text_of_script_tags_stays_text(visitor) -> None:
    name = put_in(visitor)
    start = TEXT.index(SCRIPT)
    pages = [
        visitor.get(f"{CASE}/sources/{name}").text,
        visitor.get(f"{CASE}/sources/{name}/code?start={start}&end={start + len(SCRIPT)}").text,
        visitor.get(f"{CASE}/sources/{name}/about").text,
    ]
    assert html.escape(SCRIPT, quote=True).replace("&quot;", "&#34;") in pages[0]
    for page in pages:
        assert "<script>alert" not in page


def test_the_page_holds_the_text_to_the_character(visitor) -> None:
    name = put_in(visitor)
    page = visitor.get(f"{CASE}/sources/{name}").text
    found = re.findall(r'<p class="text"[^>]*data-start="(\d+)"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert len(found) == 3
    for start, inside in found:
        words = html.unescape(re.sub(r"<[^>]+>", "", inside))
        assert TEXT[int(start) :][: len(words)] == words


def test_places_count_in_code_points(visitor, folder) -> None:
    name = put_in(visitor)
    before = set(_case(folder).statement)
    words = "open the crossing at Mürzsteg 🚃🚃"
    start = TEXT.index(words)
    place = {"start": start, "end": start + len(words)}
    page = visitor.get(f"{CASE}/sources/{name}/code", params=place).text
    assert f"<mark>{words}</mark>" in page
    answer = visitor.submit(f"{CASE}/sources/{name}/code", {**place, **FIELDS, "gloss": "South opens up."})
    assert answer.status_code == 200
    made = _statement(folder, _new(folder, before))
    assert TEXT[made.span.start : made.span.end] == words
    assert (made.speaker, made.kind, made.mode, str(made.gloss)) == (
        "south",
        "promise",
        "indirect",
        "South opens up.",
    )
    assert made.span.words
    assert made.coder


def test_words_are_found_in_their_paragraph(visitor) -> None:
    name = put_in(visitor)
    page = visitor.get(f"{CASE}/sources/{name}/code", params={"words": "South said"}).text
    assert page.count("<mark>South said</mark>") == 2
    page = visitor.get(f"{CASE}/sources/{name}/code", params={"paragraph": 3, "words": "South said"}).text
    assert f'name="start" value="{TEXT.rindex("South said")}"' in page
    answer = visitor.get(f"{CASE}/sources/{name}/code", params={"paragraph": 1, "words": "South said"})
    assert answer.status_code == 400
    assert "do not stand there" in answer.text


def test_all_fields_of_a_passage_reach_the_file(visitor, folder) -> None:
    name = put_in(visitor)
    before = set(_case(folder).statement)
    words = "The alliance promised that observers would come"
    start = TEXT.index(words)
    more = {
        "tellers": ["alliance", ""],
        "addressee": ["north", "south", ""],
        "about-actor-0": "south",
        "about-issue-0": "border",
        "about-value-0": "10 – 20,5",
        "about-actor-1": "alliance",
        "about-issue-1": "force",
        "about-value-1": "30-40-50",
        "loaded-words-0": "promised",
        "loaded-note-0": "No promise is known.",
        "contradicts": "s1",
    }
    data = {"start": start, "end": start + len(words), **FIELDS, **more}
    assert visitor.submit(f"{CASE}/sources/{name}/code", data).status_code == 200
    made = _statement(folder, _new(folder, before))
    assert made.tellers == ("alliance",)
    assert made.addressee == ("north", "south")
    assert [(one.actor, one.issue, one.value.plain()) for one in made.about] == [
        ("south", "border", {"low": 10, "high": 20.5}),
        ("alliance", "force", {"low": 30, "mode": 40, "high": 50}),
    ]
    [loaded] = made.loaded
    assert TEXT[loaded.span.start : loaded.span.end] == "promised"
    assert made.contradicts == ("s1",)
    assert "not yet in words" in str(made.gloss)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"speaker": ""}, "Choose who says it."),
        ({"about-issue-0": "border", "about-value-0": "a lot"}, "Write a number such as 40"),
        ({"loaded-words-0": "absent", "loaded-note-0": "x"}, "Write words that stand in the passage"),
        ({"about-actor-0": "south", "about-issue-0": "border", "about-value-0": "900"}, "900"),
        ({"contradicts": "nobody"}, "nobody"),
    ],
)
def test_what_is_wrong_is_said_and_the_form_keeps_what_was_typed(visitor, folder, wrong, said) -> None:
    name = put_in(visitor)
    before = (folder / NEW_NAME / "case.yaml").read_bytes()
    data = {"start": 30, "end": 40, **FIELDS, "gloss": "Typed with care.", **wrong}
    answer = visitor.submit(f"{CASE}/sources/{name}/code", data)
    assert answer.status_code in (400, 422)
    assert said in answer.text
    assert "Typed with care." in answer.text
    assert (folder / NEW_NAME / "case.yaml").read_bytes() == before


def _made(visitor, folder, name: str, gloss: str = "South opens up.") -> str:
    before = set(_case(folder).statement)
    start = TEXT.index("open the crossing")
    data = {"start": start, "end": start + 17, **FIELDS, "gloss": gloss}
    assert visitor.submit(f"{CASE}/sources/{name}/code", data).status_code == 200
    return _new(folder, before)


def _was(visitor, name: str, statement: str) -> str:
    page = visitor.get(f"{CASE}/sources/{name}/code?statement={statement}").text
    found = re.search(r'name="was" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_two_people_change_different_fields_of_a_statement(visitor, folder) -> None:
    name = put_in(visitor)
    made = _made(visitor, folder, name)
    was = _was(visitor, name, made)
    to = f"{CASE}/sources/{name}/statements/{made}"
    mine = {**FIELDS, "gloss": "South opens up.", "was": was}
    assert visitor.submit(to, {**mine, "kind": "offer"}).status_code == 200
    assert visitor.submit(to, {**mine, "gloss": "South opens its crossing."}).status_code == 200
    held = _statement(folder, made)
    assert (held.kind, str(held.gloss)) == ("offer", "South opens its crossing.")


def test_two_people_change_the_same_field_and_both_are_shown(visitor, folder) -> None:
    name = put_in(visitor)
    made = _made(visitor, folder, name)
    was = _was(visitor, name, made)
    to = f"{CASE}/sources/{name}/statements/{made}"
    mine = {**FIELDS, "gloss": "South opens up.", "was": was}
    assert visitor.submit(to, {**mine, "kind": "offer"}).status_code == 200
    answer = visitor.submit(to, {**mine, "kind": "threat"})
    assert answer.status_code == 409
    assert "offer" in answer.text
    assert "threat" in answer.text
    assert _statement(folder, made).kind == "offer"


def test_a_statement_is_changed_without_touching_its_other_languages(visitor, folder) -> None:
    at = f"{FLAGSHIP_SOURCE}/code?statement=s007"
    page = visitor.get(at).text
    fields = dict(re.findall(r'<textarea id="[^"]*" name="(gloss-\w+)"[^>]*>([^<]*)</textarea>', page))
    assert set(fields) == {"gloss-en", "gloss-de"}
    was = html.unescape(re.search(r'name="was" value="([^"]*)"', page)[1])
    tree = json.loads(was)
    data = {
        "was": was,
        "kind": tree["kind"],
        "mode": tree["mode"],
        "speaker": tree["speaker"],
        "addressee": tree["addressee"] or [],
        "about-event-0": tree["about"][0]["event"],
        **{key: html.unescape(value) for key, value in fields.items()},
        "gloss-en": "Trump would meet in person.",
    }
    path = folder / FLAGSHIP_NAME / "case.yaml"
    before = path.read_text("utf-8").splitlines()
    assert visitor.submit(f"{FLAGSHIP_SOURCE}/statements/s007", data).status_code == 200
    after = path.read_text("utf-8").splitlines()
    changed = [line for line in after if line not in before]
    assert len(changed) <= 2
    assert any("Trump would meet in person." in line for line in changed)


def test_a_statement_is_taken_out(visitor, folder) -> None:
    name = put_in(visitor)
    made = _made(visitor, folder, name)
    assert visitor.submit(f"{CASE}/sources/{name}/statements/{made}/reject").status_code == 200
    assert made not in _case(folder).statement


def test_overlapping_statements_are_both_marked(visitor, folder) -> None:
    name = put_in(visitor)
    first = _made(visitor, folder, name)
    second = _made(visitor, folder, name, "The same place again.")
    page = visitor.get(f"{CASE}/sources/{name}").text
    both = re.search(r'<mark class="m m-indirect l(\d)"[^>]*><mark class="m m-indirect l(\d)"', page)
    assert both is not None
    assert {both[1], both[2]} == {"0", "1"}
    for one in (first, second):
        assert f'id="note-{one}"' in page
        assert f'id="text-{one}"' in page


def test_what_is_known_of_a_source_is_changed(visitor, folder) -> None:
    name = put_in(visitor)
    at = f"{CASE}/sources/{name}/about"
    base = re.search(r'name="base" value="(\w+)"', visitor.get(at).text)[1]
    data = {"base": base, "title": "Talks", "author": "A. Writer", "date": "2026-11"}
    assert visitor.submit(at, data).status_code == 200
    source = _case(folder).source[name]
    assert (str(source.title), source.author, source.date.at) == ("Talks", "A. Writer", "2026-11")
    data["base"] = re.search(r'name="base" value="(\w+)"', visitor.get(at).text)[1]
    answer = visitor.submit(at, {**data, "date": "soon"})
    assert answer.status_code == 400
    assert "no date" in answer.text
    assert visitor.submit(at, {**data, "title": ""}).status_code == 400


def test_what_is_proposed_is_shown_with_its_place_and_taken(visitor, folder) -> None:
    name = put_in(visitor, "author: A. Writer\ndate: 2026-11-20\n\n" + TEXT, "headed.txt")
    at = f"{CASE}/sources/{name}/about"
    page = visitor.get(at).text
    assert "A. Writer" in page
    assert "(line 1)" in page
    base = re.search(r'name="base" value="(\w+)"', page)[1]
    assert visitor.submit(at, {"base": base, "author": "A. Writer"}).status_code == 200
    source = _case(folder).source[name]
    assert (source.author, str(source.title)) == ("A. Writer", "headed")


def test_a_header_is_split_off_before_anything_is_coded(visitor, folder) -> None:
    name = put_in(visitor, "date 2026-11-20 " + TEXT, "glued.txt")
    page = visitor.get(f"{CASE}/sources/{name}/about").text
    base = re.search(r'name="base" value="(\w+)"', page)[1]
    assert "begins with a header" in page
    assert visitor.submit(f"{CASE}/sources/{name}/header", {"base": base}).status_code == 200
    source = _case(folder).source[name]
    assert source.file == "glued-body.txt"
    assert (
        visitor.get(f"{CASE}/sources/{name}.json")
        .json()["blocks"][0]["pieces"][0]["words"]
        .startswith("Talks")
    )
    assert visitor.submit(f"{CASE}/sources/{name}/header", {"base": base}).status_code == 400


def test_a_reader_looks_and_changes_nothing(signed_in, folder) -> None:
    reader = signed_in("reader")
    assert reader.get(f"{CASE}/sources").status_code == 200
    assert "Put in a report" not in reader.get(f"{CASE}/sources").text
    files = {"file": (NAME, TEXT.encode(), "text/plain")}
    assert reader.submit(f"{CASE}/sources", files=files).status_code == 403
    assert reader.submit(f"{FLAGSHIP_SOURCE}/statements/s007/reject").status_code == 403
    assert reader.submit(f"{FLAGSHIP_SOURCE}/code", {"start": 1, "end": 2}).status_code == 403
    assert reader.get(f"{FLAGSHIP_SOURCE}/code?statement=s007").status_code == 403


def test_a_coder_may_put_in_and_code(signed_in, folder) -> None:
    coder = signed_in("coder")
    name = put_in(coder)
    made = _made(coder, folder, name)
    assert _statement(folder, made).coder == "a-coder"


def test_a_long_text_comes_in_parts(visitor, folder) -> None:
    name = put_in(visitor, "\n\n".join(f"Paragraph {number}. {TEXT}" for number in range(1300)), "long.txt")
    start = time.perf_counter()
    page = visitor.get(f"{CASE}/sources/{name}").text
    assert time.perf_counter() - start < 2
    assert len(page) < 200_000
    found = visitor.get(f"{CASE}/sources/{name}.json?part=3").json()
    assert found["part"] == 3
    assert "?part=2" in visitor.get(f"{CASE}/sources/{name}?part=3").text
    numbers = [block["number"] for block in found["blocks"]]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert visitor.get(f"{CASE}/sources/{name}.json?part=99999").json()["part"] == found["parts"]
    place = found["blocks"][0]["start"]
    assert visitor.get(f"{CASE}/sources/{name}.json?place={place}").json()["part"] == 3
