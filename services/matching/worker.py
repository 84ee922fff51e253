"""Keeps the city alive beside the heart: one instance holds it by a lease, hears of everything that
is written by any instance, and stores what a session would propose now.

The engine works in a thread, and rests as long as it worked, so that ordinary messages go on.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Final, TypeVar
from uuid import uuid4

import structlog

from shared.holding import while_holding
from shared.runtime import App
from shared.storage import Document, Moment, Repository, StorageError
from shared.storage.feed import Written, written_since
from shared.storage.leases import Lease

from . import engine
from .domain.calendar import local_day
from .domain.city import City, Records
from .domain.household import Household
from .domain.matching_rules import MatchingRules
from .domain.sponsor import Sponsor
from .domain.stored_city import CITY, read, stored
from .domain.tentative import Difference, Standing, Tentative, tentative, together
from .store import CityDocuments, MatchingStore

LEASE_SECONDS: Final = 5.0
MOST_AT_ONCE: Final = 500
LOOK_SECONDS: Final = 1.0
STORE_SECONDS: Final = 10.0
LONGEST_REST: Final = 0.25

T = TypeVar("T")
E = TypeVar("E", Household, Sponsor, MatchingRules)

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
        self._changed = False
        self._stored_at = monotonic()

    async def run(self) -> None:
        """Load and verify, then follow, until cancelled; what is stored at the end is whole."""
        moment, documents = await self._app.at_one_moment(lambda store: store.city())
        self._city = await self._loaded(documents)
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

        def load() -> tuple[City, str]:
            records = _records(self._app.read(), documents)
            known = read(kept) if kept else None
            if known is None:
                return City.solved(records, today), "solved" if kept is None else "damaged"
            try:
                return City.restored(records, today, known), "restored"
            except engine.StaleSnapshotError:
                return City.guessed(records, today, known), "stale"

        city, how = await _apart(load)
        log.info(
            "the city is alive",
            how=how,
            households=len(city.households),
            sponsors=len(city.sponsors),
            unusable=sorted(city.unusable),
            seconds=round(monotonic() - began, 3),
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
        await self._store(await _apart(self._city.all))

    # --- how it follows ---

    async def _follow(self, moment: Moment) -> None:
        arrived: asyncio.Queue[Written | Exception] = asyncio.Queue(MOST_AT_ONCE)
        feeding = asyncio.create_task(self._feed(moment, arrived))
        try:
            while True:
                written = await _next(arrived)
                began = monotonic()
                await self._store(await _apart(partial(self._tell, written)))
                if monotonic() - self._stored_at > STORE_SECONDS:
                    await self._store_city()
                if written:
                    await asyncio.sleep(min(monotonic() - began, LONGEST_REST))
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)

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
            differences += _told(city, store, each)
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
            await store.tentative.find({"_id": {"$in": [each.household_id for each in changed]}})
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

    async def _store_city(self) -> None:
        """Store matching and prices, for whoever holds the city next."""
        self._stored_at = monotonic()
        if not self._changed:
            return
        kept = await _apart(lambda: stored(self._city.state, self._app.clock.now()))

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


async def _apart(work: Callable[[], T]) -> T:
    """Work in a thread; when cancelled it is waited for all the same, since nothing else may touch
    the city meanwhile.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        with suppress(Exception):
            await working
        raise


def _records(store: MatchingStore, documents: CityDocuments) -> Records:
    households = list(_all(store.households, documents.households))
    sponsors = list(_all(store.sponsors, documents.sponsors))
    rules = list(_all(store.matching_rules, documents.rules))
    versions = {who.id: version for version, who in households}
    versions |= {who.id: version for version, who in sponsors}
    versions |= {each.id: version for version, each in rules}
    return Records(
        [who for _, who in households],
        [who for _, who in sponsors],
        rules[0][1] if rules else MatchingRules(),
        versions,
    )


def _all(repository: Repository[E], documents: Sequence[Document]) -> Iterator[tuple[int, E]]:
    """Versions and records; what cannot be read counts as not there."""
    for document in documents:
        try:
            yield repository.read(document)
        except ValueError:  # its text may quote the record
            log.error("a record cannot be read", id=str(document["_id"]))  # noqa: TRY400


def _told(city: City, store: MatchingStore, written: Written) -> list[Difference]:
    documents = [written.document] if written.document else []
    if written.collection == "households":
        for version, household in _all(store.households, documents):
            return city.household_is(household, version)
        return city.household_gone(written.id)
    if written.collection == "sponsors":
        for version, sponsor in _all(store.sponsors, documents):
            return city.sponsor_is(sponsor, version)
        return city.sponsor_gone(written.id)
    for version, rules in _all(store.matching_rules, documents):
        return city.rules_are(rules, version)
    return []
