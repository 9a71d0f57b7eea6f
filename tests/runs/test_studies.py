"""A study ends with the same bits whoever works and however often it is killed, and tells what failed."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import westphalia as wp
from westphalia.errors import CallError, FileError
from westphalia.registry import find
from westphalia.runs import pools, studies, studies_work
from westphalia.runs.pools import opened_pool
from westphalia.runs.store import MANIFEST
from westphalia.runs.study import conduct
from westphalia.testing import assert_same_bits, made_case

pytest.importorskip("pyarrow", reason="the 'study' extra is not installed")
import pyarrow.parquet as pq

from westphalia.runs.studies import case_files, conduct_study, open_study

QUICK = ("mean", "median", "nash")
KILLS = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 3


def make_cases(folder: Path, count: int, *, actors: int = 4, issues: int = 2) -> Path:
    folder.mkdir()
    for seed in range(count):
        (folder / f"case-{seed:03}.yaml").write_text(made_case(seed, actors=actors, issues=issues))
    return folder


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cases(tmp_path_factory.mktemp("made") / "cases", 6)


@pytest.fixture(scope="module")
def plain(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that one thread ran undisturbed; tests only read it."""
    out = tmp_path_factory.mktemp("plain") / "out"
    conduct_study(cases, out, methods=QUICK, draws=40, workers=1)
    return out


