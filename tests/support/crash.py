"""Steps of a service's work at which it can be told from outside to kill itself, and the switch
that tells it: a small file which a test and a process share, looked at whenever a step is reached.
"""

import mmap
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from shared.messaging.acknowledger import Acknowledger
from shared.messaging.batch import Attempt
from shared.messaging.broker import Publisher
from shared.storage import Database
from shared.storage.records import Outbox

SIZE = 64


@dataclass(frozen=True)
class Step:
    """A method of the heart; the point lies right before it is begun, or right after its end."""

    owner: type[Any]
    method: str
    after: bool = False


POINTS: Mapping[str, Step] = {
    "before-transaction": Step(Database, "transact"),
    "before-commit": Step(Attempt, "run", after=True),
    "before-publish": Step(Publisher, "publish"),
    "before-clear": Step(Outbox, "clear"),
    "before-ack": Step(Acknowledger, "flush"),
}
"""In the order in which a message passes them; `before-commit` is inside the transaction, when
everything has been written."""


class CrashSwitch:
    """Where to die, and at the how manieth time; empty while nobody is to die."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            if file.tell() < SIZE:
                file.truncate(SIZE)
            self._memory = mmap.mmap(file.fileno(), SIZE)
        self.path = path

    def set(self, point: str, times: int = 1) -> None:
        """Let the process die when it gets to the point for so many times from now on."""
        self._memory[:] = f"{point} {times}".encode().ljust(SIZE, b"\x00")

    def clear(self) -> None:
        """Let it live."""
        self._memory[:] = bytes(SIZE)

    def reached(self, point: str) -> None:
        """The process got to a point; it does not return from here when this was the time."""
        wanted, _, times = self._memory[:].rstrip(b"\x00").decode().partition(" ")
        if wanted != point:
            return
        if int(times) > 1:
            self.set(point, int(times) - 1)
            return
        self.clear()  # so that it does not die again when it is started again
        os.kill(os.getpid(), signal.SIGKILL)


def install(switch: CrashSwitch, points: Mapping[str, Step]) -> None:
    """Let the steps look at the switch whenever a process gets to them."""
    for point, step in points.items():
        _wrap(switch, point, step)


def _wrap(switch: CrashSwitch, point: str, step: Step) -> None:
    work = getattr(step.owner, step.method)

    @wraps(work)
    async def watched(*arguments: Any, **named: Any) -> Any:
        if not step.after:
            switch.reached(point)
        result = await work(*arguments, **named)
        if step.after:
            switch.reached(point)
        return result

    setattr(step.owner, step.method, watched)
