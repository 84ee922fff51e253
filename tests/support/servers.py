"""Which broker and database the tests use: containers from the official images when a Docker engine
can run them, private nodes otherwise. `TEST_SERVERS` (containers or private) decides it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from local.containers import ContainerServers, docker_answers
from local.servers import Servers

NAME = "test"


@contextmanager
def running_servers() -> Iterator[Servers]:
    """The servers for one test run, empty or as the last run left them."""
    servers = _started()
    try:
        yield servers
    finally:
        servers.stop()


def _started() -> Servers:
    wish = os.environ.get("TEST_SERVERS", "")
    if wish == "containers" or (not wish and docker_answers()):
        containers = ContainerServers(NAME)
        try:
            containers.start()
        except Exception as error:
            if wish:
                raise
            print(f"{error} Private servers are used instead.")
        else:
            return containers
    private = Servers(NAME)
    private.start()
    return private
