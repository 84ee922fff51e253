"""Finds out, exactly, whether anything is still under way: what was published against what was
received, counted in the services' own databases together with the effects.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared.messaging.topology import Topology

PROBE_SECONDS = 0.01
PATIENCE_SECONDS = 120.0
PUBLISHED = "published:"


class NotQuietError(Exception):
    """Something has been under way for too long; the message says what."""


@dataclass
class Accounts:
    """The books of the whole system at one moment."""

    expected: Counter[str] = field(default_factory=Counter)
    received: dict[str, int] = field(default_factory=dict)
    busy: list[str] = field(default_factory=list)
    duplicates: int = 0
    parked: int = 0
    facts: int = 0
    next_timer: str | None = None

    @property
    def lost(self) -> int:
        """Messages that should have reached a service and did not (or not yet)."""
        return sum(max(0, n - self.received.get(queue, 0)) for queue, n in self.expected.items())

    @property
    def quiet(self) -> bool:
        return not self.busy and not self.lost


class Watch:
    """Asks all services for their books."""

    def __init__(self, services: Mapping[str, str], topology: Topology) -> None:
        self._services = services
        self._topology = topology
        self._client = httpx.AsyncClient(timeout=30)

    async def close(self) -> None:
        await self._client.aclose()

    async def accounts(self, from_outside: Counter[tuple[str, str]]) -> Accounts:
        """The books now; `from_outside` are the distinct messages that others published."""
        answers = await asyncio.gather(
            *(self._client.get(f"{url}/status") for url in self._services.values())
        )
        states = [answer.raise_for_status().json() for answer in answers]
        accounts = Accounts()
        for (exchange, key), count in from_outside.items():
            self._expect(accounts, exchange, key, count)
        for state in states:
            self._enter(accounts, state)
        accounts.next_timer = min(
            (state["next_timer"] for state in states if state["next_timer"]), default=None
        )
        return accounts

    async def parked(self) -> list[dict[str, Any]]:
        """Everything that is parked, with its service."""
        listed = []
        for service, url in self._services.items():
            answer = await self._client.get(f"{url}/parked")
            listed += [{"service": service, **each} for each in answer.raise_for_status().json()]
        return listed

    async def until_quiet(self, from_outside: Counter[tuple[str, str]]) -> Accounts:
        """The books once nothing is under way; raises `NotQuietError` after two minutes."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            accounts = await self.accounts(from_outside)
            if accounts.quiet:
                return accounts
            if asyncio.get_running_loop().time() > deadline:
                raise NotQuietError(_explain(accounts))
            await asyncio.sleep(PROBE_SECONDS)

    def _enter(self, accounts: Accounts, state: Mapping[str, Any]) -> None:
        name, counts = state["service"], state["counts"]
        accounts.received[name] = counts.get("received", 0)
        accounts.duplicates += counts.get("duplicates", 0)
        accounts.parked += counts.get("parked", 0)
        for what in ("in_flight", "outbox", "pending", "timers_due"):
            if state[what]:
                accounts.busy.append(f"{name}: {what} {state[what]}")
        for counted, count in counts.items():
            if counted.startswith(PUBLISHED):
                _, exchange, key = counted.split(":", 2)
                self._expect(accounts, exchange, key, count)
                accounts.facts += count if exchange == "events" else 0

    def _expect(self, accounts: Accounts, exchange: str, key: str, count: int) -> None:
        for queue in self._topology.queues_for(exchange, key):
            if queue in self._services:
                accounts.expected[queue] += count


def _explain(accounts: Accounts) -> str:
    missing = {
        queue: count - accounts.received.get(queue, 0)
        for queue, count in accounts.expected.items()
        if count != accounts.received.get(queue, 0)
    }
    return f"still under way: {accounts.busy}; not received: {missing}"
