"""A flood: chunk after chunk of hostile messages through every entrance of the running system, with
good ones in between, each accounted for before the next chunk comes.
"""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from local.servers import Servers
from tests.hostile.books import Books
from tests.hostile.letters import Hostile
from tests.hostile.neighbours import Neighbours, neighbours
from tests.hostile.senders import Senders
from tests.hostile.strategy import chunk
from tests.hostile.watch import LONG, Logs, Memory, Scales
from tests.support.processes import Process
from tests.support.system import System
from willkommen.system import SERVICES

CHUNK = 500
CHUNKS_AT_ONCE = 3
STRETCHES = 10
GREETINGS = 5
LADDER_MILLISECONDS = 50


@dataclass
class Flood:
    """One run, with everything that is counted about it."""

    seed: int
    system: System
    processes: list[Process]
    senders: Senders
    good: Neighbours
    books: Books
    memory: Memory
    scales: Scales
    logs: Logs
    sent: int = 0
    refused: int = 0
    began: float = field(default_factory=monotonic)

    async def pour(self, number: int) -> None:
        """Draw so many and send them; the services are weighed when nothing is under way, in a long
        flood after every tenth of it.
        """
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as drawing:
            turns = range((number + CHUNK - 1) // CHUNK)
            stretches = STRETCHES if number >= LONG else 1
            for stretch in range(stretches):
                first, end = (len(turns) * each // stretches for each in (stretch, stretch + 1))
                await self._pour(turns[first:end], drawing)
                await self.books.quiet()
                await self.scales.look(self.books.sent)
                print(self, f"    held: {self.scales}", sep="\n", flush=True)

    async def _pour(self, turns: Iterable[int], drawing: ProcessPoolExecutor) -> None:
        """Send these chunks; the next are drawn while others are under way."""
        loop = asyncio.get_running_loop()
        under_way = asyncio.Semaphore(CHUNKS_AT_ONCE)
        async with asyncio.TaskGroup() as chunks:
            for turn in turns:
                await under_way.acquire()
                letters = await loop.run_in_executor(drawing, chunk, self.seed, turn, CHUNK)
                sending = chunks.create_task(self.send(letters, f"n-{turn}"))
                sending.add_done_callback(lambda _: under_way.release())

    async def send(self, letters: list[Hostile], mark: str) -> None:
        """Send these with good ones in between; returns when every one is accounted for."""
        step = max(len(letters) // GREETINGS, 1)
        taken: list[Hostile] = []
        for start in range(0, len(letters), step):
            await self.good.say_hello(f"{mark}-{start}")
            taken += await self.senders.send(letters[start : start + step])
        self.sent += len(letters)
        self.refused += len(letters) - len(taken)
        await self.books.settle(taken)
        await self.good.answered()
        self.memory.look()
        assert self.trouble() == []

    def trouble(self) -> list[str]:
        """Exceptions without a handler that came into a log, and services that ended."""
        return self.logs.trouble() + [
            f"{each.instance} ended" for each in self.processes if not each.running
        ]

    def __str__(self) -> str:
        """The figures so far."""
        rate = self.sent / max(monotonic() - self.began, 0.001)
        sizes = ", ".join(f"{name} {seen[-1]:.0f}" for name, seen in self.memory.seen.items())
        return (
            f"  seed {self.seed}: {self.sent} sent ({rate:.0f}/s), {self.refused} refused by the "
            f"broker, {self.books.unroutable} for nobody, good ones after {self.good}; MiB: {sizes}"
        )


@asynccontextmanager
async def flooding(seed: int, servers: Servers, system: System, logs: Path) -> AsyncIterator[Flood]:
    """The three services as processes with everything ready for a flood."""
    await system.shorten_ladder(LADDER_MILLISECONDS)
    told = {
        "SMTP_URL": f"smtp://{servers.smtp_host}:{servers.smtp_port}",
        "LOG_LEVEL": "DEBUG",
    }
    async with AsyncExitStack() as stack:
        processes = [Process(name, {**system.environment(name), **told}, logs) for name in SERVICES]
        for process in processes:
            await stack.enter_async_context(process.up())
        senders = await stack.enter_async_context(Senders(system))
        good = await stack.enter_async_context(neighbours(system))
        yield Flood(
            seed, system, processes, senders, good,
            Books(system), Memory(processes), Scales(processes),
            Logs(each.log for each in processes),
        )  # fmt: skip
