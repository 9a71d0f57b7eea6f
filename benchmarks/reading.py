"""Reading a case and changing a value of it: milliseconds of the processor, flagship and 5,000 statements."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from timing import show

from westphalia.case.checks import check_all
from westphalia.case.checks.partial import whole
from westphalia.case.document import parse
from westphalia.case.schema import CaseFile
from westphalia.case.text import reading
from westphalia.runs.whatif import changed_document

FLAGSHIP = Path(__file__).parent.parent / "cases" / "ukraine-2025-02" / "case.yaml"
STATEMENTS = 5_000


def grown(text: str, count: int) -> str:
    """Return the case with its statements said again under other ids, until there are at least so many."""
    body = text.split("\nstatements:\n")[1]
    rounds = range(1, -(-count // len(parse(text).case.statements)))
    return "\n".join([text, *(body.replace("  - id: s", f"  - id: r{each}-s") for each in rounds)])


def busy(work: Callable[[], object], times: int) -> float:
    """Return the least of the processor's milliseconds in several runs, which other work disturbs little."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1000 * min(taken)


def measured(name: str, text: str, times: int) -> list[object]:
    """Return a row of the table: the parts of reading, all of it, and what follows a change."""
    document = parse(text)
    tree, places = document.tree, document.places
    part = whole(document.case, tree)
    path = ("statements", len(document.case.statements) // 2, "status")
    changes = document.case.scenarios[0].changes
    work = (
        lambda: reading.compose(text, "case"),
        lambda: CaseFile.model_validate(tree),
        lambda: check_all(part, places),
        lambda: parse(text),
        lambda: document.set(path, "disputed"),
        lambda: changed_document(document, changes),
    )
    return [name, len(text) / 1e6, *(busy(each, times) for each in work)]


def main() -> None:
    """Measure with libyaml, and the flagship without."""
    text = FLAGSHIP.read_text(encoding="utf-8")
    head = ["case", "MB", "tree, ms", "models, ms", "checks, ms", "all, ms", "a change, ms", "what-if, ms"]
    rows = [measured("flagship", text, 5), measured(f"{STATEMENTS} statements", grown(text, STATEMENTS), 3)]
    with mock.patch.object(reading, "_LIBYAML", None):
        rows.append(measured("flagship, without libyaml", text, 3))
    show(head, rows)


if __name__ == "__main__":
    main()
