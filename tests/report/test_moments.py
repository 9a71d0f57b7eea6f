"""Events and consultations in order of time, as far as the case knows it."""

from __future__ import annotations

from tests.report import cases

from westphalia.case.document import parse
from westphalia.report.moments import moments_of

DEALINGS = """
events:
  - {id: vote, name: The vote, date: {until: 2024-11}, participants: [ann]}
  - {id: call, name: The call, date: 2025-02-12, participants: [ann, bob]}
  - {id: talks, name: The talks, date: {relation: after, event: call}, participants: [ann, bob]}
consultations:
  - {id: late, by: ann, how: met, whom: bob}
  - {id: second, by: ann, how: called, whom: bob, event: call, order: 2}
  - {id: first, by: voice, how: informed, whom: ann, event: call, order: 1}
  - {id: never, by: ann, how: asked, left_out: bob, about: whether to call, event: call,
     date: {relation: before, event: call}}
  - {id: winter, by: ann, how: asked, whom: bob, about: the price, date: {since: 2024-12, until: 2025-01}}
agreement:"""


def test_order_follows_dates_events_and_stated_places() -> None:
    head, _, tail = cases.CASE.partition("events:")
    case = parse(head + DEALINGS.strip() + tail.partition("agreement:")[2]).case
    moments = list(moments_of(case, "en"))
    assert [moment.id.partition("-")[2] for moment in moments] == [
        "vote",
        "winter",
        "never",
        "first",
        "second",
        "talks",
        "late",
    ]
    said = {moment.id.partition("-")[2]: moment for moment in moments}
    assert said["never"].what == "not asked: whether to call"
    assert said["never"].left_out == ("bob",)
    assert said["never"].present == ()
    assert said["first"].by == ("bob",), "a voice stands under whom it speaks for"
    assert [said[one].day for one in ("vote", "winter", "second", "late")] == [
        "until Nov 2024",
        "Dec 2024 to Jan 2025",
        "12 Feb 2025",
        "date not known",
    ]
    assert said["talks"].when == "after “The call”"
