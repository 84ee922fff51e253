"""Waiting without sleeping: ask until it holds, and say what was waited for when it does not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

T = TypeVar("T")

PATIENCE_SECONDS = 60.0
PROBE_SECONDS = 0.02


async def eventually(
    what: str, probe: Callable[[], Awaitable[T]], *, seconds: float = PATIENCE_SECONDS
) -> T:
    """Return the probe's first true answer; fail with `what` and its last answer otherwise."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (answer := await probe()):
        if asyncio.get_running_loop().time() > deadline:
            pytest.fail(f"waited {seconds:.0f} s in vain for this: {what}; last answer: {answer!r}")
        await asyncio.sleep(PROBE_SECONDS)
    return answer


async def becomes(
    what: str,
    wanted: T,
    probe: Callable[[], Awaitable[T]],
    *,
    seconds: float = PATIENCE_SECONDS,
) -> None:
    """Return when the probe answers `wanted`; fail with its last answer otherwise."""
    deadline = asyncio.get_running_loop().time() + seconds
    while (answer := await probe()) != wanted:
        if asyncio.get_running_loop().time() > deadline:
            pytest.fail(f"{what}: wanted {wanted!r}, after {seconds:.0f} s it is {answer!r}")
        await asyncio.sleep(PROBE_SECONDS)
