"""What must not happen while messages pour in: growing memory, errors in the logs, a new start."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.support.processes import Process
from tests.support.scales import Weight

TROUBLE = re.compile(
    r"Traceback|never retrieved|[Uu]nhandled|exception in callback|\"level\": ?\"(error|critical)\""
    r"|\"exception\":|sys:1:|Warning:"
)
"""What an exception leaves behind that nobody handled."""


def trouble_in(log: Path) -> list[str]:
    """The lines of a log that speak of an exception without a handler."""
    return _trouble(log.read_text(errors="replace"))


def _trouble(text: str) -> list[str]:
    return [line[:500] for line in text.splitlines() if TROUBLE.search(line)]


class Logs:
    """The logs of processes that run; each line is read once."""

    def __init__(self, logs: Iterable[Path]) -> None:
        self._read = dict.fromkeys(logs, 0)

    def trouble(self) -> list[str]:
        """What was written since the last call and speaks of an exception without a handler."""
        found = []
        for log, begin in self._read.items():
            with log.open("rb") as file:
                file.seek(begin)
                whole, newline, _ = file.read().rpartition(b"\n")
            self._read[log] += len(whole + newline)
            found += _trouble(whole.decode(errors="replace"))
        return found


LATE = (0.5, 0.6), (0.9, 1.0)
"""The parts of a run that are compared: by the first of them everything has its size."""
LONG = 20_000
"""Of a shorter flood nobody can say whether what grew would go on growing."""
MOST_RESIDENT_MIB = 16
MOST_PIECES = 2_000
MOST_LARGE_BYTES = 640 * 1024
"""How much more a service may hold at the end of a flood of any length than in its middle. Resident
memory also follows what the allocator keeps after a crowd of large messages, so it may vary more.
"""


class Memory:
    """The resident memory of each process over the run, in MiB: what the operator pays for."""

    def __init__(self, processes: Sequence[Process]) -> None:
        self._processes = processes
        self.seen: dict[str, list[float]] = {each.instance: [] for each in processes}

    def look(self) -> None:
        for each in self._processes:
            self.seen[each.instance].append(resident(each.pid))

    def late(self) -> Iterator[tuple[str, float, float]]:
        """Each process with its medians in the two late parts of the run."""
        for name, sizes in self.seen.items():
            parts = [(int(len(sizes) * begin), int(len(sizes) * end)) for begin, end in LATE]
            first, last = (median(sizes[begin : max(end, begin + 1)]) for begin, end in parts)
            yield name, first, last


@dataclass(frozen=True)
class Growth:
    """How much more a process held at the end than in the middle, after so many messages."""

    name: str
    messages: int
    pieces: int
    large_bytes: int

    @property
    def too_much(self) -> bool:
        """Whether it held on to something of each message, or of some."""
        return self.pieces > MOST_PIECES or self.large_bytes > MOST_LARGE_BYTES

    def __str__(self) -> str:
        """The figures, and what would have been seen."""
        messages = max(self.messages, 1)
        return (
            f"{self.name} got {self.messages} messages after the middle and holds"
            f" {self.pieces:+} pieces and {self.large_bytes / 1024:+.0f} KiB of large ones since;"
            f" {MOST_PIECES / messages:.2f} pieces or {MOST_LARGE_BYTES / messages:.0f} bytes kept"
            " of each message would be too much"
        )


class Scales:
    """What the objects of each process take, weighed between two stretches of the flood, with how
    many messages it had got. No reserve and no fragment of the allocator hides what is kept.
    """

    def __init__(self, processes: Sequence[Process]) -> None:
        self._processes = processes
        self.seen: dict[str, list[tuple[int, Weight]]] = {each.instance: [] for each in processes}

    async def look(self, messages: Mapping[str, int]) -> None:
        """Weigh all."""
        for each in self._processes:
            self.seen[each.instance].append((messages[each.name], await each.weigh()))

    def __str__(self) -> str:
        """What each held last."""
        return ", ".join(f"{name} {seen[-1][1]}" for name, seen in self.seen.items())

    def growth(self) -> Iterator[Growth]:
        """What each process held at the end more than in the middle: each time the least of two
        weighings, since a message that is tried again may just be under way at one of them.
        """
        for name, seen in self.seen.items():
            half = len(seen) // 2
            before, after = (
                [weight for _, weight in seen[end - 2 : end]] for end in (half + 1, len(seen))
            )
            yield Growth(
                name,
                seen[-1][0] - seen[half][0],
                min(each.pieces for each in after) - min(each.pieces for each in before),
                min(each.large_bytes for each in after) - min(each.large_bytes for each in before),
            )


def resident(pid: int) -> float:
    """Resident memory of a process in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    [kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", status)
    return int(kilobytes) / 1024
