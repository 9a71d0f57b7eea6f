"""One way to compile a kernel: cached on disk, without the interpreter's lock, same bits every time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(kernel: Kernel) -> Kernel:
    """Return the kernel compiled to machine code.

    Reordering of floating-point sums stays off, so a result does not depend on the machine's
    vector width; the lock is released, so chunks of draws run on several threads.
    """
    return cast(Kernel, numba.njit(cache=True, nogil=True)(kernel))
