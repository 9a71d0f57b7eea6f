"""Small made-up inputs on which every method runs: three parties about a border and a fund.

They have the form that `xarray.Dataset.from_dict` reads.
"""

from __future__ import annotations

from typing import Any

_CELL = ("actor", "issue")

SCALED: dict[str, Any] = {
    "coords": {
        "actor": {"dims": ("actor",), "data": ["north", "south", "broker"]},
        "issue": {"dims": ("issue",), "data": ["border", "fund"]},
        "other_actor": {"dims": ("other_actor",), "data": ["north", "south", "broker"]},
    },
    "data_vars": {
        "hears": {
            "dims": ("actor", "other_actor"),
            "data": [[0.0, 0.0, 1.0], [0.0, 0.0, 2.0], [1.0, 1.0, 0.0]],
        },
        "position": {"dims": _CELL, "data": [[0.0, 80.0], [100.0, 20.0], [60.0, 50.0]]},
        "salience": {"dims": _CELL, "data": [[0.9, 0.4], [0.5, 0.8], [0.3, 0.2]]},
        "capability": {"dims": _CELL, "data": [[1.0, 1.0], [0.8, 0.8], [0.5, 0.5]]},
        "has_stand": {"dims": _CELL, "data": [[True, True], [True, True], [True, True]]},
        "is_required": {"dims": ("actor",), "data": [True, True, False]},
        "scale_low": {"dims": ("issue",), "data": [0.0, 0.0]},
        "scale_high": {"dims": ("issue",), "data": [100.0, 100.0]},
        "reversion": {"dims": ("issue",), "data": [100.0, 100.0]},
        "has_reversion": {"dims": ("issue",), "data": [True, True]},
        "no_deal": {"dims": ("actor",), "data": [0.2, 0.3, 0.0]},
        "has_no_deal": {"dims": ("actor",), "data": [True, True, False]},
    },
}

NOMINAL: dict[str, Any] = {
    "coords": {
        "actor": {"dims": ("actor",), "data": ["north", "south", "broker"]},
        "issue": {"dims": ("issue",), "data": ["venue"]},
    },
    "data_vars": {
        "choice": {"dims": _CELL, "data": [[0.0], [1.0], [1.0]]},
        "salience": {"dims": _CELL, "data": [[0.9], [0.5], [0.3]]},
        "capability": {"dims": _CELL, "data": [[1.0], [0.8], [0.5]]},
        "has_stand": {"dims": _CELL, "data": [[True], [True], [True]]},
        "option_count": {"dims": ("issue",), "data": [3]},
    },
}

_OPTIONS = ("actor", "issue", "option")

DEAL: dict[str, Any] = {
    "coords": {
        "actor": {"dims": ("actor",), "data": ["north", "south", "broker"]},
        "issue": {"dims": ("issue",), "data": ["border", "fund"]},
    },
    "data_vars": {
        "option_value": {
            "dims": _OPTIONS,
            "data": [
                [[0.7, 0.4, 0.0], [0.0, 0.1, 0.3]],
                [[0.0, 0.2, 0.4], [0.6, 0.3, 0.0]],
                [[0.1, 0.5, 0.2], [0.3, 0.5, 0.4]],
            ],
        },
        "option_count": {"dims": ("issue",), "data": [3, 3]},
        "base_utility": {"dims": ("actor",), "data": [0.0, 0.0, 0.0]},
        "reservation": {"dims": ("actor",), "data": [0.3, 0.3, 0.2]},
        "is_party": {"dims": ("actor",), "data": [True, True, False]},
    },
}
