"""Drives the replay: sets the clock to the next moment at which something happens, lets it happen,
and waits until the system is quiet before it goes on.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from shared.clock import LOCAL_ZONE, FileClock
from willkommen.replay.observer import Observer
from willkommen.replay.people import People
from willkommen.replay.quiet import Accounts, Watch
from willkommen.replay.senders import Senders
from willkommen.timeline import Action, Enter, Publish, Timeline

END = datetime(2018, 3, 31, 23, 0, tzinfo=LOCAL_ZONE).astimezone(UTC)
"""The evening of the last day of the three years."""

Progress = Callable[[datetime], None]


@dataclass(order=True)
class Due:
    """An action in the agenda; the number keeps the order of those at the same time."""

    at: datetime
    number: int
    action: Action = field(compare=False)


class Agenda:
    """What will happen, soonest first."""

    def __init__(self, actions: tuple[Action, ...]) -> None:
        self._heap: list[Due] = []
        self._number = 0
        for action in actions:
            self.add(action)

    def add(self, action: Action) -> None:
        """Put an action in its place."""
        self._number += 1
        heapq.heappush(self._heap, Due(action.at.astimezone(UTC), self._number, action))

    @property
    def next(self) -> datetime | None:
        """When the next action is."""
        return self._heap[0].at if self._heap else None

    def take(self, until: datetime) -> Iterator[Action]:
        """The actions up to a time, in order."""
        while self._heap and self._heap[0].at <= until:
            yield heapq.heappop(self._heap).action


class Driver:
    """One run through the timeline."""

    def __init__(
        self, timeline: Timeline, clock: FileClock, senders: Senders, watch: Watch
    ) -> None:
        self._clock = clock
        self._senders = senders
        self._watch = watch
        self._agenda = Agenda(timeline.actions)
        self._people = People(timeline.decisions, timeline.offers, END)
        self._seen: list[tuple[str, Mapping[str, Any]]] = []
        self.start = self._agenda.next or END

    def see(self, kind: str, fact: Mapping[str, Any]) -> None:
        """Take note of a fact; people react once the system is quiet."""
        self._seen.append((kind, fact))

    async def run(self, observer: Observer, progress: Progress) -> Accounts:
        """Play everything up to the end; returns the books at the end."""
        self._clock.set(self.start)
        accounts = await self._settle(observer)
        while (moment := self._next(accounts)) is not None:
            self._clock.set(max(moment, self._clock.now()))
            for action in self._agenda.take(moment):
                await self._do(action)
            accounts = await self._settle(observer)
            progress(moment)
        self._clock.set(END)
        return await self._settle(observer)

    async def _do(self, action: Action) -> None:
        if isinstance(action, Publish):
            await self._senders.publish(action)
        elif isinstance(action, Enter):
            await self._senders.command(action.command, action.at)

    async def _settle(self, observer: Observer) -> Accounts:
        """Wait until nothing is under way, then let people react to what happened."""
        accounts = await self._watch.until_quiet(self._senders.confirmed)
        await observer.until(accounts.facts)
        seen, self._seen = self._seen, []
        for kind, fact in seen:
            for entry in self._people.react(kind, fact, self._clock.now()):
                self._agenda.add(entry)
        return accounts

    def _next(self, accounts: Accounts) -> datetime | None:
        """The next action or the next timer, whichever is first, if before the end."""
        timer = datetime.fromisoformat(accounts.next_timer) if accounts.next_timer else None
        moments = [moment for moment in (self._agenda.next, timer) if moment and moment <= END]
        return min(moments, default=None)
