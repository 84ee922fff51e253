"""A service's own database: transactions that are run again while the server says they may be."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.storage.driver import Client, DriverDatabase, Moment, Session, connect, moment_of
from shared.storage.errors import StorageUnavailable, translating
from shared.tls import USUAL, Tls

T = TypeVar("T")

PING_SECONDS = 5.0

_JOURNALED_MAJORITY = WriteConcern("majority", j=True)


class Database:
    """One service's database behind one client."""

    def __init__(self, url: str, name: str, *, timeout_ms: int = 5_000, tls: Tls = USUAL) -> None:
        self.name = name
        self._client: Client = connect(url, name=name, timeout_ms=timeout_ms, tls=tls)
        self.driver: DriverDatabase = self._client[name]

    async def transact(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """Run `work` in one transaction and commit it; `work` may be run more than once.

        Raises `StorageUnavailable`, `ConcurrentChange` or `WriteRefused`; nothing is written then.
        """
        with translating():
            async with await self._client.start_session() as session:
                return await session.with_transaction(
                    work,
                    read_concern=ReadConcern("snapshot"),
                    write_concern=_JOURNALED_MAJORITY,
                )

    async def at_one_moment(
        self, read: Callable[[Session], Coroutine[Any, Any, T]]
    ) -> tuple[Moment, T]:
        """A moment, and what `read` finds: all that was committed up to it, perhaps some of what
        was later, nothing half. Raises `StorageError`.
        """
        with translating():
            async with await self._client.start_session() as session:
                await self.driver.command("ping", session=session)
                moment = moment_of(session)
                found: T = await session.with_transaction(
                    read,
                    read_concern=ReadConcern("snapshot"),
                    write_concern=_JOURNALED_MAJORITY,
                )
        return moment, found

    async def ping(self, seconds: float = PING_SECONDS) -> None:
        """Raise `StorageUnavailable` when the database does not answer, or not soon.

        The driver's own reason comes after its search for a primary; so wait longer to hear it.
        """
        try:
            async with asyncio.timeout(seconds):
                with translating():
                    await self.driver.command("ping")
        except TimeoutError as error:
            raise StorageUnavailable("the database does not answer in time") from error

    def close(self) -> None:
        """Close all connections."""
        self._client.close()
