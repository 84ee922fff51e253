"""Services as real processes, and the small service with points at which it can be made to die."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from tests.support.books import BOOKS
from tests.support.system import System
from willkommen.processes import ServiceProcess


class Process(ServiceProcess):
    """A process of any module that runs a service."""

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        logs: Path,
        *,
        number: int = 1,
        module: str = "",
    ) -> None:
        super().__init__(name, environment, logs, number=number)
        self._module = module or f"services.{name}"

    def start(self) -> None:
        """Start it; it may die right away."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module],
                env={**os.environ, **self._environment},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    async def ready(self) -> Self:
        """Return when it works."""
        await asyncio.to_thread(self.wait_until_ready)
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
        environment = {**system.environment(BOOKS), "CRASH": crash}
        super().__init__(
            BOOKS, environment, logs, number=number, module="tests.support.books_process"
        )
