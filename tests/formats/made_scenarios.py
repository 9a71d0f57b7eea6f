"""Files of KTAB and of the exchange model for the tests, and ways to damage them.

DUMMY is the example dummyData_3Dim that KTAB (KAPSARC, MIT licence) comes with.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hypothesis import strategies as st

from westphalia.case.create import create_from
from westphalia.case.document import Document
from westphalia.workspace.outgoing import outgoing_of
from westphalia.errors import FileError
from westphalia.formats.imported import Outgoing

DUMMY = """\
DummyData_3Dim ,"Dummy scenario, to test reading",7,3,
Actor,Description,Power,Pstn1,Sal1,Pstn2,Sal2,Pstn3,Sal3,
SActor-00, Random Spatial Actor, 102.543, 75.79, 49.53,  6.37,  5.91, 70.45, 28.15,
SActor-01, Random Spatial Actor,  53.393, 82.72, 30.33, 73.50, 21.22, 64.00, 24.79,
SActor-02, Random Spatial Actor, 129.643, 82.45, 48.47, 90.89, 13.55,  0.07, 34.62,
SActor-03, Random Spatial Actor,  75.920, 62.52, 20.76, 50.82, 39.24, 62.33, 22.21,
SActor-04, Random Spatial Actor,  63.224, 82.34, 40.96, 45.77, 25.43, 73.31, 22.59,
SActor-05, Random Spatial Actor, 120.048, 84.48, 22.92, 33.70, 39.35, 88.11, 15.42,
SActor-06, Random Spatial Actor,  54.178, 70.96, 31.75, 33.46, 27.93, 90.36, 26.03,
"""
DUMMY_FINAL = {
    "sactor-00": (78.56, 31.76, 74.05),
    "sactor-01": (78.56, 31.76, 74.05),
    "sactor-02": (82.45, 90.89, 0.07),
    "sactor-03": (67.12, 50.12, 63.73),
    "sactor-04": (78.60, 31.65, 74.11),
    "sactor-05": (79.88, 34.37, 75.16),
    "sactor-06": (78.60, 31.65, 74.11),
}
"""Where KTAB's actors end with its own options, as it prints them, after 10 turns."""

SMALL = """\
<?xml version="1.0" encoding="UTF-8"?>
<Scenario xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="smp.xsd">
  <name>Dam</name><desc>Who pays?</desc><prngSeed>0x89B9E56731783372</prngSeed>
  <ModelParameters>
    <VictoryProbModel>Binary</VictoryProbModel><PCEModel>MarkovIncentive</PCEModel>
    <StateTransitions>Deterministic</StateTransitions><VotingRule>Proportional</VotingRule>
    <BigRAdjust>No</BigRAdjust><BigRRange>Mid</BigRRange><ThirdPartyCommit>NoCommit</ThirdPartyCommit>
    <InterVecBrgn>S2PMax</InterVecBrgn><BargnModel>InitOnlyInterp</BargnModel>
  </ModelParameters>
  <Dimensions><dName>Height</dName><dName>Cost</dName></Dimensions>
  <Actors>
    <Actor><name>Town</name><description>below</description><capability>10</capability>
      <Position><dCoord>20</dCoord><dCoord>0</dCoord></Position>
      <Salience><dSal>60</dSal><dSal>40</dSal></Salience></Actor>
    <Actor><name>Farm</name><description>above</description><capability>4</capability>
      <Position><dCoord>90</dCoord><dCoord>30</dCoord></Position>
      <Salience><dSal>10</dSal><dSal>80</dSal></Salience></Actor>
    <Actor><name>State</name><description>beside</description><capability>30</capability>
      <Position><dCoord>50</dCoord><dCoord>100</dCoord></Position>
      <Salience><dSal>20</dSal><dSal>15</dSal></Salience></Actor>
  </Actors>
  <IdealAdjustment>
    <iaPair><adjustingIdeal>Farm</adjustingIdeal><referencePos>Farm</referencePos><adjust>0.7</adjust></iaPair>
    <iaPair><adjustingIdeal>Farm</adjustingIdeal><referencePos>Town</referencePos><adjust>0.2</adjust></iaPair>
  </IdealAdjustment>
</Scenario>
"""

TOLL = """\
#/;made for the tests
#O;'The toll'
#A;'town';'The town''s council';'wants quiet'
#A;'shops';'Shops; all of them';''
#P;'when';'When is it paid?';''
#M;'when';100;'always'
#M;'when';0;'never'
#M;'when';50;'at noon'
#P;'height';'How much?';'in euro'
#M;'height';7;'euro'
#M;'height';0.5;'euro'
#P;'who';'Who pays?';''
#/;'actor';'issue';'position';'salience';'power'
#D;'town';'when';100;0.9;1;'said so';'twice'
#D;'shops';'when';0;1;0.5
#D;'town';'height';3;0;0.8
#D;'shops';'height';0.5;0.4;0.5
#D;'shops';'who';40;0.2;0.5
"""

