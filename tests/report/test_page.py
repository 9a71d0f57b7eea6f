"""The page: escaping, no request to anywhere, headings in order, everything of the case in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from tests.report import cases

from westphalia.case.document import Document, parse
from westphalia.errors import FileError
from westphalia.report import build, write, write_pictures
from westphalia.report.glance import glances
from westphalia.runs.study import Study, conduct

VOID = {"meta", "link", "br", "img", "input", "hr"}
PAYLOAD = """</script><script>alert(1)</script><img src=x onerror=alert(2)> "'> {{ 7 * 7 }} <!-- \\u2028"""
LARGEST = 2_000_000


class Outline(HTMLParser):
    """Reads a page: its elements with attributes, its text, and whether every element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.scripts if self.open and self.open[-1] == "script" else self.text).append(data)

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


@lru_cache
def page(*, text: bool = False) -> str:
    return build(cases.study(text=text))


@lru_cache
def outline(*, text: bool = False) -> Outline:
    return Outline(page(text=text))


def hostile_study() -> Study:
    sound = parse(cases.CASE)
    poisoned = cases.hostile(sound.tree, PAYLOAD)
    document: Document = parse(cases.written(poisoned))
    return conduct(document, draws=16, seed=1, only=("mean", "plurality"), workers=1)


def test_every_element_is_closed_and_every_id_is_given_once() -> None:
    read = outline()
    assert read.open == []
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {attributes["href"][1:] for attributes in read.all("a") if attributes["href"].startswith("#")}
    assert targets <= set(ids)


def test_asks_the_network_for_nothing() -> None:
    read = outline()
    for tag, attributes in read.elements:
        for name in ("src", "srcset", "data", "action", "poster", "background", "xlink:href"):
            assert name not in attributes, f"{tag} has {name}"
        if "href" in attributes and not attributes["href"].startswith("#"):
            assert tag == "a"
            assert attributes["href"] == "https://example.org/report"
    style = page().split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_forbids_requests_and_foreign_scripts() -> None:
    policy = next(meta["content"] for meta in outline().all("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'")
    script = re.findall(r'<script type="module">(.*?)</script>', page(), re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'; " in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy


def test_headings_are_in_order_and_landmarks_are_there() -> None:
    read = outline()
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for landmark in ("header", "nav", "main", "footer"):
        assert len(read.all(landmark)) == 1
    assert read.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in read.all("meta")


def test_each_figure_has_a_picture_a_caption_a_table_and_words_for_who_cannot_see_it() -> None:
    figures = page().split("<figure ")[1:]
    assert len(figures) >= 6
    for figure in figures:
        assert "<h3>" in figure or "<h4>" in figure, "no heading"
        for part in ('<svg viewBox="', "<figcaption>", "<details>", "<table>", 'class="spec"'):
            assert part in figure, f"no {part}"
    for plot in (attributes for attributes in outline().all("div") if attributes.get("class") == "plot"):
        assert plot["role"] == "img"
        assert len(plot["aria-label"]) > 30
        assert plot["tabindex"] == "0"


def test_specs_in_the_page_are_whole_and_fetch_nothing() -> None:
    specs = re.findall(r'<script type="application/json" class="spec">(.*?)</script>', page(), re.DOTALL)
    assert len(specs) == page().count("<figure ")
    for text in specs:
        spec = json.loads(text)
        assert list(spec["data"]) == ["values"]
        assert '"url"' not in text


def test_hostile_texts_stay_texts() -> None:
    made = build(hostile_study())
    read = Outline(made)
    assert read.open == []
    assert len(read.all("script")) == made.count('class="spec"') + 2
    assert not read.all("img")
    assert "{{ 7 * 7 }}" in read.words
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)
    assert "alert(1)" in read.words
    assert any("alert(1)" in script for script in read.scripts)
    for script in read.scripts:
        assert "</script" not in script.lower()
        assert "<!--" not in script


def test_a_source_link_that_runs_a_script_is_no_link() -> None:
    study = cases.study()
    case = study.document.case
    source = case.sources[0].model_copy(update={"url": "javascript:alert(1)"})
    changed = replace(study.document, case=case.model_copy(update={"sources": (source,)}))
    assert not [a for a in Outline(build(replace(study, document=changed))).all("a") if "alert" in a["href"]]


@pytest.mark.parametrize("text", [False, True])
def test_every_statement_and_every_input_is_there(text: bool) -> None:
    words = outline(text=text).words
    assert "Ann wants the line in the west." in words
    assert "Ann will die Linie im Westen." in words
    assert "Bob is said to want it in the east." in words
    for input_text in ("Ann: position", "0 to 20", "Bob: salience", "0.2 to 0.9", "assumption: a guess"):
        assert input_text in words
    for actor in ("Ann", "Bob"):
        assert f"{actor}: capability" in words
    assert "What holds if nothing is agreed 40 to 60 assumption: nothing moves" in words
    assert "abroad (70\u00a0%)".replace("\u00a0", " ") in words.replace("\u00a0", " ")
    assert "derived from statements" in words
    assert "nothing stated" in words


def test_ties_and_dealings_are_there() -> None:
    words = outline().words
    for said in (
        "speaks for: Bob",
        "consent: needed for an agreement",
        "Keep the line",
        "since 2024, for 10 years",
        "broken by: Bob is said to want it in the east. [heard]",
        "Bob: Close the road",
        "not taken today",
        "Ann moves on “Where is the line?”: 30",
        "Bob moves on “Where do they meet?”: at home",
        "Ann informed The voice",
        "left out: Bob",
        "flaw of the text: header: The headline is lost.",
        "Breaks pact",
        "as told by The voice",
    ):
        assert said in words


def test_without_texts_no_words_of_a_source_are_shown() -> None:
    assert "<blockquote" not in page()
    assert "shamelessly" not in page()


def test_with_texts_the_words_stand_in_their_context_with_the_state_of_the_span() -> None:
    words = outline(text=True).words
    assert "to-review:" in words
    study = cases.study(text=True)
    made = build(replace(study, texts={"report": "All is new."}))
    assert "lost: The words are no longer in the text." in Outline(made).words


def test_words_of_exact_spans_are_marked() -> None:
    from westphalia.dossier.anchors import make_span

    study = cases.study(text=True)
    case = study.document.case
    told = tuple(
        one.model_copy(update={"span": make_span(cases.TEXT, one.span.start, one.span.end)})
        for one in case.statements
        if one.span
    )
    changed = replace(study.document, case=case.model_copy(update={"statements": told}))
    made = build(replace(study, document=changed))
    assert "<mark>Ann said that the line runs west.</mark>" in made
    assert "to-review:" not in Outline(made).words


def test_language_picks_the_gloss_that_leads() -> None:
    german = build(cases.study(), language="de")
    assert "<h1>Zwei Seiten</h1>" in german
    lead = german.split('id="s-said"')[1]
    assert lead.index("Ann will die Linie") < lead.index("Ann wants the line")
    assert '<p class="gloss" lang="de">' in lead


def test_each_expectation_leads_to_its_picture() -> None:
    links = [attributes["href"] for attributes in outline().all("a") if "href" in attributes]
    assert {"#positions-land", "#shares-venue"} <= set(links)


NOMINAL = """
westphalia: 1
id: venue
title: Venue
question: Where?
date: 2025
actors: [{id: ann, name: Ann, kind: state}, {id: bob, name: Bob, kind: state}]
issues: [{id: venue, question: Where do they meet?, kind: nominal, scale: {here: at home, there: abroad}}]
stands:
  ann: {venue: {position: here, salience: 0.5}}
  bob: {venue: {position: there, salience: 0.4}}
