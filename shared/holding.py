"""Work that one instance does and the others stand by for: whoever holds the lease does it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Final

import structlog

from shared.storage import DriverError, StorageError
from shared.storage.leases import Lease

LOOKS_PER_LEASE: Final = 5

log = structlog.get_logger(__name__)


async def while_holding(lease: Lease, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work whenever this instance holds the lease, until cancelled.

    Work that breaks gives the lease back, and is begun again by whoever takes it next. At an
    orderly end another instance need not wait; after a sudden one it takes over when the lease
    runs out.
    """
    pause = lease.seconds / LOOKS_PER_LEASE
    while True:
        if await _taken(lease):
            log.info("holds the lease", holder=lease.holder)
            await _work(lease, work, pause)
            log.info("gave the lease back", holder=lease.holder)
        await asyncio.sleep(pause)


async def _taken(lease: Lease) -> bool:
    try:
        return await lease.take()
    except (StorageError, DriverError) as error:
        log.warning("the lease waits for the database", reason=_words(error))
        return False


async def _work(lease: Lease, work: Callable[[], Awaitable[None]], pause: float) -> None:
    working = asyncio.ensure_future(work())
    keeping = asyncio.create_task(_keep(lease, pause))
    try:
        await asyncio.wait([working, keeping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        working.cancel()
        keeping.cancel()
        [ended, _] = await asyncio.gather(working, keeping, return_exceptions=True)
        if isinstance(ended, StorageError | DriverError):
            log.warning("the work waits for the database", reason=_words(ended))
        elif isinstance(ended, Exception):
            log.error("the work broke and begins again", exc_info=ended)
        with suppress(StorageError, DriverError):
            await lease.give_back()


async def _keep(lease: Lease, pause: float) -> None:
    """Return when the lease is lost, or may be: nothing was heard for as long as it lasts."""
    kept_until = monotonic() + lease.seconds
    while monotonic() < kept_until:
        await asyncio.sleep(pause)
        asked = monotonic()
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + lease.seconds):
                if not await lease.take():
                    return
        except (StorageError, DriverError, TimeoutError) as error:
            log.warning("the lease was not renewed", reason=_words(error))
        else:
            kept_until = asked + lease.seconds


def _words(error: Exception) -> str:
    """The driver's own words may quote documents; the storage's do not."""
    return str(error) if isinstance(error, StorageError) else type(error).__name__
