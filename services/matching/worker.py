"""Keeps the city alive beside the heart: one instance holds it by a lease, hears of everything that
is written by any instance, and stores what a session would propose now.

The engine works in a thread; when it has much to do it rests as long as it worked, so that ordinary
messages go on.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from time import monotonic
from typing import Final
from uuid import uuid4

import structlog

from shared.apart import apart, timed
from shared.holding import while_holding
from shared.messaging.pace import Pace
from shared.runtime import App
from shared.storage import Moment, StorageError
from shared.storage.feed import Written, written_since
from shared.storage.leases import Lease

from .contracts import SessionPartSolved, SessionSolved
from .domain import session
from .domain.calendar import local_day
from .domain.city import City
from .domain.session import DueSession
from .domain.stored_city import CITY, stored
from .domain.tentative import Difference, Standing, Tentative, tentative, together
from .loading import load, tell
from .store import SESSIONS, CityDocuments, MatchingStore

LEASE_SECONDS: Final = 5.0
MOST_AT_ONCE: Final = 500
LOOK_SECONDS: Final = 1.0
STORE_SECONDS: Final = 10.0
LONGEST_REST: Final = 0.25
KEEP_GONE: Final = timedelta(days=7)
"""How long it can be asked that somebody would no longer be proposed to anybody."""

log = structlog.get_logger(__name__)


async def keep_city(app: App[MatchingStore], lease_seconds: float) -> None:
    """Keep the city whenever this instance holds the lease, until cancelled."""
    holder = f"{app.settings.instance}/{uuid4().hex[:8]}"
    lease = Lease(app.database, CITY, holder, lease_seconds)
    await while_holding(lease, lambda: Keeper(app, holder).run())


class Keeper:
    """Holds the city for as long as it runs."""

    def __init__(self, app: App[MatchingStore], holder: str) -> None:
        self._app = app
        self._holder = holder
        self._standing = Standing()
        self._due: dict[str, DueSession] = {}
        self._concluded = ""
        self._pace = Pace()
        self._tidied = date.min
        self._changed = False
        self._stored_at = monotonic()

    async def run(self) -> None:
        """Load and verify, then follow, until cancelled; what is stored at the end is whole."""
        moment, documents = await self._app.at_one_moment(lambda store: store.city())
        self._city = await self._loaded(documents)
        self._due = {each.id: each for each in documents.due}
        await self._begin()
        try:
            await self._follow(moment)
        finally:
            with suppress(StorageError):
                await self._store_city()

    # --- how it begins ---

    async def _loaded(self, documents: CityDocuments) -> City:
        kept = await self._app.read().stored_cities.get(CITY)
        today, began = local_day(self._app.clock.now()), monotonic()
        (city, how), used = await apart(
            lambda: timed(lambda: load(self._app.read(), documents, kept, today))
        )
        log.info(
            "the city is alive",
            how=how,
            households=len(city.households),
            sponsors=len(city.sponsors),
            unusable=sorted(city.unusable),
            seconds=round(monotonic() - began, 3),
            processor_seconds=round(used, 3),
        )
        return city

    async def _begin(self) -> None:
        """Take over what was stored, and store what is different now."""

        async def take_over(store: MatchingStore) -> tuple[Standing, list[Tentative]]:
            standing = replace(await _standing(store), holder=self._holder)
            store.standings.save(standing)
            return standing, await store.tentative.find({})

        self._standing, known = await self._app.commit(take_over)
        self._city.places = {each.id: each.after for each in known if each.after}
        await self._store(await apart(self._city.all))

    # --- how it follows ---

    async def _follow(self, moment: Moment) -> None:
        arrived: asyncio.Queue[Written | Exception] = asyncio.Queue(MOST_AT_ONCE)
        feeding = asyncio.create_task(self._feed(moment, arrived))
        try:
            while True:
                written = await _next(arrived)
                began = monotonic()
                await self._store(await apart(partial(self._tell, written)))
                await self._hold_session()
                await self._tidy()
                if monotonic() - self._stored_at > STORE_SECONDS:
                    await self._store_city()
                await self._rest(len(written), arrived.qsize(), began)
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)

    async def _rest(self, told: int, waiting: int, began: float) -> None:
        """What comes fast is cheaper together, and whatever else runs here wants its share."""
        now = monotonic()
        if told and (rest := self._pace.rest(told, waiting, began, now)):
            await asyncio.sleep(max(rest, min(now - began, LONGEST_REST)))

    async def _feed(self, moment: Moment, arrived: asyncio.Queue[Written | Exception]) -> None:
        try:
            async for each in written_since(self._app.database, moment, MatchingStore.CITY):
                await arrived.put(each)
        except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
            await arrived.put(error)

    def _tell(self, written: Sequence[Written]) -> list[Difference]:
        """Of what was written of a record at the same time, the last counts."""
        store, city = self._app.read(), self._city
        differences = city.day_is(local_day(self._app.clock.now()))
        for each in {(each.collection, each.id): each for each in written}.values():
            if each.collection == SESSIONS:
                self._hear(store, each)
            else:
                differences += tell(city, store, each)
        self._changed = self._changed or bool(written)
        return differences

    async def _store(self, differences: Sequence[Difference]) -> None:
        """Store what is different, and how many there are; nothing if nothing is."""
        changed = together(differences)
        if not changed and self._counted(self._standing) == self._standing:
            return
        now = self._app.clock.now()

        async def keep(store: MatchingStore) -> Standing:
            before = await _standing(store)
            if before.holder != self._holder:
                raise NotHeldError
            if changed:
                ids = [each.household_id for each in changed]
                await store.tentative.find({"_id": {"$in": ids}})
            standing = self._counted(replace(before, number=before.number + 1, at=now))
            store.standings.save(standing)
            for each in changed:
                store.tentative.save(tentative(each, standing.number, now))
            return standing

        self._standing = await self._app.commit(keep)

    def _counted(self, standing: Standing) -> Standing:
        city = self._city
        return replace(
            standing,
            day=city.today,
            waiting=len(city.households),
            with_room=len(city.sponsors),
            proposed=len(city.places),
        )

    # --- how it holds sessions ---

    def _hear(self, store: MatchingStore, written: Written) -> None:
        """A session is due until its document is gone."""
        if written.document:
            if written.document["solution"] is None:
                self._due[written.id] = store.sessions.read(written.document)[1]
            return
        self._due.pop(written.id, None)
        if self._concluded == written.id:
            self._concluded = ""

    async def _hold_session(self) -> None:
        """Solve the next session that is due and have it take effect; the one after it has to wait
        until the city has heard of all its pairs.
        """
        if self._concluded or not self._due:
            return
        due = next(iter(self._due.values()))
        if due.solution or await self._solve(due):
            await self._conclude(due)
        self._due.pop(due.id, None)

    async def _solve(self, due: DueSession) -> bool:
        """Store what a session comes to, in parts; False if it was held already."""
        now = self._app.clock.now()
        solution, parts = await apart(lambda: session.solve(self._city, due.id, now))

        async def keep(store: MatchingStore) -> bool:
            known = await store.sessions.get(due.id)
            if known is None or known.solution:
                return known is not None
            store.sessions.save(replace(known, solution=solution))
            for each in parts:
                store.session_parts.save(each)
            return True

        return await self._app.commit(keep)

    async def _conclude(self, due: DueSession) -> None:
        """Return when it took effect, part by part, between which other messages have their turn;
        one that did not is parked, and tried by the next holder.
        """
        self._concluded = due.id
        for part in await self._app.read().parts_of(due.id):
            if part.proposed is None:
                told = SessionPartSolved(part_id=part.id)
                await self._app.group_commit.tell(told, f"session/{part.id}")
        solved = SessionSolved(session_id=due.id)
        await self._app.group_commit.tell(solved, f"session/{due.id}")
        if await self._app.read().sessions.get(due.id):
            log.error("a session did not take effect", session=due.id)
            self._concluded = ""

    async def _tidy(self) -> None:
        """Once a day, forget households that would be with nobody for long."""
        today = self._city.today
        if today == self._tidied:
            return

        async def forget(store: MatchingStore) -> None:
            for each in await store.gone_before(today - KEEP_GONE):
                store.tentative.remove(each.id)

        await self._app.commit(forget)
        self._tidied = today

    async def _store_city(self) -> None:
        """Store matching and prices, for whoever holds the city next."""
        self._stored_at = monotonic()
        if not self._changed:
            return
        kept = await apart(lambda: stored(self._city.state, self._app.clock.now()))

        async def keep(store: MatchingStore) -> None:
            await store.stored_cities.get(CITY)
            store.stored_cities.save(kept)

        await self._app.write(keep)
        self._changed = False


class NotHeldError(Exception):
    """Another instance holds the city by now."""


async def _standing(store: MatchingStore) -> Standing:
    return await store.standings.get(Standing().id) or Standing()


async def _next(arrived: asyncio.Queue[Written | Exception]) -> list[Written]:
    """All that has arrived, as soon as there is something; nothing if that takes long."""
    found: list[Written | Exception] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_SECONDS):
            found.append(await arrived.get())
    while not arrived.empty():
        found.append(arrived.get_nowait())
    for each in found:
        if isinstance(each, Exception):
            raise each
    return [each for each in found if isinstance(each, Written)]
