"""Work that takes the processor for long is done in a thread, so that messages go on meanwhile."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import thread_time
from typing import TypeVar

T = TypeVar("T")


async def apart(work: Callable[[], T]) -> T:
    """What the work gives, done in a thread. When cancelled it is waited for all the same: what it
    works on is touched by nobody else meanwhile.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        with suppress(Exception):
            await working
        raise


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and its processor time: others may have had the processor meanwhile."""
    began = thread_time()
    return work(), thread_time() - began
