"""Finding and ending the processes of a node. Every process of a node carries the node's folder
in its environment, so that none is missed: not epmd, not a helper, not a leftover of a crash.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from local.errors import LocalServerError

MARK = "WILLKOMMEN_NODE"
POLL_SECONDS = 0.05


def marked(folder: Path) -> list[int]:
    """Return the living processes of the node in `folder`, without the caller itself."""
    wanted = f"{MARK}={folder}".encode()
    return [pid for pid in _all_pids() if pid != os.getpid() and wanted in _environment(pid)]


def kill_marked(folder: Path, seconds: float = 10) -> None:
    """End all processes of the node at once (SIGKILL) and wait until they are gone."""

    def gone() -> bool:
        left = marked(folder)
        for pid in left:
            send(pid, signal.SIGKILL)
        return not left

    wait_until(gone, f"the processes of {folder} to end", seconds)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone already."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def started_at(pid: int) -> int | None:
    """Return the process's start in clock ticks since boot: with the pid it is an identity."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in "ZX" else int(fields[18])


def wait_until(probe: Callable[[], bool], what: str, seconds: float) -> None:
    """Ask `probe` again and again until it says yes; after `seconds` raise with `what`."""
    end = time.monotonic() + seconds
    while not probe():
        if time.monotonic() > end:
            message = f"Waited {seconds:.0f} s in vain for {what}."
            raise LocalServerError(message)
        time.sleep(POLL_SECONDS)


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
