"""A person at a terminal, with two services that run."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.servers import Servers
from services.matching.app import PARTS as MATCHING
from services.network.app import PARTS as NETWORK
from shared.runtime import App
from tests.support.system import System, prepared

PATIENCE_SECONDS = 150.0
"""A command that waits a minute for an answer may take so long on a busy machine."""


@dataclass
class Office:
    """A folder to work in, with the address of the running system."""

    folder: Path
    environment: dict[str, str]
    system: System
    network: App[Any]
    matching: App[Any]

    async def types(self, *words: str) -> tuple[int | None, str]:
        """The exit status and everything that is printed."""
        process = await self._started(words, asyncio.subprocess.STDOUT)
        status, printed, _ = await _ended(process)
        return status, printed

    async def begins(self, *words: str) -> asyncio.subprocess.Process:
        """A command that goes on until it is told to end."""
        return await self._started(words, asyncio.subprocess.PIPE)

    @staticmethod
    async def presses_ctrl_c(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
        """How the command ends, what else it prints, and what it complains about."""
        process.send_signal(signal.SIGINT)
        return await _ended(process)

    async def _started(self, words: Sequence[str], errors: int) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-X",
            "faulthandler",
            "-m",
            "willkommen",
            *words,
            env={**os.environ, **self.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )


async def _ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    """Exit status, output and complaints; a command that does not end says where it hangs."""
    ending = asyncio.create_task(process.communicate())
    done, _ = await asyncio.wait([ending], timeout=PATIENCE_SECONDS)
    if not done:
        process.send_signal(signal.SIGABRT)
    out, err = await ending
    printed, complaints = out.decode(), (err or b"").decode()
    if not done:
        pytest.fail(f"the command did not end in {PATIENCE_SECONDS:.0f} s: {printed}{complaints}")
    return process.returncode, printed, complaints


@asynccontextmanager
async def office_of(servers: Servers, folder: Path) -> AsyncIterator[Office]:
    """The services, and a file that tells the command line where they are."""
    async with (
        prepared(servers, folder, [NETWORK, MATCHING]) as system,
        system.running(NETWORK) as network,
        system.running(MATCHING) as matching,
    ):
        users = {user: system.access.amqp(user) for user in system.topology.users}
        addresses = {"network": network.http.address, "matching": matching.http.address}
        connection = folder / "connection.json"
        connection.write_text(json.dumps({"services": addresses, "amqp": users}))
        environment = {"WILLKOMMEN_CONNECTION": str(connection), "COLUMNS": "200"}
        yield Office(folder, environment, system, network, matching)
