"""Text files of the exchange model: their forms and traps, what is refused, and a round trip without loss."""

from __future__ import annotations

import csv
import os
import re
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_scenarios import TOLL, holds, outgoing, saved, splices, words, written

from westphalia.case.inputs import build
from westphalia.errors import FileError
from westphalia.formats.exchange_text import (
    read_exchange_text,
    stakes_from_text,
    text_from,
    write_exchange_text,
)
from westphalia.formats.imported import Ledger
from westphalia.formats.stakes import Party, Question, Stakes, Stand

FOLDER = os.environ.get("WESTPHALIA_DATA")
FIGURES = {
    "cop21_2015": {"differentiation": 49.26, "mrv": 57.21, "amb2100": 85.71, "eaa": 57.10},
    "copenhagen_2009": {"Newtreaty": 61.58, "Domestred": 30.71, "Extra": 64.62},
    "city_toll_sample": {"tolheffing-binnenstad": 49.35, "tol-hoogte": 27.25, "kleine-of-grote-ring": 56.60},
}
"""Weighted means, from 0 to 100, that the exchange model prints for its data before the first round."""


def stakes(text: str) -> Stakes:
    return stakes_from_text(text, "toll.txt", Ledger())


def test_a_file_comes_over_with_scales_in_any_order_and_powers_by_issue(tmp_path):
    read = read_exchange_text(written(tmp_path / "toll.txt", TOLL))
    assert read.tree["title"] == "The toll"
    assert [actor["name"] for actor in read.tree["actors"]] == ["The town's council", "Shops; all of them"]
    assert read.tree["issues"][0]["scale"] == {0: "never", 50: "at noon", 100: "always"}
    assert list(read.tree["issues"][1]["scale"]) == [0.5, 7]
    assert list(read.tree["issues"][2]["scale"]) == [0, 100]
    assert read.tree["stands"]["town"]["when"] == {
        "position": 100,
        "salience": 0.9,
        "assumption": "read from toll.txt, line 14",
    }
    assert read.tree["capability"]["town"]["by_issue"]["height"]["value"] == 0.8
    assert read.tree["capability"]["shops"]["value"] == 0.5
    assert "who" not in read.tree["stands"]["town"]
    assert "'who' has no #M: its scale is taken to run from 0 to 100." in read.account.changed
    assert "'town' has salience 0 on 'height': it stands there and does not count." in read.account.changed
    document = saved(tmp_path / "case", read)
    assert document.case.stands["town"]["height"].salience.value.central == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("'", "").replace("Shops; all of them", "Shops all of them"),
        lambda text: re.sub(r";(?! all)", "\t", text),
        lambda text: re.sub(r";(?! all)", ",", text),
        lambda text: re.sub(r"^(#\w)", r"'\1'", text, flags=re.M),
        lambda text: text.replace("\n", ";\n"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n" + text.replace("\n#D", "\n\n#D", 2),
        lambda text: text.replace("#D", "#d").replace("#A", " #A"),
        lambda text: text.replace("#/", "#0"),
    ],
    ids=["bare", "tabs", "commas", "quoted tags", "more fields", "CRLF", "empty rows", "case", "comments"],
)
def test_forms_that_real_files_have_are_read_the_same(change):
    wanted, read = stakes(TOLL), stakes(change(TOLL))
    numbers = [
        [(stand.position, stand.salience, stand.capability) for stand in each.stands.values()]
        for each in (wanted, read)
    ]
    assert numbers[0] == numbers[1]
    assert list(read.stands) == list(wanted.stands)
    assert [each.points for each in read.questions] == [each.points for each in wanted.questions]


def test_surplus_fields_belong_to_the_last_and_apostrophes_to_words():
    read = stakes("#A;a;'s avonds;late; or later\n#A;b;b\n#P;p;p\n#D;a;p;1;1;1\n#D;b;p;2;1;1\n")
    assert read.parties[0] == Party("a", "'s avonds", "late; or later")


