"""One system with all services' rights for the whole matrix: nothing here changes it."""

from collections.abc import AsyncIterator

import pytest

from local.servers import Servers
from tests.support.system import System, prepared
from willkommen.system import SERVICES


@pytest.fixture(scope="module")
async def system(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """The real services, three partners and a listener; none of the services runs."""
    folder = tmp_path_factory.mktemp("clock")
    async with prepared(servers, folder, list(SERVICES.values())) as ready:
        yield ready
