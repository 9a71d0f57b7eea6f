"""Speed and many at once: pages in time of the processor, two people on one case, many runs."""

from __future__ import annotations

import re
import threading
import time

import pytest
from visitors import CSRF, FLAGSHIP_NAME, NEW_NAME, make_folder, workbench

from westphalia.case.document import read

CASE = f"/cases/{FLAGSHIP_NAME}"
BASE = re.compile(r'name="base" value="([^"]+)"')
CHANGES = 50
PAGES = ["/", CASE, *(f"{CASE}/{name}" for name in (
    "sources", "sources/commentary", "coders", "actors", "actors/ukraine", "issues", "issues/territory",
    "stands", "stands/usa/territory", "statements/s001", "agreement", "file", "history", "runs",
    "runs/new/report", "deals", "stability", "doubt", "report", "export",
))]  # fmt: skip


@pytest.fixture(scope="module")
def looker(tmp_path_factory):
    return workbench(make_folder(tmp_path_factory.mktemp("load") / "cases"))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_takes_less_than_a_fifth_of_a_second(looker, address):
    """The shortest of three, in time of the processor, as other tests run beside this one."""
    assert looker.get(address).status_code == 200
    taken = []
    for _ in range(3):
        started = time.process_time()
        looker.get(address)
        taken.append(time.process_time() - started)
    assert min(taken) < 0.2


def moved(visitor, actor, value):
    """Ask to set a salience as somebody who opened the page just before; return the status."""
    path = f"/cases/{NEW_NAME}/stands/{actor}/border"
    text = visitor.get(path).text
    form = {
        "base": BASE.search(text)[1],
        "csrf": CSRF.search(text)[1],
        "position-kind": "range",
        "position-low": value,
        "position-high": value + 1,
        "position-assumption": "a test",
        "salience-kind": "number",
        "salience-mode": "0.5",
        "salience-assumption": "a test",
        "replace": "yes",
    }
    return visitor.post(path, data=form, follow_redirects=False).status_code


def test_two_people_change_one_case_and_no_change_is_lost(tmp_path):
    """Fifty changes each, to two stands: each that was accepted is a version, the last of each stands."""
    folder = make_folder(tmp_path / "cases")
    first = workbench(folder)
    kept: dict[str, list[int]] = {"north": [], "south": []}
    others = []

    def work(actor):
        visitor = type(first)(first.app, base_url=first.base_url, cookies=dict(first.cookies))
        for value in range(1, CHANGES + 1):
            status = moved(visitor, actor, value)
            (kept[actor] if status == 303 else others).append(
                value if status == 303 else (actor, value, status)
            )

    people = [threading.Thread(target=work, args=(actor,)) for actor in kept]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert others == []
    case = read(folder / NEW_NAME).case
    for actor, values in kept.items():
        assert values == [*range(1, CHANGES + 1)]
        assert case.stands[actor]["border"].position.value.low == CHANGES
    assert len(first.app.state.bench.cases.history(NEW_NAME).versions()) > 2 * CHANGES
