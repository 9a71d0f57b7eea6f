"""What a case says of its own doubt: what an answer hangs on, what would move it.

What computes the answers is slow to import: it is loaded when it is asked, not when a case is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from westphalia.analyses.sampling import APART, Ties
from westphalia.case import document as _document
from westphalia.case.scenarios import Change, change_of
from westphalia.errors import CallError
from westphalia.runs.asked import CONCEPT, REST, ZONE
from westphalia.runs.engine import Progress
from westphalia.runs.study import Options, Study

if TYPE_CHECKING:
    import xarray as xr

    from westphalia.runs.doubt import Doubt
    from westphalia.runs.rests import RestLevers
    from westphalia.runs.sensitivity import By
    from westphalia.runs.whatif import WhatIf


@dataclass(frozen=True)
class Doubting:
    """The questions of doubt that a case answers."""

    document: _document.Document

    def sensitivity(
        self,
        *of: str,
        methods: tuple[str, ...] | list[str] = (),
        by: By = "value",
        concept: str = CONCEPT,
        draws: int = 4096,
        seed: int = 1,
        options: Options | None = None,
        ties: Ties = APART,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> xr.Dataset:
        """Return what each answer depends on: Sobol indices (answer, group) of the case's unknowns.

        Parameters
        ----------
        of: issues, ``zone``, ``acceptance``, and ``rest:`` with ``today``, a state or a statement over
            moves; all issues on a scale unless given.
        methods: ids of methods that forecast; the compromise mean unless given.
        by: value, actor, issue, source or statement.
        concept: by which states are at rest: nash, gmr, smr, seq or sseq.
        draws, seed: size and seed of each of the two base samples.
        options: options by method id. ties: what errs together.
        workers: threads; one a processor unless given.

        Raises
        ------
        CallError: an unknown answer, method or way to group, nothing uncertain, or a number out of
            bounds.
        """
        from westphalia.runs.sensitivity import sensitivity

        return sensitivity(
            self.document,
            methods=tuple(methods),
            of=of,
            by=by,
            concept=concept,
            draws=draws,
            seed=seed,
            options=options,
            ties=ties,
            workers=workers,
            progress=progress,
        )

    def levers(self, of: str, **how: Any) -> xr.Dataset | RestLevers:
        """Return the smallest changes that bring about what is wished for.

        `of` is an issue, whose forecast is to be `at_most` or `at_least` a point; ``zone``, which is to
        open; or ``rest:`` with a state that is to be at rest. `how` is as for `forecast_levers`,
        `opening_levers` or `rest_levers` of `westphalia.runs`; all take `by`, `draws` and `seed`.

        Raises
        ------
        CallError: as these say.
        """
        from westphalia.runs.levers import forecast_levers, opening_levers
        from westphalia.runs.rests import rest_levers

        if of.startswith(REST):
            return rest_levers(self.document, of.removeprefix(REST).strip(), **how)
        if of == ZONE:
            return opening_levers(self.document, **how)
        return forecast_levers(self.document, of, **how)

    def what_if(self, *changes: Change | Mapping[str, Any], **how: Any) -> WhatIf:
        """Return the forecasts with changes made beside those of the case as it is, on the same draws.

        A change is written as in a scenario of the case file, such as ``{"set":
        "usa.territory.position", "to": 40}`` or ``{"remove": "germany"}``; `how` is as for `what_if` of
        `westphalia.runs.whatif`: draws, seed, methods as `only`, options, workers.

        Raises
        ------
        CallError: a change cannot be made, or leaves a wrong case.
        """
        from westphalia.runs.whatif import what_if

        made = [one if isinstance(one, Change) else change_of(dict(one), str(dict(one))) for one in changes]
        return what_if(self.document, made, **how)

    def doubt(self, study: Study, **how: Any) -> Doubt:
        """Return what the answer of a study of the case hangs on: inputs, method, single changes, scenarios.

        Parameters
        ----------
        study: as of `study`; its seed and its options of the compromise mean hold here too.
        how: as for `weigh` of `westphalia.runs.doubt`: `base_draws`, the size of each of the two base
            samples of the sensitivity indices; `tried_draws`, on which levers and scenarios are tried;
            `workers`, threads, one a processor unless given; `progress`.

        Raises
        ------
        CallError: the case has no issue with a scale, or a number is out of bounds.
        """
        from westphalia.runs.doubt import weigh

        return weigh(study, **how)

    def doubt_or_reason(self, study: Study, **how: Any) -> Doubt | CallError:
        """Return what the answer hangs on, or the error that says why that is not known."""
        try:
            return self.doubt(study, **how)
        except CallError as error:
            return error