# --- the same bits -------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [2, 5])
def test_workers_do_not_change_a_bit(cases: Path, plain: Path, tmp_path: Path, workers: int) -> None:
    conduct_study(cases, tmp_path / "out", methods=QUICK, draws=40, workers=workers)
    assert content(tmp_path / "out") == content(plain)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster of two processes on this machine."""
    distributed = pytest.importorskip("distributed", reason="the 'cluster' extra is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


def test_a_cluster_does_not_change_a_bit(cases: Path, plain: Path, tmp_path: Path, scheduler: str) -> None:
    tally = conduct_study(cases, tmp_path / "out", methods=QUICK, draws=40, scheduler=scheduler)
    assert (tally.made, tally.kept) == (18, 0)
    assert content(tmp_path / "out") == content(plain)


def test_the_draws_of_one_case_may_be_spread_over_a_cluster(cases: Path, scheduler: str) -> None:
    document = wp.read(cases / "case-001.yaml").document
    here = conduct(document, draws=2500, only=QUICK, workers=1)
    afar = conduct(document, draws=2500, only=QUICK, scheduler=scheduler)
    assert_same_bits(here.forecast, afar.forecast)
    assert_same_bits(here.results["nash"], afar.results["nash"])


def test_an_error_on_a_cluster_is_the_one_it_would_be_here(scheduler: str) -> None:
    with opened_pool(scheduler=scheduler) as pool:
        with pytest.raises(CallError, match="no option 'raeding'") as refused:
            pool.outcome(pool.submit(find("challenge").checked, {"raeding": 1}))
        assert refused.value.code == "unknown-option"
        with pytest.raises(CallError, match=r"could not do a task \(ZeroDivisionError"):
            pool.outcome(pool.submit(divmod_by_zero, 1))


def divmod_by_zero(number: int) -> tuple[int, int]:
    return divmod(number, 0)


def test_a_worker_of_another_version_is_refused(scheduler: str, monkeypatch) -> None:
    monkeypatch.setattr(pools, "version", lambda: "0.0.0")
    with opened_pool(scheduler=scheduler) as pool, pytest.raises(CallError, match="A worker has westphalia"):
        pool.outcome(pool.submit(abs, -1))


def test_a_study_holds_what_each_case_forecasts(cases: Path, plain: Path) -> None:
    found = list(open_study(plain).forecasts())
    assert [data.attrs["case"] for data in found] == [f"made-{seed}" for seed in range(6)]
    for seed, data in enumerate(found):
        alone = wp.read(cases / f"case-{seed:03}.yaml").forecast(draws=40, methods=QUICK)
        assert_same_bits(data, alone)


def test_methods_options_and_seed_are_those_asked_for(cases: Path, tmp_path: Path) -> None:
    asked = {"draws": 20, "seed": 7, "options": {"challenge": {"reading": "printed", "rounds": 2}}}
    conduct_study(cases, tmp_path / "out", methods=("nash", "challenge"), **asked)
    found = open_study(tmp_path / "out").forecast("made-4")
    alone = wp.read(cases / "case-004.yaml").forecast(methods=("nash", "challenge"), **asked)
    assert_same_bits(found, alone)


def begin(cases: Path, out: Path) -> subprocess.Popen[bytes]:
    methods = [word for method in QUICK for word in ("-m", method)]
    command = [sys.executable, "-m", "westphalia", "study", cases, "--out", out, "--draws", "40", *methods]
    return subprocess.Popen([*map(str, command), "--workers", "2"], stderr=subprocess.PIPE)


def finished_parts(out: Path) -> int:
    return len(list(out.glob("parts/*/[!.]*.parquet")))


def test_a_killed_study_goes_on_and_ends_with_the_same_bits(tmp_path: Path) -> None:
    """SIGKILL after a random part, and a random moment later; what was finished stays as it was."""
    count = 8 * KILLS
    cases, out = make_cases(tmp_path / "cases", count, actors=3, issues=1), tmp_path / "out"
    conduct_study(cases, tmp_path / "undisturbed", methods=QUICK, draws=40)
    rng = random.Random(20)
    stamps: dict[Path, int] = {}
    for _ in range(KILLS):
        goal = finished_parts(out) + rng.randint(0, 12)
        run = begin(cases, out)
        while run.poll() is None and finished_parts(out) < goal:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.02))
        run.kill()
        run.communicate()
        assert run.returncode == -9, "the study ended before it was killed"
        assert not (out / MANIFEST).exists()
        for file, stamp in stamps.items():
            assert file.stat().st_mtime_ns == stamp, "a finished part was written again"
        stamps = {file: file.stat().st_mtime_ns for file in out.glob("parts/*/[!.]*.parquet")}
    last = begin(cases, out)
    _, words = last.communicate()
    assert last.returncode == 0, words.decode()
    assert content(out) == content(tmp_path / "undisturbed")


# --- taking up again -----------------------------------------------------------------------------


def test_only_what_is_new_is_run(tmp_path: Path) -> None:
    cases, out = make_cases(tmp_path / "cases", 2), tmp_path / "out"
    assert conduct_study(cases, out, methods=("mean",), draws=10).made == 2
    again = conduct_study(cases, out, methods=("mean", "median"), draws=10)
    assert (again.made, again.kept) == (2, 2)
    (cases / "more.yaml").write_text(made_case(77))
    grown = conduct_study(cases, out, methods=("mean", "median"), draws=10)
    assert (grown.made, grown.kept, grown.cases) == (2, 4, 3)
    other = conduct_study(cases, out, methods=("mean", "median"), draws=11)
    assert (other.made, other.kept) == (6, 0)
    assert open_study(out).draws == 11


def test_a_comment_in_a_case_does_not_change_its_parts(tmp_path: Path) -> None:
    cases, out = make_cases(tmp_path / "cases", 1), tmp_path / "out"
    conduct_study(cases, out, methods=("mean",), draws=10)
    before = content(out / "parts")
    file = cases / "case-000.yaml"
    file.write_text("# A remark.\n" + file.read_text())
    conduct_study(cases, out, methods=("mean",), draws=10)
    assert content(out / "parts") == before


@pytest.mark.parametrize("keep", [0, 4, 0.5, 0.99])
def test_a_part_that_is_not_whole_does_not_count(tmp_path: Path, keep: float) -> None:
    cases, out = make_cases(tmp_path / "cases", 2), tmp_path / "out"
    conduct_study(cases, out, methods=("mean",), draws=10)
    before = content(out)
    part = next(out.glob("parts/*/*.parquet"))
    raw = part.read_bytes()
    part.write_bytes(raw[: keep if isinstance(keep, int) else int(keep * len(raw))])
    again = conduct_study(cases, out, methods=("mean",), draws=10)
    assert (again.made, again.kept) == (1, 1)
    assert content(out) == before


def test_a_part_under_the_name_of_another_does_not_count(tmp_path: Path) -> None:
    cases, out = make_cases(tmp_path / "cases", 2), tmp_path / "out"
    conduct_study(cases, out, methods=("mean",), draws=10)
    one, other = sorted(out.glob("parts/*/*.parquet"))
    one.write_bytes(other.read_bytes())
    assert conduct_study(cases, out, methods=("mean",), draws=10).made == 1


def test_what_a_killed_run_left_beside_is_cleared_away(tmp_path: Path, cases: Path) -> None:
    out = tmp_path / "out"
    conduct_study(cases, out, methods=("mean",), draws=10)
    before = content(out)
    for beside in ("parts/00/.mean.parquet.x1.new", "cases/00/.y.json.x2.new", f".{MANIFEST}.new"):
        (out / beside).parent.mkdir(exist_ok=True)
        (out / beside).write_bytes(b"PAR1 half")
    conduct_study(cases, out, methods=("mean",), draws=10)
    assert content(out) == before


def test_a_fault_of_the_program_is_told_and_tried_again(tmp_path: Path, cases: Path, monkeypatch) -> None:
    out = tmp_path / "out"
    sound = studies_work.part_bytes

    def breaks(identity, case, forecast):
        if case == "made-2" and identity.method == "median":
            raise FloatingPointError("made to fail")
        return sound(identity, case, forecast)

    monkeypatch.setattr(studies_work, "part_bytes", breaks)
    tally = conduct_study(cases, out, methods=("mean", "median"), draws=10)
    assert (tally.made, tally.unfinished) == (11, 1)
    assert tally.told == [("case-002.yaml", "median: FloatingPointError: made to fail")]
    stored = next(case for case in open_study(out).cases() if case.case == "made-2")
    assert stored.skipped == {"median": "FloatingPointError: made to fail"}
    monkeypatch.undo()
    again = conduct_study(cases, out, methods=("mean", "median"), draws=10)
    assert (again.made, again.kept, again.unfinished) == (1, 11, 0)


@pytest.mark.parametrize(
    "changes", [{"digest": "../../../../tmp"}, {"version": "0.0.0"}, {"failure": 3}, {"more": 1}, None]
)
def test_a_record_that_is_not_ours_does_not_count(tmp_path: Path, changes) -> None:
    cases, out = make_cases(tmp_path / "cases", 1), tmp_path / "out"
    conduct_study(cases, out, methods=("mean",), draws=10)
    before = content(out)
    record = next(out.glob("cases/*/*.json"))
    record.write_text("[" if changes is None else json.dumps(json.loads(record.read_text()) | changes))
    assert conduct_study(cases, out, methods=("mean",), draws=10).failed == 0
    assert content(out) == before


# --- what fails does not stop the rest -----------------------------------------------------------


def test_a_wrong_case_is_recorded_and_does_not_stop_the_study(tmp_path: Path) -> None:
    cases, out = make_cases(tmp_path / "cases", 1), tmp_path / "out"
    (cases / "broken.yaml").write_text("westphalia: 1\nid: [")
    (cases / "empty.yaml").write_text("")
    (cases / "large.yaml").write_bytes(b"#" * 16_000_001)
    (cases / "latin.yaml").write_bytes(b"title: Z\xfcrich")
    (cases / "slip.yaml").write_text(made_case(1).replace("actor-1:", "aktor-1:", 1))
    for _ in range(2):  # the second time the reasons come from the records
        tally = conduct_study(cases, out, methods=("mean",), draws=10)
        assert (tally.cases, tally.failed) == (6, 5)
        failed = {case.file: case.failed for case in open_study(out).cases() if case.failed}
        assert {file: failure.code for file, failure in failed.items()} == {
            "broken.yaml": "yaml-syntax",
            "empty.yaml": "empty",
            "large.yaml": "too-large",
            "latin.yaml": "not-utf-8",
            "slip.yaml": "unknown-actor",
        }
        assert "'actor-1'" in failed["slip.yaml"].hint
    with pytest.raises(CallError, match=r"'broken\.yaml' has no forecast: The YAML cannot be read"):
        open_study(out).forecast("broken.yaml")


def test_a_method_that_lacks_an_input_is_recorded_and_not_tried_again(tmp_path: Path) -> None:
    cases, out = make_cases(tmp_path / "cases", 1), tmp_path / "out"
    (cases / "alone.yaml").write_text(re.sub(r",\s*reversion: \d+", "", made_case(5)))
    tally = conduct_study(cases, out, methods=("mean", "nash"), draws=10)
    assert (tally.made, tally.skipped, tally.failed) == (4, 1, 0)
    stored = next(case for case in open_study(out).cases() if case.file == "alone.yaml")
    assert "reversion" in stored.skipped["nash"]
    assert open_study(out).forecast("alone.yaml")["method"].values.tolist() == ["mean"]
    assert conduct_study(cases, out, methods=("mean", "nash"), draws=10).made == 0


def test_a_case_with_too_many_numbers_is_refused(tmp_path: Path, cases: Path, monkeypatch) -> None:
    monkeypatch.setattr(studies_work, "MOST_CELLS", 300)
    tally = conduct_study(cases, tmp_path / "out", methods=("mean",), draws=40)
    assert (tally.made, tally.skipped) == (6, 6)
    with pytest.raises(CallError, match="40 draws of 4 actors on 2 issues"):
        open_study(tmp_path / "out").forecast("made-0")


# --- wrong calls ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ({"methods": ("maen",)}, "Did you mean 'mean'"),
        ({"methods": ("plurality",)}, "forecasts no point on a scale"),
        ({"methods": ("mean",), "options": {"nash": {}}}, "is not run"),
        ({"draws": 0}, "1 to 10 million"),
        ({"seed": -1}, "A seed is 0 or more"),
        ({"workers": 0}, "At least 1"),
        ({"workers": 2, "scheduler": "tcp://127.0.0.1:9"}, "Leave out --workers"),
    ],
)
def test_a_wrong_call_leaves_no_folder(cases: Path, tmp_path: Path, how, text: str) -> None:
    with pytest.raises(CallError, match=text):
        conduct_study(cases, tmp_path / "out", **how)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x", "127.0.0.1:x"])
def test_a_scheduler_that_does_not_answer_is_told(cases: Path, tmp_path: Path, monkeypatch, address) -> None:
    pytest.importorskip("distributed", reason="the 'cluster' extra is not installed")
    monkeypatch.setattr("westphalia.runs.pools.PATIENCE", 0.3)
    with pytest.raises(CallError, match="No Dask scheduler answers"):
        conduct_study(cases, tmp_path / "out", methods=("mean",), scheduler=address)


@pytest.mark.parametrize(
    ("module", "how", "hint"),
    [
        ("pyarrow.parquet", {}, r"westphalia\[study\]"),
        ("distributed", {"scheduler": "tcp://127.0.0.1:9"}, r"westphalia\[cluster\]"),
    ],
)
def test_a_missing_library_is_named_with_what_installs_it(
    cases: Path, tmp_path: Path, monkeypatch, module: str, how, hint: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(CallError, match=hint):
        conduct_study(cases, tmp_path / "out", **how)


def test_a_folder_with_other_files_is_left_alone(cases: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(FileError, match=r"'thesis\.txt'"):
        conduct_study(cases, tmp_path, methods=("mean",))
    assert set(content(tmp_path)) == {"thesis.txt"}


def test_two_runs_do_not_write_one_study(cases: Path, tmp_path: Path) -> None:
    with studies.store.opened(tmp_path / "out"), pytest.raises(CallError, match="Another run"):
        conduct_study(cases, tmp_path / "out", methods=("mean",))


def test_case_files_are_found_in_order_and_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    for place in ("b", "a/deep", ".git/x"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "case.yaml").touch()
        (tmp_path / place / "notes.yaml").touch()
    (tmp_path / "z.yaml").touch()
    (tmp_path / "case.yaml").touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.yaml")
    assert case_files(tmp_path) == ("a/deep/case.yaml", "b/case.yaml", "case.yaml", "z.yaml")


def test_a_folder_without_cases_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="holds no case"):
        case_files(tmp_path)
    with pytest.raises(FileError, match="no such folder"):
        case_files(tmp_path / "nowhere")


# --- reading -------------------------------------------------------------------------------------


def test_the_table_holds_every_draw_once(plain: Path) -> None:
    study = open_study(plain)
    whole = study.dataset().to_table().to_pandas()
    assert len(whole) == 6 * len(QUICK) * 40 * 2 == sum(map(len, study.tables()))
    assert not whole.duplicated(["case", "method", "issue", "draw"]).any()
    one = study.dataset().to_table(columns=["draw", "forecast"]).num_columns
    assert one == 2


def test_the_summary_has_the_quantiles_of_the_draws(plain: Path) -> None:
    study = open_study(plain)
    table = study.summary().set_index(["case", "method", "issue"])
    assert len(table) == 6 * len(QUICK) * 2
    drawn = study.forecast("made-3")["forecast"].loc["median", :, "issue-1"]
    assert table.loc[("made-3", "median", "issue-1"), "q0.25"] == drawn.quantile(0.25).item()


def test_an_unknown_case_names_the_nearest(plain: Path) -> None:
    with pytest.raises(CallError, match="Did you mean 'made-3'"):
        open_study(plain).forecast("mad-3")


def test_cases_of_one_id_are_told_apart_by_their_files(tmp_path: Path) -> None:
    cases, out = make_cases(tmp_path / "cases", 1), tmp_path / "out"
    (cases / "twin.yaml").write_text(made_case(0, actors=5))
    conduct_study(cases, out, methods=("mean",), draws=10)
    with pytest.raises(CallError, match=r"Name it by its file: case-000\.yaml, twin\.yaml"):
        open_study(out).forecast("made-0")
    assert open_study(out).forecast("twin.yaml").sizes["draw"] == 10


def test_a_study_that_has_not_ended_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="goes on where it stopped"):
        open_study(tmp_path)


def test_a_damaged_part_is_found_on_reading(tmp_path: Path) -> None:
    cases, out = make_cases(tmp_path / "cases", 1), tmp_path / "out"
    conduct_study(cases, out, methods=("mean",), draws=200)
    part = next(out.glob("parts/*/*.parquet"))
    raw = bytearray(part.read_bytes())
    column = pq.read_metadata(part).row_group(0).column(5)
    raw[column.data_page_offset + column.total_compressed_size // 2] ^= 4
    part.write_bytes(raw)
    with pytest.raises(FileError, match="Delete it and run the study again"):
        open_study(out).forecast("made-0")


@pytest.mark.parametrize(
    "file", ["../../../etc/passwd", "/etc/passwd", "parts/../x.parquet", "parts/ab/x.parquet"]
)
def test_a_manifest_leads_nowhere_else(cases: Path, tmp_path: Path, file: str) -> None:
    conduct_study(cases, tmp_path, methods=("mean",), draws=10)
    lines = (tmp_path / MANIFEST).read_text().splitlines()
    changed = json.loads(lines[1])
    changed["parts"]["mean"]["file"] = file
    (tmp_path / MANIFEST).write_text("\n".join([lines[0], json.dumps(changed)]))
    with pytest.raises(FileError, match=r"manifest is damaged \(parts\.mean\.file"):
        list(open_study(tmp_path).forecasts())


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe", b'{"westphalia_study": 2}'])
def test_a_damaged_manifest_is_told(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(raw)
    with pytest.raises(FileError, match="manifest is damaged"):
        open_study(tmp_path)


# --- memory --------------------------------------------------------------------------------------


RESIDENT = Path("/proc/self/statm")


@pytest.mark.skipif(not RESIDENT.exists(), reason="the system does not tell a process's memory in /proc")
def test_memory_does_not_grow_with_the_study(tmp_path: Path) -> None:
    """A hundred cases more add less than a megabyte; their parts alone, if they were kept, are two."""
    cases = make_cases(tmp_path / "cases", 150, actors=2, issues=1)
    held: dict[int, int] = {}

    def watch(_what: str, done: int, _total: int) -> None:
        held[done] = int(RESIDENT.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    conduct_study(cases, tmp_path / "out", methods=("mean",), draws=3000, workers=1, progress=watch)
    parts = sum(file.stat().st_size for file in (tmp_path / "out").glob("parts/*/*.parquet"))
    assert parts * 100 / 150 > 2_000_000
    assert held[150] - held[50] < 1_000_000
