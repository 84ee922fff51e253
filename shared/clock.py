"""Where time comes from: a clock that is passed in, never `now()` inside a decision.

`FileClock` shares one settable time between all processes of a machine or of a volume, so that a
replay or a test moves every service at once.
"""

import mmap
import os
import struct
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Europe/Berlin")
"""Dates in the domain are days in this zone."""

_STATE = struct.Struct("<qq")
"""Where the time stood, and since when it runs (0: it stands), both in milliseconds."""


class Clock(Protocol):
    """Gives the present time, in UTC and with full milliseconds."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return in_milliseconds(datetime.now(UTC))


class SettableClock:
    """A time inside one process that stands still until it is set."""

    def __init__(self, start: datetime) -> None:
        self._now = in_milliseconds(start)

    def now(self) -> datetime:
        return self._now

    def set(self, to: datetime) -> None:
        """Move the time; it may also go back."""
        self._now = in_milliseconds(to)


class FileClock:
    """A time in a small file, seen by all processes; it stands still until somebody sets it.

    After `run` it goes on at the machine's pace from where it stood.
    """

    def __init__(self, path: Path) -> None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(handle).st_size < _STATE.size:
            os.write(handle, _STATE.pack(0, 0))
        self._memory = mmap.mmap(handle, _STATE.size)
        os.close(handle)

    def now(self) -> datetime:
        stood_at, running_since = _STATE.unpack(self._memory[:])
        gone = round(time.time() * 1_000) - running_since if running_since else 0
        return datetime.fromtimestamp((stood_at + gone) / 1_000, UTC)

    def set(self, to: datetime) -> None:
        """Move the time for every process that uses the same file; it stands still from then on."""
        self._memory[:] = _STATE.pack(round(in_milliseconds(to).timestamp() * 1_000), 0)

    def run(self) -> None:
        """Let the time go on."""
        now = round(self.now().timestamp() * 1_000)
        self._memory[:] = _STATE.pack(now, round(time.time() * 1_000))


def in_milliseconds(moment: datetime) -> datetime:
    """The same moment in UTC without the part below a millisecond, as the database keeps it."""
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def clock_from(path: Path | None) -> Clock:
    """The machine's time, or a file's when a path is given."""
    return FileClock(path) if path else SystemClock()
