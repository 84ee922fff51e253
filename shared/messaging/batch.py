"""One attempt at a batch: decide message after message, collect what to write, write it once.

Everything here happens inside one transaction and may happen again from the start.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import uuid4

from shared.contracts.base import Contract
from shared.contracts.matching import MessageRefused, RateExceeded
from shared.messaging.envelope import write
from shared.messaging.failures import GivenUp, Poison, RetryLater, kind_and_reasons
from shared.messaging.gate import Gate
from shared.messaging.items import Item, parked_message, reused, unread
from shared.messaging.ladder import next_try, timer_again
from shared.messaging.letters import Letters
from shared.messaging.subscriptions import DECISIONS, Subscription, Subscriptions
from shared.storage import Database, DriverError, StorageError, UnitOfWork
from shared.storage.driver import Session
from shared.storage.records import Inbox, Ledger, Outbox, OutboxEntry, Parked, ParkedMessage

S = TypeVar("S")


@dataclass(slots=True)
class Journal:
    """What an attempt wants to write, and how each of its messages came out."""

    digests: dict[str, bytes] = field(default_factory=dict)
    outbox: list[OutboxEntry] = field(default_factory=list)
    parked: list[ParkedMessage] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: list[tuple[Item, str, str]] = field(default_factory=list)
    turned_away: list[RateExceeded] = field(default_factory=list)

    def came_out(self, item: Item, outcome: str, reason: str = "") -> None:
        """Note the outcome: handled, duplicate, parked, retried, turned away or stale."""
        self.counts[outcome] += 1
        self.outcomes.append((item, outcome, reason))


@dataclass(frozen=True)
class Service(Generic[S]):
    """Who is deciding: names of service and instance, its subscriptions, its store, its gate."""

    name: str
    instance: str
    subscriptions: Subscriptions[S]
    store: Callable[[UnitOfWork], S]
    gate: Gate

    @property
    def source(self) -> str:
        """The CloudEvents source of what the service publishes."""
        return f"/services/{self.name}"


class Attempt(Generic[S]):
    """Decides a batch inside a transaction; with `refuse` a single item is parked unasked."""

    def __init__(
        self, service: Service[S], database: Database, now: datetime, refuse: str | None = None
    ) -> None:
        self._service = service
        self._database = database
        self._now = now
        self._refuse = refuse
        self.journal = Journal()

    async def run(self, session: Session, items: Sequence[Item]) -> Journal:
        """Decide all items in order and write everything into the transaction."""
        self.journal = Journal()
        unit = UnitOfWork(self._database, session, self._service.instance)
        store = self._service.store(unit)
        self._letters = self._letters_of(unit, store)
        fresh = await self._fresh(unit, session, items)
        if self._refuse is None:
            fresh = await self._admitted(fresh)
            self._announce(fresh, store)
            await unit.load_expected()
        for item in fresh:
            await self._decide(item, unit, store)
        await unit.flush()
        await self._record(session)
        return self.journal

    async def _fresh(self, unit: UnitOfWork, session: Session, items: Sequence[Item]) -> list[Item]:
        """The items that had no effect yet; an id twice in one batch counts once."""
        delivered = await self._unseen(session, [item for item in items if item.delivery])
        due = await self._standing(unit, [item for item in items if item.timer])
        return delivered + due

    async def _unseen(self, session: Session, items: Sequence[Item]) -> list[Item]:
        inbox = Inbox(self._database, session)
        asked = [item.key for item in items if not item.is_local]
        seen = await inbox.known(asked) if asked else {}
        fresh: list[Item] = []
        again: list[Item] = []
        for item in items:
            if item.key not in seen:
                seen[item.key] = item.digest
                fresh.append(item)
            elif seen[item.key] == item.digest:
                self.journal.came_out(item, "duplicates")
            else:
                again.append(reused(item))
        return fresh + (await self._unseen(session, again) if again else [])

    async def _standing(self, unit: UnitOfWork, items: Sequence[Item]) -> list[Item]:
        """Timers that were not moved or cancelled since they were claimed."""
        timers = [item.timer for item in items if item.timer]
        standing = await unit.timers.settle({timer.id: timer.setting for timer in timers})
        fresh = []
        for item in items:
            if item.timer and item.timer.id in standing:
                standing.discard(item.timer.id)
                fresh.append(item)
            else:
                self.journal.came_out(item, "stale")
        return fresh

    async def _admitted(self, items: Sequence[Item]) -> list[Item]:
        """Without what its partner sent too fast, of which nothing is kept but one answer."""
        await self._service.gate.admit(items)
        away: dict[str, list[Item]] = {}
        for item in items:
            if item.admitted is False and item.delivery:
                away.setdefault(item.delivery.partner, []).append(item)
        for partner, turned in away.items():
            self._turn_away(partner, turned)
        return [item for item in items if item.admitted is not False]

    def _turn_away(self, partner: str, items: Sequence[Item]) -> None:
        """One answer for all of a batch, and each time a new one: they may come again and again."""
        rate = self._service.gate.rates.of(partner)
        answer = RateExceeded(
            partner=partner,
            message_ids=[item.sender_id for item in items],
            per_minute=rate.per_minute,
            burst=rate.burst,
            retry_after_seconds=rate.seconds_until(len(items)),
        )
        self._publish(Item(f"{partner}/{uuid4()}"), answer, position=-1)
        self.journal.turned_away.append(answer)
        for item in items:
            self.journal.came_out(item, "turned_away")

    def _letters_of(self, unit: UnitOfWork, store: S) -> Letters:
        async def handle(item: Item) -> Sequence[Contract]:
            if self._refuse is not None:
                raise GivenUp(self._refuse)
            return await self._facts(item, self._subscription(item), store)

        return Letters(
            self._service.name, unit, self._service.subscriptions.contracts, handle, self._now
        )

    def _announce(self, items: Sequence[Item], store: S) -> None:
        for item in items:
            subscription = self._subscription(item)
            if subscription and subscription.expects and item.message:
                subscription.expects(item.message, store)

    def _subscription(self, item: Item) -> Subscription[S] | None:
        if item.message is None:
            return None
        if item.timer:
            return self._service.subscriptions.by_timer.get(item.timer.name)
        if item.message.type in DECISIONS:
            return Subscription("dead letters", self._letters.decide)
        return self._service.subscriptions.by_type[item.message.type]

    async def _decide(self, item: Item, unit: UnitOfWork, store: S) -> None:
        """Let the handler decide; a failure concerns this message alone."""
        if item.timer and unit.timers.decided(item.timer.id):
            self.journal.came_out(item, "stale")
            return
        subscription = self._subscription(item)
        handler = subscription.name if subscription else ""
        try:
            facts = await self._facts(item, subscription, store)
        except (StorageError, DriverError):
            raise
        except RetryLater as error:
            unit.discard()
            self._retry(item, handler, str(error), unit)
        except Exception as error:  # noqa: BLE001 - a bug in one handler must not stop the others
            unit.discard()
            self._park(item, handler, *kind_and_reasons(error))
        else:
            unit.accept()
            self._keep(item, facts)

    async def _facts(
        self, item: Item, subscription: Subscription[S] | None, store: S
    ) -> Sequence[Contract]:
        if self._refuse is not None and not Letters.replays(item):
            raise GivenUp(self._refuse)
        if item.poison:
            raise copy(item.poison)  # what was raised leads to this attempt, and the item to it
        if subscription is None or item.message is None:
            raise Poison(f"nobody is called for {item.key}")
        return await subscription.translate(item.message, store)

    def _keep(self, item: Item, facts: Sequence[Contract]) -> None:
        self._enter(item)
        self.journal.came_out(item, "handled")
        for position, fact in enumerate(facts):
            self._publish(item, fact, position)
        self._keep_replayed()

    def _keep_replayed(self) -> None:
        """What follows from parked messages that the decision at hand brought back."""
        for replayed in self._letters.take():
            self.journal.counts["replayed"] += 1
            self.journal.outbox.extend(replayed.entries)
            for position, fact in enumerate(replayed.facts):
                self._publish(replayed.item, fact, position)

    def _publish(self, item: Item, fact: Contract, position: int) -> None:
        cause = item.message or unread(item, self._now)
        source = self._service.source
        entry = write(fact, source=source, cause=cause, position=position, at=self._now)
        self.journal.outbox.append(entry)
        self.journal.counts[f"published:{entry.exchange}:{entry.routing_key}"] += 1

    def _enter(self, item: Item) -> None:
        """Enter it in the inbox; `received` counts the distinct messages of the broker."""
        if item.delivery is None or item.is_local:
            return
        self.journal.digests[item.key] = item.digest
        self.journal.counts["received"] += 1

    def _retry(self, item: Item, handler: str, reason: str, unit: UnitOfWork) -> None:
        entry = next_try(item.delivery, self._service.name) if item.delivery else None
        timer = timer_again(item.timer, self._now) if item.timer else None
        if entry:
            self.journal.outbox.append(entry)
        elif timer:
            unit.timers.schedule(timer)
            unit.accept()
        else:
            self._park(item, handler, "retries used up", [reason])
            return
        self.journal.came_out(item, "retried", reason)

    def _park(self, item: Item, handler: str, kind: str, reasons: Sequence[str]) -> None:
        self._enter(item)
        self.journal.parked.append(
            parked_message(item, self._service.name, handler, kind, reasons, self._now)
        )
        if kind == "poison":
            self._tell_sender(item, reasons)
        self.journal.came_out(item, "parked", "; ".join(reasons))

    def _tell_sender(self, item: Item, reasons: Sequence[str]) -> None:
        """Where the broker vouches for a partner, the partner hears why."""
        if item.delivery is None or not item.delivery.partner:
            return
        refusal = MessageRefused(
            partner=item.delivery.partner, message_id=item.sender_id, errors=list(reasons)
        )
        self._publish(item, refusal, position=-1)

    async def _record(self, session: Session) -> None:
        journal = self.journal
        wall = datetime.now(UTC)
        await Inbox(self._database, session).enter(journal.digests, wall)
        await Outbox(self._database, session).enter(journal.outbox, wall)
        await Parked(self._database, session).enter(journal.parked)
        await Ledger(self._database, session).add(self._service.instance, journal.counts)
