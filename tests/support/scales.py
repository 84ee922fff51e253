"""How much a service holds in memory, counted inside its process: what its objects take, without
what the allocator keeps for later. Asked by a signal, answered in a file.
"""

import ctypes
import gc
import json
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from pydantic_core import from_json

_TEXTS = 100_000
"""More than enough to fill the 16,384 places in which pydantic keeps short texts that it read."""
_AT_ONCE = 1_000


class _Mallinfo2(ctypes.Structure):
    """What the C library says about its memory; the names are its own."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd",
            "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
        )
    ]  # fmt: skip


@dataclass(frozen=True)
class Weight:
    """What a process holds: how many pieces of memory its objects have, and the bytes of all that
    does not come from Python's own allocator, which gives pieces of up to 512 bytes.
    """

    pieces: int
    large_bytes: int

    def __str__(self) -> str:
        """As it stands in a line."""
        return f"{self.pieces:,} pieces and {self.large_bytes / 1024**2:.1f} MiB of large ones"

    @classmethod
    def own(cls) -> Self:
        """That of this process."""
        library = ctypes.CDLL(None)
        library.mallinfo2.restype = _Mallinfo2
        told = library.mallinfo2()
        return cls(sys.getallocatedblocks(), told.uordblks + told.hblkhd)


def install(path: Path) -> None:
    """Let this process write its weight into a file at each SIGUSR1."""

    def write(*_: Any) -> None:
        _fill_the_cache()
        gc.collect()
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(asdict(Weight.own())), encoding="utf-8")
        unfinished.rename(path)

    signal.signal(signal.SIGUSR1, write)


def read(path: Path) -> Weight:
    """The weight that a process wrote down."""
    return Weight(**json.loads(path.read_text(encoding="utf-8")))


def _fill_the_cache() -> None:
    """It has a fixed size; full, it is not taken for growth."""
    for start in range(0, _TEXTS, _AT_ONCE):
        from_json(json.dumps([f"text {start + number}" for number in range(_AT_ONCE)]))
