"""Which broker and database the tests use: containers from the official images when a Docker engine
can run them, private nodes otherwise. `TEST_SERVERS` (containers or private) decides it, and
`TEST_SERVERS_NAME` tells those of one run from those of another beside it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from local.containers import ContainerServers, docker_answers
from local.servers import STATE_FOLDER, Servers

USUAL_NAME = "test"


@contextmanager
def running_servers() -> Iterator[Servers]:
    """The servers for one test run, which has them for itself: another one waits until its end."""
    name = os.environ.get("TEST_SERVERS_NAME", USUAL_NAME)
    STATE_FOLDER.mkdir(exist_ok=True)
    with (STATE_FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        servers = _started(name)
        try:
            yield servers
        finally:
            servers.stop()


def _started(name: str) -> Servers:
    wish = os.environ.get("TEST_SERVERS", "")
    if wish == "containers" or (not wish and docker_answers()):
        containers = ContainerServers(name)
        try:
            containers.start()
        except Exception as error:
            if wish:
                raise
            print(f"{error} Private servers are used instead.")
        else:
            return containers
    private = Servers(name)
    private.start()
    return private