capability: {ann: 1, bob: 1}
"""


def test_a_case_without_scales_statements_or_no_deal_makes_a_page() -> None:
    read = Outline(build(conduct(parse(NOMINAL), draws=8, seed=1, only=("mean", "plurality"), workers=1)))
    assert "The case does not say enough to tell whether there is a settlement." in read.words
    assert "“at home” has the most weighted support in 100 % of the draws" in read.words.replace(
        "\u00a0", " "
    )
    assert "not run: The case has no issue with a scale." in read.words
    assert "nan" not in read.words.lower().split()


def test_says_how_to_run_it_again() -> None:
    words = outline().words
    assert (
        "westphalia report case --draws 64 --seed 3 --method mean --method median --method plurality" in words
    )
    assert cases.study().document.digest in words
    assert "weighting = capability-salience" in words


def test_a_large_case_stays_under_two_megabytes() -> None:
    large = build(cases.large_study(actors=12, issues=8, statements=110))
    assert large.count('class="statement" id="s-') == 110
    assert large.count("<figure ") >= 8 + 8 + 4
    assert len(large.encode("utf-8")) < LARGEST


def test_same_study_same_page() -> None:
    assert build(cases.study()) == page()


def test_write_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.html"
    assert write(cases.study(), target) == target
    assert target.read_text(encoding="utf-8") == page()
    target.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(FileError, match="cannot be written: No space left on device"):
        write(cases.study(), target)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_write_makes_the_folder_and_says_why_it_cannot(tmp_path: Path) -> None:
    assert write(cases.study(), tmp_path / "new" / "report.html").is_file()
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(FileError, match="The report cannot be written"):
        write(cases.study(), tmp_path / "file" / "report.html")


def test_every_picture_can_be_had_as_a_file(tmp_path: Path) -> None:
    study = cases.study()
    files = write_pictures(study, tmp_path / "pictures")
    made = build(study)
    assert {file.suffix for file in files} == {".png", ".svg"}
    assert all(f'<figure id="{file.stem}">' in made for file in files)
    assert all(file.read_bytes()[:4] in (b"\x89PNG", b"<svg") for file in files)


def test_the_answer_at_a_glance_has_a_line_an_issue_with_its_spread() -> None:
    study = cases.study()
    made = build(study)
    for issue in study.document.case.issues:
        if issue.kind != "nominal":
            assert f'<a href="#expect-{issue.id}">' in made
    for line in glances(study, {}, "en"):
        low, high = (float(end) for end in line.most.split(" to "))
        assert low <= float(line.expected) <= high
