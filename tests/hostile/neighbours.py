"""Good messages between the hostile ones, and how soon each of them has its effect. Each household
is taken back when the next one is referred: what waits does not grow with the flood.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median, quantiles
from time import monotonic

from aio_pika.abc import AbstractIncomingMessage

from shared.contracts.matching import MessageRefused
from shared.contracts.notifications import MessageSent, RequestMessage, Template
from shared.contracts.partners import ReferralWithdrawn, WithdrawalReason
from shared.messaging.topology import DESK
from tests.support.builders import cost, referral
from tests.support.client import Client, Letter, connected, letter
from tests.support.probes import eventually
from tests.support.system import LISTENER, PARTNERS, System

PATIENCE_SECONDS = 120.0


class Neighbours:
    """Sends a referral, the withdrawal of the one before, a cost and a request for a mail each
    time, and hears the answers.
    """

    def __init__(self, senders: Sequence[Client]) -> None:
        self._senders = {client.user: client for client in senders}
        self._sent: dict[str, float] = {}
        self._referred = ""
        self.seconds: dict[str, float] = {}
        self.sent_to: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    async def say_hello(self, mark: str) -> None:
        """One good message of each kind."""
        await self._say("matching", letter("kifa", referral(mark), message_id=f"{mark}-referral"))
        before, self._referred = self._referred, mark
        if before:
            back = ReferralWithdrawn(reference=before, reason=WithdrawalReason.MOVED_AWAY)
            await self._say("matching", letter("kifa", back, message_id=f"{mark}-withdrawal"))
        await self._say("network", letter(DESK, cost(mark), message_id=f"{mark}-cost"))
        await self._say("notifications", _request(f"{mark}-mail"))

    async def _say(self, service: str, told: Letter) -> None:
        self.sent_to[service] += 1
        self._sent[told.message_id or ""] = monotonic()
        await self._senders[told.user_id or ""].send(told)

    async def answered(self) -> None:
        """Wait until each had its effect."""

        async def all_of_them() -> bool:
            return self._sent.keys() <= self.seconds.keys()

        await eventually("the good ones had their effect", all_of_them, seconds=PATIENCE_SECONDS)

    def hear(self, message: AbstractIncomingMessage) -> None:
        """A reply or a fact: what was it caused by?"""
        cause, kind = (
            str(message.headers.get(f"ce-{each}", "")) for each in ("causationid", "type")
        )
        if kind == MessageRefused.wire.type:
            self.refused[MessageRefused.model_validate_json(message.body).partner] += 1
        if kind == MessageSent.wire.type:
            cause = MessageSent.model_validate_json(message.body).about
        if cause in self._sent:
            self.seconds.setdefault(cause, monotonic() - self._sent[cause])

    def __str__(self) -> str:
        """How soon, in milliseconds."""
        seen = sorted(self.seconds.values())
        if len(seen) < 2:
            return "none yet"
        return f"{1000 * median(seen):.0f} ms, of 99 % {1000 * quantiles(seen, n=100)[98]:.0f} ms"


def _request(mark: str) -> Letter:
    asked = RequestMessage(
        about=mark,
        template=Template.SPONSOR_WELCOME,
        name="Petra Beispiel",
        email="petra@mail.example",
        language="de",
    )
    return letter("network", asked, message_id=mark, key="notifications")


@asynccontextmanager
async def neighbours(system: System) -> AsyncIterator[Neighbours]:
    """Connected, and listening to all replies and facts."""
    async with AsyncExitStack() as stack:
        users = ["kifa", DESK, "network"]
        good = Neighbours([await stack.enter_async_context(connected(system, u)) for u in users])

        async def hear(message: AbstractIncomingMessage) -> None:
            good.hear(message)

        queues = {f"replies.{each.id}": each.id for each in PARTNERS} | {LISTENER: LISTENER}
        for queue, user in queues.items():
            client = await stack.enter_async_context(connected(system, user))
            there = await client.channel.get_queue(queue, ensure=False)
            await there.consume(hear, no_ack=True)
        yield good
