"""Runs a service: connections, group commit, relay, timers and HTTP, started and stopped in order.

Start: database, publishing, heart, then consuming. Stop: the other way round, consuming first, so
that nothing is delivered which nobody would finish.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

import structlog

from shared.clock import clock_from
from shared.messaging.batch import Service
from shared.messaging.broker import Consumer, Publisher, user_prefix_in
from shared.messaging.gate import Gate
from shared.messaging.group_commit import GroupCommit
from shared.messaging.message import Delivery
from shared.messaging.pace import Pace
from shared.messaging.relay import Relay
from shared.messaging.timer_loop import TimerLoop
from shared.messaging.topology import dead_letters_of
from shared.observability import logs
from shared.observability.http import Answer, HttpServer
from shared.observability.metrics import Metrics
from shared.pages import answer_of
from shared.parts import Parts
from shared.settings import ServiceSettings
from shared.starting import CannotStart, reaching
from shared.status import Status
from shared.storage import Database, Moment, UnitOfWork
from shared.storage.buckets import Buckets
from shared.storage.driver import Session
from shared.storage.errors import translating

S = TypeVar("S")
T = TypeVar("T")

PARENT_SECONDS = 0.5
FAREWELL_SECONDS = 5.0

log = structlog.get_logger(__name__)


class App(Generic[S]):
    """A running service; `main` and the tests use the same wiring."""

    def __init__(self, parts: Parts[S], settings: ServiceSettings) -> None:
        self.parts = parts
        self.settings = settings
        self.clock = clock_from(settings.clock_file)
        self.metrics = Metrics(parts.name)
        self.database = Database(
            settings.mongodb_url.get_secret_value(),
            settings.mongodb_database or parts.name,
            tls=settings.tls,
        )
        self.publisher = Publisher(settings.amqp_url.get_secret_value(), settings.tls)
        self.relay = Relay(self.database, self.publisher.publish, self.metrics, self.clock)
        gate = Gate(Buckets(self.database), settings.rates)
        service = Service(parts.name, settings.instance, parts.subscriptions, parts.store, gate)
        self.group_commit = GroupCommit(
            service,
            self.database,
            self.relay,
            self.clock,
            self.metrics,
            Pace(parts.rest_seconds),
        )
        self.timers = TimerLoop(
            self.database, self.group_commit, self.clock, self.metrics, settings.timer_seconds
        )
        self.consumer = self._consumer(parts.name, self.group_commit.process)
        self.dead_letters = self._consumer(dead_letters_of(parts.name), self.group_commit.give_up)
        self.http = HttpServer(
            settings.http_host,
            settings.http_port,
            {**self._status().answers, **self._pages()},
            certificate=settings.http_certificate_file,
            key=settings.http_key_file,
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._workers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Return when the service consumes; raises `CannotStart` when broker or database refuse."""
        database, broker = (
            url.get_secret_value() for url in (self.settings.mongodb_url, self.settings.amqp_url)
        )
        seconds = self.settings.connect_seconds
        async with reaching("the database", database, seconds):
            await self.database.ping(seconds)
        async with reaching("the broker", broker, seconds):
            await self.publisher.start()
        for work in (self.group_commit.run, self.relay.run, self.relay.sweep):
            self._spawn(work())
        async with reaching("the broker", broker, seconds):
            for consumer in (self.consumer, self.dead_letters):
                await consumer.broker.start()
        self._spawn(self.timers.run())
        self._workers = [self._spawn(background(self)) for background in self.parts.background]
        http = f"http://{self.settings.http_host}:{self.settings.http_port}"
        async with reaching("HTTP", http, seconds):
            await self.http.start()
        log.info("ready", http=self.http.address)

    async def stop(self) -> None:
        """Stop taking, let workers finish, settle what is in flight, publish it, then close."""
        consumers = (self.consumer, self.dead_letters)
        await asyncio.gather(*(_or_leave_it(consumer.stop_taking()) for consumer in consumers))
        await _end(self._workers)
        await self._finished()
        await asyncio.gather(*(_or_leave_it(consumer.stop()) for consumer in consumers))
        await self.relay.drain(self.settings.drain_seconds)
        await _end(self._tasks)
        await _or_leave_it(self.publisher.stop())
        await self.http.stop()
        self.database.close()
        log.info("stopped")

    def _consumer(self, queue: str, process: Callable[[Delivery], Awaitable[None]]) -> Consumer:
        url = self.settings.amqp_url.get_secret_value()
        prefix = user_prefix_in(url, self.parts.name)
        return Consumer(url, queue, process, user_prefix=prefix, tls=self.settings.tls)

    def read(self) -> S:
        """The service's store for reading outside of any batch."""
        return self.parts.store(UnitOfWork(self.database, None, self.settings.instance))

    async def at_one_moment(self, read: Callable[[S], Coroutine[Any, Any, T]]) -> tuple[Moment, T]:
        """What is found in the store, all of it from one moment, and the moment."""
        return await self.database.at_one_moment(lambda session: read(self.parts.store(
            UnitOfWork(self.database, session)
        )))  # fmt: skip

    async def write(self, change: Callable[[S], Awaitable[T]]) -> T:
        """Let a worker change one aggregate outside of any batch: a lease, nothing others hear of.

        Raises `StorageError`, of which `ConcurrentChange` says that somebody else was first.
        """
        with translating():
            return await self._change(change, None)

    async def commit(self, change: Callable[[S], Awaitable[T]]) -> T:
        """The same for several aggregates, all or none; `change` may be run more than once."""
        return await self.database.transact(lambda session: self._change(change, session))

    async def _change(self, change: Callable[[S], Awaitable[T]], session: Session | None) -> T:
        unit = UnitOfWork(self.database, session, self.settings.instance)
        result = await change(self.parts.store(unit))
        unit.accept()
        await unit.flush()
        return result

    def _pages(self) -> dict[str, Answer]:
        pages = self.parts.pages.items()
        return {path: answer_of(page, self.read, self.clock) for path, page in pages}

    def _status(self) -> Status:
        pending = self.parts.pending

        async def count_pending() -> int:
            return await pending(self.read()) if pending else 0

        return Status(
            service=self.parts.name,
            database=self.database,
            clock=self.clock,
            metrics=self.metrics,
            consumer=self.consumer,
            publisher=self.publisher,
            group_commit=self.group_commit,
            relay=self.relay,
            timers=self.timers.queue,
            figures=lambda: self.parts.figures(self.read()),
            pending=count_pending,
        )

    async def serve(self) -> None:
        """Run until SIGTERM or SIGINT, or until a part of the heart breaks."""
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        await self.start()
        if self.settings.stop_with_parent:
            self._spawn(_parent_gone())
        waiting = asyncio.create_task(stopping.wait())
        await asyncio.wait([waiting, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        broken = [task for task in self._tasks if task.done() and not task.cancelled()]
        await self.stop()
        for task in broken:
            task.result()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        return task

    async def _finished(self) -> None:
        deadline = asyncio.get_running_loop().time() + self.settings.drain_seconds
        while self.group_commit.in_flight and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def _parent_gone() -> None:
    """Return when the process that started this one has ended, however it ended."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody tells us when it ends
        await asyncio.sleep(PARENT_SECONDS)


async def _or_leave_it(farewell: Awaitable[None]) -> None:
    """Take leave of the broker; one that does not answer will notice by itself."""
    with suppress(Exception):
        async with asyncio.timeout(FAREWELL_SECONDS):
            await farewell


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they have tidied up."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def main(parts: Parts[Any], settings: ServiceSettings) -> None:
    """Run a service as a process; ends with status 1 when it cannot start or breaks."""
    import uvloop  # noqa: PLC0415 - only a process of its own chooses its loop

    secrets = [settings.amqp_url.get_secret_value(), settings.mongodb_url.get_secret_value()]
    logs.set_up(parts.name, instance=settings.instance, level=settings.log_level, secrets=secrets)

    async def run() -> None:
        await App(parts, settings).serve()

    try:
        uvloop.run(run())
    except CannotStart as reason:
        log.error("cannot start", reason=str(reason))  # noqa: TRY400 - the sentence says it all
        raise SystemExit(1) from None
    except Exception:
        log.exception("broken")
        raise SystemExit(1) from None
