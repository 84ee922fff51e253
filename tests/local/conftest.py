"""One set of private servers for all tests of this folder."""

from collections.abc import Iterator

import pytest

from local.servers import Servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("a folder with spaces")
    with Servers("tests", folder=folder, environment={}) as running:
        yield running
