"""What must not happen while messages pour in: growing memory, errors in the logs, a new start."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from tests.support.processes import Process

TROUBLE = re.compile(
    r"Traceback|never retrieved|[Uu]nhandled|exception in callback|\"level\": ?\"(error|critical)\""
    r"|\"exception\":|sys:1:|Warning:"
)
"""What an exception leaves behind that nobody handled."""


def trouble_in(log: Path) -> list[str]:
    """The lines of a log that speak of an exception without a handler."""
    lines = log.read_text(errors="replace").splitlines()
    return [line[:500] for line in lines if TROUBLE.search(line)]


class Memory:
    """The resident memory of each process over the run, in MiB."""

    def __init__(self, processes: Sequence[Process]) -> None:
        self._processes = processes
        self.seen: dict[str, list[float]] = {each.instance: [] for each in processes}

    def look(self) -> None:
        for each in self._processes:
            self.seen[each.instance].append(resident(each.pid))

    def growth(self, warm: float = 0.3) -> Iterator[tuple[str, float, float]]:
        """Each process with its median after warming up and at the end."""
        for name, sizes in self.seen.items():
            begin = int(len(sizes) * warm)
            part = max(len(sizes) // 10, 1)
            yield name, median(sizes[begin : begin + part]), median(sizes[-part:])


def resident(pid: int) -> float:
    """Resident memory of a process in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    [kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", status)
    return int(kilobytes) / 1024
