"""Fixtures that all tests may use; what they do is in `tests/support`."""

import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from local.servers import Servers
from tests.support.books import books
from tests.support.servers import running_servers
from tests.support.system import System, prepared

FIRST_SEED = 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", type=int, default=1, help="fault tests: how many seeds to try")
    parser.addoption("--broken", type=int, default=3_000, help="how many hostile messages to send")
    parser.addoption("--seed", type=int, default=None, help="fault tests: repeat this one case")


def pytest_configure() -> None:
    """Hear Ctrl-C, and let programs under test hear it, also if a shell without job control began
    all this in the background: what it begins there ignores the signal, with all that follows.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `seed` runs once for each seed that is asked for."""
    if "seed" in metafunc.fixturenames:
        one, number = metafunc.config.getoption("seed"), metafunc.config.getoption("seeds")
        seeds = range(FIRST_SEED, FIRST_SEED + number) if one is None else [one]
        metafunc.parametrize("seed", seeds, ids=[f"seed-{seed}" for seed in seeds])


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Broker and database for the whole run."""
    with running_servers() as running:
        yield running


@pytest.fixture
async def system(servers: Servers, tmp_path: Path) -> AsyncIterator[System]:
    """A system whose only service keeps books."""
    async with prepared(servers, tmp_path, [books()]) as ready:
        yield ready


@pytest.fixture
def broken(request: pytest.FixtureRequest) -> int:
    """How many hostile messages a flood has."""
    return int(request.config.getoption("--broken"))
