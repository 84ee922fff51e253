"""Services as real processes, and the small service with points at which it can be made to die."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from tests.support import scales
from tests.support.books import BOOKS
from tests.support.crash import CrashSwitch
from tests.support.probes import eventually
from tests.support.scales import Weight
from tests.support.system import System
from willkommen.processes import ServiceProcess

PATIENCE_SECONDS = 180.0
"""Many processes that start at once on a busy machine take their time."""


class Process(ServiceProcess):
    """A process of any module that runs a service; it can be told where to die, writes down what it
    was delivered, and can be weighed.
    """

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        logs: Path,
        *,
        number: int = 1,
        module: str = "",
    ) -> None:
        self.crash = CrashSwitch(logs / f"{name}-{number}.crash")
        self.taken = logs / f"{name}-{number}.taken"
        self._weight = logs / f"{name}-{number}.weight"
        told = {
            **environment,
            "CRASH_FILE": str(self.crash.path),
            "TAKEN_FILE": str(self.taken),
            "WEIGHT_FILE": str(self._weight),
        }
        super().__init__(name, told, logs, number=number)
        self._module = module or f"services.{name}"

    @property
    def _words(self) -> tuple[str, ...]:
        return ("tests.support.launcher", self._module)

    def deliveries(self) -> list[str]:
        """What it has taken so far, by message id and try."""
        return self.taken.read_text(encoding="utf-8").splitlines() if self.taken.exists() else []

    async def weigh(self) -> Weight:
        """What it holds in memory now."""
        self._weight.unlink(missing_ok=True)
        self.send_signal(signal.SIGUSR1)

        async def told() -> bool:
            return self._weight.exists()

        await eventually(f"{self.instance} tells its weight", told)
        return scales.read(self._weight)

    async def ready(self) -> Self:
        """Return when it works."""
        await asyncio.to_thread(self.wait_until_ready, PATIENCE_SECONDS)
        return self

    @property
    def exit_status(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.returncode if self._process else None

    async def has_died(self) -> bool:
        """Whether it ended, however."""
        return not self.running

    @asynccontextmanager
    async def up(self) -> AsyncIterator[Self]:
        """Running and ready inside the block, asked to finish at its end."""
        self.start()
        try:
            yield await self.ready()
        finally:
            await asyncio.to_thread(self.stop)


class BooksProcess(Process):
    """The small service; `crash` is the moment at which it kills itself, once."""

    def __init__(self, system: System, logs: Path, *, crash: str = "", number: int = 1) -> None:
        environment = {**system.environment(BOOKS), "LEASE_SECONDS": "1"}
        super().__init__(
            BOOKS, environment, logs, number=number, module="tests.support.books_process"
        )
        if crash:
            self.crash.set(crash)
