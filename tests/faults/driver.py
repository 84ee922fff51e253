"""Breaks things while load runs: kills, freezes and restarts services and servers by name, at
moments that follow from a seed, and writes down what happened when.
"""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Self

from local.rabbitmq import RabbitMQ
from local.servers import Server, Servers
from tests.support.probes import eventually
from tests.support.processes import PATIENCE_SECONDS, Process

Blow = Callable[[], Awaitable[None]]
Progress = Callable[[], Awaitable[float]]

MIDDLE = (0.05, 0.85)
ORDINALS = ("first", "second", "third", "fourth")


@dataclass
class Driver:
    """The processes of one case and the random numbers that decide what happens to them."""

    seed: int
    servers: Servers
    services: dict[str, Process]
    happened: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self._began = monotonic()

    @asynccontextmanager
    async def up(self) -> AsyncIterator[Self]:
        """All services running inside the block; what happened is printed at its end."""
        try:
            async with self.running():
                self.note("all services are ready")
                yield self
        finally:
            self.tell()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """All services running inside the block, asked to finish at its end."""
        try:
            for service in self.services.values():
                service.start()
            for service in self.services.values():
                await service.ready()
            yield
        finally:
            await asyncio.gather(*(asyncio.to_thread(each.stop) for each in self.services.values()))

    def note(self, what: str) -> None:
        """Write down what happened, with the time since the beginning."""
        self.happened.append(f"{monotonic() - self._began:7.2f} s  {what}")

    def tell(self) -> None:
        """Print what happened when; pytest shows it with a failure, or always with `-s`."""
        print(f"\nseed {self.seed}:", *self.happened, sep="\n  ")

    def any_service(self) -> str:
        """One of the services, as the seed decides."""
        return self.random.choice(list(self.services))

    async def kill(self, service: str) -> None:
        """End a service as a power cut would and start it again at once."""
        process = self.services[service]
        await asyncio.to_thread(process.kill)
        self.note(f"{process.instance} was killed")
        process.start()

    def let_die(self, service: str, point: str, times: int) -> None:
        """Let a service kill itself when it gets to a step of its work for the so-manieth time."""
        process = self.services[service]
        process.crash.set(point, times)
        self.note(f"{process.instance} will die {point}, the {ORDINALS[times - 1]} time")

    async def revive(self, service: str) -> None:
        """Wait until a service has killed itself, and start it again at once."""
        process = self.services[service]
        await eventually(f"{process.instance} dies", process.has_died, seconds=PATIENCE_SECONDS)
        self.note(f"{process.instance} died")
        process.start()

    async def stop(self, service: str) -> None:
        """Ask a service to finish, and see that it does so by itself."""
        process = self.services[service]
        await asyncio.to_thread(process.stop)
        assert process.exit_status == os.EX_OK, f"{process.instance} did not stop by itself"
        self.note(f"{process.instance} has stopped")

    async def start(self, *services: str) -> None:
        """Start services side by side; returns when they are ready."""
        for service in services:
            self.services[service].start()
        for service in services:
            await self.services[service].ready()
            self.note(f"{self.services[service].instance} is ready")

    async def freeze(self, service: str, seconds: float) -> None:
        """Stop a service in the middle of whatever it does, and let it go on."""
        process = self.services[service]
        process.send_signal(signal.SIGSTOP)
        self.note(f"{process.instance} is frozen")
        await asyncio.sleep(seconds)
        process.send_signal(signal.SIGCONT)
        self.note(f"{process.instance} goes on")

    async def kill_broker(self) -> None:
        """SIGKILL to the broker, and start it again with its data."""
        await self._kill_server(self.servers.rabbitmq)

    async def kill_database(self) -> None:
        """SIGKILL to mongod, and start it again with its data."""
        await self._kill_server(self.servers.mongodb)

    async def broker_is_settled(self, *queues: str) -> None:
        """Wait until new queues are on the disk: older brokers write their names a second later."""
        broker = self.servers.rabbitmq
        while isinstance(broker, RabbitMQ):
            try:
                return await asyncio.to_thread(broker.wait_kept, *queues)
            except FileNotFoundError:  # the folder of a queue that is being deleted just now
                continue
        return None

    async def strike(self, times: int, blow: Blow, progress: Progress) -> None:
        """Repeat a blow at shares of the work that the seed decides, all in its middle."""
        for share in sorted(self.random.uniform(*MIDDLE) for _ in range(times)):

            async def reached(share: float = share) -> bool:
                return await progress() >= share

            await eventually(f"{share:.0%} of the work is done", reached, seconds=PATIENCE_SECONDS)
            self.note(f"{share:.0%} of the work is done")
            await blow()

    def missing(self) -> list[str]:
        """Services that are not running though nobody stopped them."""
        return [each.instance for each in self.services.values() if not each.running]

    async def _kill_server(self, server: Server) -> None:
        await asyncio.to_thread(server.kill)
        self.note(f"{server.title} was killed")
        await asyncio.to_thread(server.start)
        self.note(f"{server.title} is back")
