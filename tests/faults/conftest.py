"""What every fault test needs: the books as a process, and a driver that breaks things."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.servers import Servers
from tests.faults.driver import Driver
from tests.faults.wires import Wires, wired_books
from tests.support.books import BOOKS
from tests.support.processes import BooksProcess
from tests.support.system import System


@pytest.fixture
async def driver(
    servers: Servers, system: System, tmp_path: Path, seed: int
) -> AsyncIterator[Driver]:
    """One instance of the books is running."""
    driver = Driver(seed, servers, {BOOKS: BooksProcess(system, tmp_path)})
    async with driver.up():
        yield driver


@pytest.fixture
async def wires(
    servers: Servers, system: System, tmp_path: Path, seed: int
) -> AsyncIterator[Wires]:
    """One instance of the books is running behind proxies."""
    async with wired_books(seed, servers, system, tmp_path) as wires:
        yield wires
