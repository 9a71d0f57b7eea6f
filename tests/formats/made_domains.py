"""Small domains made for the tests, in the forms that real files have."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

DOMAIN = """<?xml version="1.0" encoding="UTF-8"?>
<negotiation_template name="Harbour">
  <objective index="0" name="Harbour" type="objective" etype="objective">
    <issue index="1" name="Fee" type="discrete" vtype="discrete" etype="discrete">
      <item index="1" value="low"/><item index="2" value="middle"/><item index="3" value="high"/>
    </issue>
    <issue index="2" name="Berths" type="integer" vtype="integer" etype="integer"
      lowerbound="2" upperbound="6"/>
  </objective>
</negotiation_template>
"""

CITY = """<utility_space>
  <objective index="0" name="Harbour">
    <issue index="1" name="Fee" type="discrete">
      <item index="1" value="low" evaluation="0"/><item index="2" value="middle" evaluation="5"/>
      <item index="3" value="high" evaluation="10"/>
    </issue>
    <issue index="2" name="Berths" type="integer" lowerbound="2" upperbound="6">
      <evaluator ftype="linear" offset="1.0" slope="-0.25"/>
    </issue>
    <weight index="1" value="0.6"/><weight index="2" value="0.4"/>
  </objective>
  <reservation value="0.35"/>
</utility_space>
"""

# The same issues the other way round, with indices and options in another order.
LINE = """<utility_space>
  <objective index="0" name="Harbour">
    <issue index="1" name="Berths" type="integer" lowerbound="2" upperbound="6">
      <evaluator ftype="linear" offset="0.2" slope="0.2"/>
    </issue>
    <issue index="2" name="Fee" type="discrete">
      <item index="1" value="high" evaluation="2"/><item index="2" value="low" evaluation="8"/>
      <item index="3" value="middle" evaluation="6"/>
    </issue>
    <weight index="2" value="0.3"/><weight index="1" value="0.7"/>
  </objective>
  <reservation value="0.5"/><discount_factor value="0.9"/>
</utility_space>
"""

VALUES = {"city": [[0.0, 0.3, 0.6], [0.4, 0.3, 0.2, 0.1, 0.0]]}
VALUES["line"] = [[0.3, 0.225, 0.075], [0.14, 0.28, 0.42, 0.56, 0.7]]
FLOOR = {"city": 0.35, "line": 0.5}

WEB_DOMAIN = {"name": "harbour", "issuesValues": {"Fee": {"values": ["low", "middle", "high"]}}} | {}
WEB_DOMAIN["issuesValues"]["Berths"] = {"range": {"low": "2", "high": "6", "step": "1"}}


def web_profile(name: str, fee: dict, berths: tuple, weights: tuple, bid: dict | None) -> dict:
    low, high = berths
    line = {"lowValue": 2, "lowUtility": low, "highValue": 6, "highUtility": high}
    return {
        "LinearAdditiveUtilitySpace": {
            "issueUtilities": {
                "Fee": {"discreteutils": {"valueUtilities": fee}},
                "Berths": {"numberutils": line},
            },
            "issueWeights": {"Fee": weights[0], "Berths": weights[1]},
            "domain": WEB_DOMAIN,
            "name": name,
            **({"reservationBid": {"issuevalues": bid}} if bid else {}),
        }
    }


def genius(folder: Path, **files: str) -> Path:
    """Write the Genius domain; files given by name replace or add."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ({"domain": DOMAIN, "city": CITY, "line": LINE} | files).items():
        (folder / f"{name}.xml").write_text(text, "utf-8")
    return folder


def geniusweb(folder: Path, **files: object) -> Path:
    """Write the GeniusWeb domain; files given by name replace or add."""
    folder.mkdir(parents=True, exist_ok=True)
    city = web_profile(
        "City", {"low": 0, "middle": 0.5, "high": 1}, (1, 0), (0.6, 0.4), {"Fee": "middle", "Berths": "5"}
    )
    line = web_profile("Line", {"high": 0.25, "low": 1, "middle": 0.75}, (0.2, 1), (0.3, 0.7), None)
    for name, data in ({"harbour": WEB_DOMAIN, "city": city, "line": line} | files).items():
        text = data if isinstance(data, str) else json.dumps(data)
        (folder / f"{name}.json").write_text(text, "utf-8")
    return folder


def listed(values: list[list[float]]) -> dict[tuple[int, ...], float]:
    """Return the utility of each package by enumeration."""
    places = itertools.product(*(range(len(value)) for value in values))
    return {package: sum(value[at] for value, at in zip(values, package, strict=True)) for package in places}
