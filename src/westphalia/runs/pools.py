"""Where work is done: threads of this machine, or a Dask cluster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from typing import Any, TypeVar

from westphalia.errors import CallError, WestphaliaError

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")

PATIENCE = 15
"""Seconds to wait for a scheduler to answer."""


def version() -> str:
    """Return the version of westphalia that computes."""
    return metadata.version("westphalia")


def threads(workers: int | None) -> int:
    """Return how many threads to use: as many as asked for, or one a processor; raises CallError below 1."""
    if workers is not None and workers < 1:
        raise CallError(f"{workers} workers were asked for.", code="bad-workers", hint="At least 1.")
    return workers or os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Pool:
    """Does tasks on `width` threads, or on the `cluster` of that name."""

    executor: Executor
    width: int
    cluster: str = ""

    def submit(self, work: Callable[[Task], Outcome], task: Task) -> Future[Outcome]:
        """Begin a task; see `outcome`."""
        if self.cluster:
            return self.executor.submit(_afar, work, task, version())
        return self.executor.submit(work, task)

    def outcome(self, begun: Future[Outcome]) -> Outcome:
        """Wait for a task and return what came of it.

        Raises
        ------
        CallError: the cluster failed or has another version of westphalia; besides, what the task raises.
        """
        try:
            error = begun.exception()
        except CancelledError as lost:
            error = lost
        if error is None:
            return begun.result()
        if isinstance(error, WestphaliaError) or not self.cluster:
            raise error
        raise CallError(
            f"The cluster could not do a task ({type(error).__name__}: {str(error)[:200]}).",
            code="cluster-failed",
            where=self.cluster,
            hint="Every worker needs westphalia, with its 'study' extra for studies. What is finished stays.",
        ) from error


@contextlib.contextmanager
def opened_pool(workers: int | None = None, scheduler: str | None = None) -> Iterator[Pool]:
    """Yield where to work: `workers` threads (one a processor unless given), or the Dask scheduler's cluster.

    Raises
    ------
    CallError: workers below 1, workers with a scheduler, Dask is not installed, or no scheduler answers.
    """
    if scheduler is not None:
        with _cluster(workers, scheduler) as pool:
            yield pool
        return
    width = threads(workers)
    executor = ThreadPoolExecutor(max_workers=width)
    try:
        yield Pool(executor, width)
    finally:
        executor.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _cluster(workers: int | None, scheduler: str) -> Iterator[Pool]:
    if workers is not None:
        hint = "Leave out --workers, or --scheduler."
        raise CallError("The scheduler says how many workers there are.", code="bad-workers", hint=hint)
    try:
        import distributed
    except ImportError:
        hint = 'Install it: pip install "westphalia[cluster]".'
        raise CallError("Dask is not installed.", code="dask-missing", hint=hint) from None
    connect: Any = distributed.Client
    try:
        client = connect(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise CallError(
            f"No Dask scheduler answers ({str(error).splitlines()[0][:200] or type(error).__name__}).",
            code="no-scheduler",
            where=scheduler,
            hint="An address is such as tcp://10.0.0.1:8786; `dask scheduler` prints its own.",
        ) from None
    with client:
        yield Pool(client.get_executor(pure=False), max(1, sum(client.nthreads().values())), scheduler)


def _afar(work: Callable[[Task], Outcome], task: Task, asked: str) -> Outcome:
    """Do a task on another machine, if the same version computes there."""
    if version() != asked:
        raise CallError(
            f"A worker has westphalia {version()}, this is {asked}.",
            code="version-differs",
            hint="Install the same version on all machines.",
        )
    return work(task)