def test_saliences_are_hundredths_where_any_is_above_one(tmp_path):
    text = "#A;a;a\n#A;b;b\n#P;p;p\n#D;a;p;10;95;100\n#D;b;p;20;0.5;40\n"
    read = read_exchange_text(written(tmp_path / "t.txt", text))
    assert [read.tree["stands"][actor]["p"]["salience"] for actor in ("a", "b")] == [0.95, 0.005]
    assert read.tree["capability"]["b"]["value"] == 40
    assert any("hundredths" in sentence for sentence in read.account.changed)


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("'height';3;0", "'height';7.5;0", 16, "on 'height' is 7.5. The scale runs from 0.5 to 7."),
        ("'when';0;1;0.5", "'when';-1;1;0.5", 15, "is -1. The scale runs from 0 to 100."),
        ("'when';0;1;0.5", "'when';0;1;-0.5", 15, "on 'when' is -0.5. It must be at least 0."),
        ("'when';0;1;0.5", "'when';0;101;0.5", 15, "salience of 'shops' on 'when' is 101. At most 100."),
        ("'when';0;1;0.5", "'when';0;1", 15, "power of 'shops' on 'when' is missing"),
        ("'when';0;1;0.5", "'when';0,5;1;1", 15, "is '0,5', which is no number"),
        ("'when';0;1;0.5", "'when';inf;1;1", 15, "is 'inf', which is no number"),
        ("#D;'shops';'when'", "#D;'shop';'when'", 15, "There is no #A for 'shop'. Did you mean 'shops'?"),
        ("#D;'shops';'when'", "#D;'shops';'then'", 15, "There is no #P for 'then'. Did you mean 'when'?"),
        ("#D;'shops';'when'", "#D;'town';'when'", 15, "a second stand on 'when', first in line 14"),
        ("#A;'shops'", "#A;'town'", 4, "The actor 'town' stands there twice, first in line 3"),
        ("#A;'shops'", "#A;''", 4, "The actor has no key"),
        ("#M;'when';50", "#M;'when';100", 8, "'when' has the point 100 twice"),
        ("#M;'height';7;'euro'\n", "", 10, "'height' has a single point on its scale"),
        ("#M;'when';50", "#X;'when';50", 8, "begins with '#X'. The tags are #O, #A, #P, #M, #D and #/."),
        ("#M;'when';50", "#M:'when':50", 8, "The row begins with '#M:'when':50'."),
        ("at noon", "at\x00noon", None, "NUL"),
        ("at noon", "at\x07noon", 8, "holds characters that cannot be shown"),
        ("at noon", "a" * 20_000, 8, "characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_line_and_reason(tmp_path, old, new, line, told):
    path = written(tmp_path / "toll.txt", TOLL.replace(old, new, 1))
    with pytest.raises(FileError) as refused:
        read_exchange_text(path)
    assert told in str(refused.value)
    assert refused.value.where == (f"{path}:{line}" if line is not None else str(path))


def test_rows_made_to_cost_time_do_not():
    started = time.process_time()
    for row in (";'x''" * 1900, ";'" + "''" * 4000, ";''''" * 1900, ";" + (" " * 9 + "'") * 900):
        with pytest.raises(FileError):
            stakes("#A;a;a\n" + f"#A{row}\n" * 500)
    assert time.process_time() - started < 5


# --- writing -------------------------------------------------------------------------------------


@st.composite
def made(draw) -> Stakes:
    keys = st.lists(words(10), min_size=2, max_size=4, unique=True)
    parties = tuple(Party(key, draw(words(20)), draw(st.just("") | words(20))) for key in draw(keys))
    questions = tuple(
        Question(
            key,
            draw(words(20)),
            tuple(
                (point, draw(st.just("") | words(10)))
                for point in sorted(draw(st.sets(st.floats(-1e6, 1e6), min_size=2, max_size=4)))
            ),
            draw(st.just("") | words(20)),
        )
        for key in draw(keys)
    )
    pairs = [(party.key, question) for party in parties for question in questions]
    present = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=8, unique=True))
    stands = {
        (party, question.key): Stand(
            draw(st.floats(*question.ends)), draw(st.floats(0, 1)), draw(st.floats(0, 1e6))
        )
        for party, question in present
    }
    return Stakes(draw(words(30)), parties, questions, stands)


@given(made())
@settings(max_examples=150)
def test_text_is_written_and_read_without_loss(stakes_made):
    again = stakes_from_text(text_from(stakes_made), "t.txt", Ledger())
    assert (again.title, again.parties, again.questions) == (
        stakes_made.title,
        stakes_made.parties,
        stakes_made.questions,
    )
    for pair, stand in stakes_made.stands.items():
        read = again.stands[pair]
        assert (read.position, read.salience, read.capability) == (
            stand.position,
            stand.salience,
            stand.capability,
        )


def test_a_case_out_and_in_again_is_the_same(tmp_path):
    first = saved(tmp_path / "one", read_exchange_text(written(tmp_path / "toll.txt", TOLL)))
    account = write_exchange_text(outgoing(first), tmp_path / "again.txt")
    assert account.changed == ()
    second = saved(tmp_path / "two", read_exchange_text(tmp_path / "again.txt"))
    before, after = (build(each.case).central for each in (first, second))
    assert before.identical(after)


@given(data=st.data())
@settings(max_examples=120)
def test_whatever_a_file_holds_a_sound_case_or_a_reason_comes_of_it(data):
    raw = data.draw(splices(TOLL.encode()) | st.binary(max_size=60))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "toll.txt"
        path.write_bytes(raw)
        holds(read_exchange_text, path, Path(folder) / "case")


# --- the data of others ----------------------------------------------------------------------------


@pytest.mark.skipif(FOLDER is None, reason="the data are others': name their folder in WESTPHALIA_DATA")
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_data_of_others_in_the_format_give_the_means_that_its_program_prints(tmp_path, name):
    rows = [row for row in (Path(str(FOLDER)) / f"{name}.csv").read_text().splitlines() if row[0] != "#"]
    table = list(csv.DictReader(rows))
    lines = [f"#A\t{actor}\t{actor}" for actor in dict.fromkeys(row["actor"] for row in table)]
    lines += [f"#P\t{issue}\t{issue}" for issue in dict.fromkeys(row["issue"] for row in table)]
    lines += ["#M\ttol-hoogte\t7\teuro", "#M\ttol-hoogte\t0.5\teuro"] if name == "city_toll_sample" else []
    columns = ("actor", "issue", "position", "salience", "power")
    lines += ["\t".join(["#D", *(row[column] for column in columns)]) + "\t\t" for row in table]
    path = written(tmp_path / f"{name}.txt", "\n".join(lines))
    central = build(saved(tmp_path / "case", read_exchange_text(path)).case).central
    weight = (central["salience"] * central["capability"]).where(central["has_stand"])
    length = central["scale_high"] - central["scale_low"]
    place = 100 * (central["position"] - central["scale_low"]) / length
    mean = (weight * place).sum("actor") / weight.sum("actor")
    questions = [str(question) for question in dict.fromkeys(row["issue"] for row in table)]
    for issue, printed in FIGURES[name].items():
        np.testing.assert_allclose(mean.values[questions.index(issue)], printed, rtol=0, atol=0.005 + 1e-9)
