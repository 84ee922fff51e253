"""The parent of one server process: ends it when told to, and also when the process that wanted
it is gone for whatever reason (kill -9 too). Afterwards nothing of the server is left running.
"""

import ctypes
import os
import select
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from local.processes import MARK, kill_marked

FAREWELL = "WILLKOMMEN_FAREWELL"  # a command that helps the server to stop, run before SIGTERM
FAREWELL_SECONDS = 3
ORDERLY_SECONDS = 20
PR_SET_PDEATHSIG = 1


def _die_with_guard() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def guard(owner: int, command: list[str]) -> int:
    """Run `command` until it ends, SIGTERM comes or process `owner` (0: nobody) is gone."""
    stop_requested = _sigterm_as_file()
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        preexec_fn=_die_with_guard,  # noqa: PLW1509 - the guard has a single thread
    )
    try:
        with suppress(ProcessLookupError):
            _wait_for_any(stop_requested, *map(os.pidfd_open, filter(None, [child.pid, owner])))
        return _end(child)
    finally:
        kill_marked(Path(os.environ[MARK]))


def _sigterm_as_file() -> int:
    """Return a file descriptor that becomes readable when SIGTERM comes; SIGINT is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reader, writer = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(writer, b"."))
    return reader


def _wait_for_any(*descriptors: int) -> None:
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    poll.poll()


def _end(child: subprocess.Popen[bytes]) -> int:
    if child.poll() is None and FAREWELL in os.environ:
        with suppress(OSError, subprocess.TimeoutExpired):
            farewell = shlex.split(os.environ[FAREWELL])
            subprocess.run(farewell, timeout=FAREWELL_SECONDS, capture_output=True, check=False)
    child.terminate()
    try:
        return child.wait(ORDERLY_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


if __name__ == "__main__":
    sys.exit(guard(int(sys.argv[1]), sys.argv[2:]))
