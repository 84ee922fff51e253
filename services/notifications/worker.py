"""Sends what is pending: several mails at once, each claimed before it is sent.

While the mail server is away nothing is claimed: mails stay pending, and no try is used up.
"""

import asyncio
import random
from datetime import timedelta
from time import monotonic
from typing import Final, TypeVar
from uuid import uuid4

import structlog

from shared.runtime import App

from .claims import Claims
from .contracts import DeliveryAttempted, Outcome
from .domain.delivery import State
from .mail import mail_of
from .patience import patiently
from .settings import NotificationsSettings
from .smtp import Line, LineError, Result
from .store import NotificationsStore

LOOK_AT: Final = 64
LOOK_SECONDS: Final = 1.0
LONGEST_PAUSE: Final = 10.0
IN_HAND_PER_LINE: Final = 2
"""While a line sends a mail, the outcome of the one before is committed. What is in hand when a
process dies becomes uncertain.
"""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Post:
    """The senders of one instance; any number of instances may run side by side."""

    def __init__(self, app: App[NotificationsStore], settings: NotificationsSettings) -> None:
        self._app = app
        self._settings = settings
        self._claims = Claims(app, timedelta(seconds=settings.sending_lease_seconds))
        self._lines = [Line(settings) for _ in range(settings.smtp_connections)]
        self._queue: asyncio.Queue[str] = asyncio.Queue(len(self._lines))
        self._in_hand: set[str] = set()
        self._sends: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(IN_HAND_PER_LINE * len(self._lines))

    async def run(self) -> None:
        """Send until cancelled; what is being sent then is finished first."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._feed())
                for line in self._lines:
                    tasks.create_task(self._send_all(line))
        finally:
            if self._sends:
                await asyncio.wait(self._sends, timeout=self._settings.drain_seconds)
            for line in self._lines:
                line.close()

    async def _feed(self) -> None:
        """Find own work right after each commit, and every second some of others: who took it in
        may be gone.
        """
        others_at = monotonic()
        while True:
            news = asyncio.create_task(self._app.group_commit.next_commit(LOOK_SECONDS))
            await asyncio.sleep(0)  # from here on no commit is missed
            found = await self._pending(own=True)
            if monotonic() > others_at:
                others_at = monotonic() + LOOK_SECONDS
                of_others = await self._pending(own=False)
                random.shuffle(of_others)
                found = [*of_others[: len(self._lines)], *found]
            for delivery_id in found:
                self._in_hand.add(delivery_id)
                await self._queue.put(delivery_id)
            if len(found) < LOOK_AT:  # else there is more already
                await news
            news.cancel()

    async def _send_all(self, line: Line) -> None:
        while True:
            delivery_id = await self._queue.get()
            await self._open(line)
            await self._room.acquire()
            free = asyncio.Event()
            sending = asyncio.create_task(self._send_safely(line, delivery_id, free))
            self._sends.add(sending)
            sending.add_done_callback(self._sends.discard)
            await free.wait()

    async def _send_safely(self, line: Line, delivery_id: str, free: asyncio.Event) -> None:
        """A bug with one mail must not stop the others: that mail becomes uncertain."""
        try:
            await self._send(line, delivery_id, free)
        except Exception as error:  # noqa: BLE001 - see above
            reason = type(error).__name__  # no traceback: it may quote the mail
            log.error("sending broke", delivery=delivery_id, reason=reason)  # noqa: TRY400
            if not free.is_set():
                line.close()
        finally:
            free.set()
            self._room.release()
            self._in_hand.discard(delivery_id)

    async def _open(self, line: Line) -> None:
        """Wait for the mail server, however long it is away."""
        pause = 0.1
        while True:
            try:
                return await line.open()
            except LineError as error:
                log.warning("the mail server is away", reason=type(error).__name__)
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - jitter
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _send(self, line: Line, delivery_id: str, free: asyncio.Event) -> None:
        """The line is free for the next mail as soon as this one is handed over."""
        token = uuid4().hex
        delivery = await self._claims.claim(delivery_id, token)
        if delivery is None or delivery.token != token or delivery.letter is None:
            return
        if delivery.state is State.SENDING:
            mail = mail_of(delivery, delivery.letter, self._settings)
            result = await line.send(delivery.letter.address, mail)
        else:
            result = Result(Outcome.TEMPORARY, "the lease ran out before the mail was sent")
        free.set()
        await self._tell(delivery_id, token, result)

    async def _tell(self, delivery_id: str, token: str, result: Result) -> None:
        attempted = DeliveryAttempted(
            delivery_id=delivery_id, token=token, outcome=result.outcome, reason=result.reason
        )
        await self._app.group_commit.tell(attempted, f"attempted/{token}")

    async def _pending(self, *, own: bool) -> list[str]:
        """What waits to be sent and is not in hand yet, of this instance or of all others."""
        most = LOOK_AT + len(self._in_hand)
        found = await patiently(lambda: self._app.read().oldest_pending(most, own=own))
        return [each for each in found if each not in self._in_hand]
