"""What a study over many cases costs, on one core and on two, against a plain loop in the same run.

    python benchmarks/studies.py [CASES [DRAWS]]

Made-up cases of 8 actors and 4 issues, every value with doubt, all methods that forecast; 40 cases and 1,000
draws unless said. Nothing is extrapolated: what is printed was run.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from timing import show

import westphalia as wp
from westphalia.analyses.sampling import sample
from westphalia.case.document import parse
from westphalia.case.inputs import build
from westphalia.errors import WestphaliaError
from westphalia.files import write_whole
from westphalia.registry import find
from westphalia.runs.engine import run, version
from westphalia.runs.store_parts import part_bytes
from westphalia.runs.studies import conduct_study, open_study
from westphalia.runs.studies_work import Settings
from westphalia.testing import made_case

ACTORS, ISSUES = 8, 4


def make(folder: Path, count: int) -> list[Path]:
    """Write made-up cases and return their files."""
    files = [folder / f"case-{seed:06}.yaml" for seed in range(count)]
    for seed, file in enumerate(files):
        file.write_text(made_case(seed, actors=ACTORS, issues=ISSUES), encoding="utf-8")
    return files


def resident() -> float:
    """Return the memory this process holds, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def methods() -> tuple[str, ...]:
    """Return the methods that a study runs."""
    return tuple(
        spec.id for spec in wp.list_methods().values() if spec.forecast is not None and spec.takes == "scaled"
    )


def parts(root: Path, files: list[Path], draws: int) -> None:
    """Print where the time of one case goes, on one core, after the kernels are compiled."""
    taken: dict[str, float] = {}

    def timed(what: str, work: Callable[[], object]) -> object:
        start = time.perf_counter()
        found = work()
        taken[what] = taken.get(what, 0.0) + time.perf_counter() - start
        return found

    settings = Settings(draws, 1, {name: {} for name in methods()}, version())
    some = files[:10]
    for file in some:
        document = timed("read and check", lambda file=file: parse(file.read_bytes()))
        inputs = timed("inputs of the case", lambda document=document: build(document.case))
        drawn = timed("draws", lambda inputs=inputs: sample(inputs, draws, 1)[0])
        for name in methods():
            try:
                ran = timed(name, lambda name=name, drawn=drawn: run(find(name), drawn, workers=1))
            except WestphaliaError:
                continue
            known = settings.identity(document.digest, name)
            raw = timed("Parquet", lambda known=known, ran=ran: part_bytes(known, "made", ran["forecast"]))
            timed("writing", lambda raw=raw: write_whole(root / "part", raw))
    total = sum(taken.values())
    rows = [(what, 1000 * t / len(some), f"{t / total:.0%}") for what, t in taken.items()]
    show(("of a case", "ms", "share"), rows)


def whole(root: Path, cases: Path, files: list[Path], draws: int) -> None:
    """Print cases × methods a second of a plain loop, a study on one core and on two, and taken up again."""
    names = methods()
    rows = []

    def add(what: str, work: Callable[[], object]) -> None:
        before, start, busy = resident(), time.perf_counter(), time.process_time()
        work()
        took = time.perf_counter() - start
        rate = len(files) * len(names) / took
        rows.append((what, took, time.process_time() - busy, rate, f"{resident() - before:+.0f}"))

    def loop() -> None:
        for file in files:
            wp.read(file).forecast(draws=draws, methods=names, workers=1)

    add("plain loop over Case.forecast, one core, nothing kept", loop)
    for workers in (1, 2):
        out = root / f"out-{workers}"
        add(
            f"study, {workers} worker(s)",
            lambda out=out, w=workers: conduct_study(cases, out, draws=draws, workers=w),
        )
    add("the same again, all of it finished", lambda: conduct_study(cases, root / "out-2", draws=draws))
    add("reading every draw of it", lambda: sum(map(len, open_study(root / "out-2").tables())))
    show(("what", "seconds", "CPU seconds", "cases × methods a second", "memory kept, MB"), rows)
    size = sum(file.stat().st_size for file in (root / "out-2").rglob("*") if file.is_file())
    print(
        f"On disk: {size / 1e6:.1f} MB, {size / len(files) / len(names) / draws / ISSUES:.1f} bytes a number."
    )


def main() -> None:
    """Compile first, then measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    draws = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        cases = root / "cases"
        cases.mkdir()
        files = make(cases, count)
        wp.read(files[0]).forecast(draws=8, methods=methods())
        print(f"{count} cases × {len(methods())} methods ({', '.join(methods())}) × {draws} draws\n")
        parts(root, files, draws)
        whole(root, cases, files, draws)


if __name__ == "__main__":
    main()
