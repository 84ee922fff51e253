"""What every fault test needs: the books as a process, towns, and a driver that breaks things."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from local.servers import Servers
from tests.faults.driver import Driver
from tests.faults.load import SENT
from tests.faults.reporting import FaultReport
from tests.faults.town import CALM, Kind, Town, town_of
from tests.faults.wires import Wires, wired_books
from tests.support.books import BOOKS
from tests.support.processes import BooksProcess
from tests.support.system import System

MOST_CASES = 40
"""After so many cases a town has kept so much that counting would take longer than the case."""


def pytest_configure(config: pytest.Config) -> None:
    """Show progress, and keep the figures."""
    config.pluginmanager.register(FaultReport(config), "fault-report")


@pytest.fixture(autouse=True)
def messages_are_counted(request: pytest.FixtureRequest) -> Iterator[None]:
    """How many messages a case sent, for the figures."""
    before = SENT.total()
    yield
    request.node.user_properties.append(("messages", SENT.total() - before))


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


class Towns:
    """One town at a time, kept for the next case that wants such a one if nothing has failed."""

    def __init__(self, servers: Servers, folders: pytest.TempPathFactory) -> None:
        self._servers = servers
        self._folders = folders
        self._stack = AsyncExitStack()
        self._town: Town | None = None

    async def one(self, kind: Kind) -> Town:
        """A town of this kind, in which all services are running."""
        town = self._town
        if town and town.sound and town.kind == kind and town.cases < MOST_CASES:
            return town
        await self.close()
        folder = self._folders.mktemp("town")
        self._town = await self._stack.enter_async_context(town_of(self._servers, folder, kind))
        return self._town

    async def close(self) -> None:
        """Stop whatever runs."""
        self._town = None
        await self._stack.aclose()
        self._stack = AsyncExitStack()


@pytest.fixture(scope="session")
async def towns(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Towns]:
    """The towns of one run."""
    towns = Towns(servers, tmp_path_factory)
    yield towns
    await towns.close()


@pytest.fixture
async def town(towns: Towns) -> Town:
    """One instance of each service; what a dead one held is soon free."""
    return await towns.one(Kind())


@pytest.fixture
async def doubled_town(towns: Towns) -> Town:
    """Two instances of each service; what a dead one held is soon free."""
    return await towns.one(Kind(instances=2))


@pytest.fixture
async def calm_town(towns: Towns) -> Town:
    """Two instances of each service, and nobody impatient."""
    return await towns.one(CALM)
