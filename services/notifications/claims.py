"""Claims mails before they are sent. A claim is a lease: one write, of which nobody else hears.

Mails that are reached for within a moment are claimed together.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.runtime import App
from shared.storage import ConcurrentChange

from .domain.delivery import Delivery, begin
from .patience import patiently
from .store import NotificationsStore

MOMENT_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mail that somebody reaches for, with the token by which the claim is known."""

    delivery_id: str
    token: str
    claimed: asyncio.Future[Delivery | None]


class Claims:
    """The claims of one instance; its lines ask, each for one mail at a time."""

    def __init__(self, app: App[NotificationsStore], lease: timedelta) -> None:
        self._app = app
        self._lease = lease
        self._wanted: list[Wanted] = []
        self._writing: asyncio.Task[None] | None = None

    async def claim(self, delivery_id: str, token: str) -> Delivery | None:
        """The delivery as it is then; of all that reach for it one finds its own token on it."""
        claimed: asyncio.Future[Delivery | None] = asyncio.get_running_loop().create_future()
        self._wanted.append(Wanted(delivery_id, token, claimed))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await claimed

    async def _write_all(self) -> None:
        while self._wanted:
            await asyncio.sleep(MOMENT_SECONDS)
            together, self._wanted = self._wanted, []
            try:
                found = await self._write(together)
            except Exception as error:  # noqa: BLE001 - who asked must not wait for ever
                for each in together:
                    each.claimed.set_exception(error)
            else:
                for each in together:
                    each.claimed.set_result(found.get(each.delivery_id))

    async def _write(self, wanted: Sequence[Wanted]) -> dict[str, Delivery]:
        """Where somebody else was quicker with one of them, the others are claimed one by one."""

        async def claim(store: NotificationsStore) -> dict[str, Delivery]:
            tokens = {each.delivery_id: each.token for each in wanted}
            now, until = self._app.clock.now(), datetime.now(UTC) + self._lease
            found = {}
            for delivery in await store.these(list(tokens)):
                begun = begin(delivery, tokens[delivery.id], now, until)
                if begun is not delivery:
                    store.deliveries.save(begun)
                found[begun.id] = begun
            return found

        try:
            return await patiently(lambda: self._app.write(claim))
        except ConcurrentChange:
            if len(wanted) == 1:
                return {}
        return {
            key: delivery
            for each in wanted
            for key, delivery in (await self._write([each])).items()
        }