_SCHEMA = """
create table ScenarioDesc (Scenario, "Desc", ScenarioId, RNGSeed, VictoryProbModel INTEGER,
  ProbCondorcetElection INTEGER, StateTransition INTEGER, VotingRule INTEGER, BigRAdjust INTEGER,
  BigRRange INTEGER, ThirdPartyCommit INTEGER, InterVecBrgn INTEGER, BargnModel INTEGER);
create table ActorDescription (ScenarioId, Act_i INTEGER, Name, "Desc");
create table DimensionDescription (ScenarioId, Dim_k INTEGER, "Desc");
create table SpatialCapability (ScenarioId, Turn_t INTEGER, Act_i INTEGER, Cap FLOAT);
create table SpatialSalience (ScenarioId, Turn_t INTEGER, Act_i INTEGER, Dim_k INTEGER, Sal FLOAT);
create table VectorPosition (ScenarioId, Turn_t INTEGER, Act_i INTEGER, Dim_k INTEGER, Pos_Coord FLOAT,
  Idl_Coord FLOAT, Mover_BargnId INTEGER);
"""
RUN = (((20.0, 0.0), (90.0, 30.0), (50.0, 100.0)), ((25.0, 5.0), (80.0, 35.0), (50.0, 90.0)))
"""Positions (turn, actor, dimension) of the run in the database."""


def database(path: Path, *names: str) -> Path:
    """Write a database with the run under each of the names."""
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as made:
        made.executescript(_SCHEMA)
        for number, name in enumerate(names or ("Dam",)):
            _add_run(made, name, f"{number:032d}")
    made.close()
    return path


def _add_run(made: sqlite3.Connection, name: str, run: str) -> None:
    made.execute(
        "insert into ScenarioDesc values (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (name, "Who pays?", run, "1", 4, 1, 0, 2, 1, 1, 1, 1, 0),
    )
    for at, (actor, capability, spent) in enumerate(
        (("Town", 10.0, (0.6, 0.4)), ("Farm", 4.0, (0.1, 0.8)), ("State", 30.0, (0.2, 0.15)))
    ):
        made.execute("insert into ActorDescription values (?,?,?,?)", (run, at, actor, "one"))
        for turn, positions in enumerate(RUN):
            made.execute("insert into SpatialCapability values (?,?,?,?)", (run, turn, at, capability))
            for issue, salience in enumerate(spent):
                made.execute(
                    "insert into SpatialSalience values (?,?,?,?,?)", (run, turn, at, issue, salience)
                )
                place = positions[at][issue]
                row = (run, turn, at, issue, place, place, None)
                made.execute("insert into VectorPosition values (?,?,?,?,?,?,?)", row)
    for issue, label in enumerate(("Height", "Cost")):
        made.execute("insert into DimensionDescription values (?,?,?)", (run, issue, label))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def saved(folder: Path, imported) -> Document:
    """The import as a case in a folder: it must check without error."""
    return create_from(folder, imported.tree, imported.beside)


def outgoing(document: Document) -> Outgoing:
    return outgoing_of(document)


def holds(read, path: Path, folder: Path) -> None:
    """Whatever is in the file, a sound case comes of it or an error that names a place."""
    try:
        imported = read(path)
    except FileError as error:
        refused = error
    else:
        saved(folder, imported)
        return
    assert refused.where
    assert str(refused).encode("utf-8")


_PIECES = (b"", b"NaN", b"1e999", b"-1", b'"', b"'", b"<", b"&lol;", b"\xff", b"\x00", b"<!DOCTYPE x>", b"\n")
_PIECES += (b";;;;", b",,,", b"9" * 400, b"#D", b"\xc2\x85", b"\xef\xbf\xbe", b"100", b"# x: {y}\r\n")


def splices(whole: bytes):
    """The file with pieces cut out and others put in, at random or at the ends of what has meaning."""
    marks = [at for at, byte in enumerate(whole) if byte in b"<>\"',;\n "]
    place = st.sampled_from(marks) | st.integers(0, len(whole))
    change = st.tuples(place, st.integers(0, 30), st.sampled_from(_PIECES) | st.binary(max_size=8))

    def apply(changes):
        mutated = whole
        for at, length, piece in changes:
            mutated = mutated[:at] + piece + mutated[at + length :]
        return mutated

    return st.lists(change, min_size=1, max_size=3).map(apply)


def words(longest: int):
    """Texts that a file can hold and a person can read, with blanks between words only."""
    letters = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
    return (
        st.text(letters, min_size=1, max_size=longest).map(lambda text: " ".join(text.split())).filter(bool)
    )
