"""Which broker and database the tests use: containers from the official images when a Docker engine
can run them, private nodes otherwise. `TEST_SERVERS` (containers or private) decides it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from local.containers import ContainerServers, docker_answers
from local.servers import STATE_FOLDER, Servers

NAME = "test"


@contextmanager
def running_servers() -> Iterator[Servers]:
    """The servers for one test run, which has them for itself: another one waits until its end."""
    STATE_FOLDER.mkdir(exist_ok=True)
    with (STATE_FOLDER / "test.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
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
