"""What is done to the servers themselves: restarted, frozen, out of memory or disk, deposed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from local.servers import Server
from tests.faults.driver import Driver
from tests.support.probes import eventually
from tests.support.system import System

FROZEN_SECONDS = (1.0, 3.0)
STEPPED_DOWN_SECONDS = 2

ALARMS = {
    "memory": (
        ("set_vm_memory_high_watermark", "0"),
        ("set_vm_memory_high_watermark", "absolute", "1GiB"),
    ),
    "disk": (("set_disk_free_limit", "1000000000000000"), ("set_disk_free_limit", "200000000")),
}
"""What puts the broker into alarm, and what takes it out again."""


async def restart(driver: Driver, server: Server) -> None:
    """Stop a server in an orderly way, and start it again with its data, whatever else fails."""

    def stop_and_start() -> None:
        server.stop()
        driver.note(f"{server.title} was stopped")
        server.start()
        driver.note(f"{server.title} is back")

    back = asyncio.create_task(asyncio.to_thread(stop_and_start))
    try:
        await asyncio.shield(back)
    finally:
        await back


async def freeze(driver: Driver, server: Server) -> None:
    """Stop a server in the middle of whatever it does, and let it go on."""
    try:
        await asyncio.to_thread(server.freeze)
        driver.note(f"{server.title} is frozen")
        await asyncio.sleep(driver.random.uniform(*FROZEN_SECONDS))
    finally:
        await asyncio.to_thread(server.thaw)
        driver.note(f"{server.title} goes on")


async def depose(driver: Driver, system: System) -> None:
    """Let the only member of the replica set step down; after a while it is elected again."""
    await system.admin.admin.command("replSetStepDown", STEPPED_DOWN_SECONDS, force=True)
    driver.note("the database has no primary")

    async def primary() -> bool:
        return bool((await system.admin.admin.command("hello"))["isWritablePrimary"])

    await eventually("the database to have a primary again", primary)
    driver.note("the database has a primary")


@asynccontextmanager
async def alarm(driver: Driver, kind: str) -> AsyncIterator[None]:
    """The broker is short of memory or disk inside the block."""
    raise_it, take_it_back = ALARMS[kind]
    control = driver.servers.rabbitmq.control
    try:
        await asyncio.to_thread(control, *raise_it)
        driver.note(f"the broker is short of {kind}")
        yield
    finally:
        await asyncio.to_thread(control, *take_it_back)
        driver.note(f"the broker has {kind} again")
