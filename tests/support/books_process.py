"""Runs the books as a process: `python -m tests.support.books_process`. `CRASH` names a moment
at which it kills itself as a power cut would; what it leased is free again after a second.
"""

import os
import signal
from collections.abc import Sequence
from datetime import timedelta

from shared.messaging.broker import Publisher
from shared.messaging.window import Result
from shared.runtime import main
from shared.settings import ServiceSettings
from shared.storage import records, timers
from shared.storage.records import Outbox, OutboxEntry
from tests.support.books import books

LEASE = timedelta(seconds=1)


async def _before_publish(_: Publisher, __: Sequence[OutboxEntry]) -> list[Result]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []


async def _before_clear(_: Outbox, __: Sequence[str]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _prepare(crash: str) -> None:
    records.RELAY_LEASE = timers.LEASE = LEASE
    if crash == "before-publish":
        setattr(Publisher, "publish", _before_publish)  # noqa: B010 - mypy knows its own kind
    elif crash == "before-clear":
        setattr(Outbox, "clear", _before_clear)  # noqa: B010 - see above


if __name__ == "__main__":
    _prepare(os.environ.get("CRASH", ""))
    main(books(), ServiceSettings())
