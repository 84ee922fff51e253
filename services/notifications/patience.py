"""What the workers do while the database is away: ask again."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from shared.storage import ConcurrentChange, DriverError, StorageError

T = TypeVar("T")

log = structlog.get_logger(__name__)


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """What `ask` gives, however long the database is away; raises `ConcurrentChange`."""
    while True:
        try:
            return await ask()
        except ConcurrentChange:
            raise
        except (StorageError, DriverError) as error:
            log.warning("the database is away", reason=type(error).__name__)
            await asyncio.sleep(random.uniform(0.1, 1.0))  # noqa: S311 - jitter
