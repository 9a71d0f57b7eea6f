"""A small invented case with a text of its own, as the words of the flagship's report are not ours."""

from __future__ import annotations

import time

from driven import Caller

NAME = "talks-on-the-valley"
CASE = f"/cases/{NAME}"
REPORT = """Talks on the valley

The talks ended late. "We keep every soldier in the valley", North said on Monday. South said that it would \
open the crossing at Upper Ford. The alliance promised that observers would come.

North met South. He said that it would sign nothing at all. He was tired, it was said. A cart stood on a \
bridge, and South replied: "We shall see." South said that it would open the crossing again.
"""


def put_in(caller: Caller, text: str = REPORT, name: str = "talks.txt", case: str = CASE) -> str:
    """Put a report into a case and return the address of its source."""
    path = caller.submit(f"{case}/sources", files={"file": (name, text.encode("utf-8"), "text/plain")})
    return path.removesuffix("/about")


def make(caller: Caller) -> str:
    """Make the case with its report and suggestions; return the address of the source."""
    assert caller.submit("/cases", title="Talks on the valley") == CASE
    source = put_in(caller)
    waits_at = f"{source.replace('/sources/', '/coding/')}.json"
    while caller.get(waits_at).json()["state"] == "working":
        time.sleep(0.1)
    return source
