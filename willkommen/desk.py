"""Decides about dead letters as staff or operators do: the decision is a command on the broker, and
the answer a fact in the history. Reading goes over the services' own HTTP.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

import httpx

from shared.contracts.base import catalogue
from shared.contracts.dead_letters import (
    DeadLetterRefused,
    Decision,
    DiscloseDeadLetter,
    WhyRefused,
)
from shared.messaging.history import History
from willkommen.connection import Connection
from willkommen.replay.senders import Senders

ANSWER_SECONDS = 60.0
WHY = {
    WhyRefused.UNKNOWN: "there is no such dead letter",
    WhyRefused.REPLAYED_ALREADY: "it was replayed already",
    WhyRefused.DISCARDED_ALREADY: "it was discarded",
    WhyRefused.TIMER_SET_ANEW: "the timer was set anew since and will fire by itself",
    WhyRefused.IS_A_DECISION: "it is itself a decision about a dead letter: decide anew",
    WhyRefused.FAILED_AGAIN: "it failed again and waits on; `show` tells the new reason",
}


class RefusedError(Exception):
    """A decision was refused, or nobody answered; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a decision: empty when it was carried out, else why not."""

    letter_id: str
    why_not: str


class Letters:
    """The dead letters of all services of a running system."""

    def __init__(self, system: Connection) -> None:
        self._system = system

    async def find(self, filters: Mapping[str, str], services: Iterable[str]) -> list[Any]:
        """What is shown of those that fit, over all these services, the oldest first."""
        asked = [(name, self._system.services[name]) for name in services]
        async with httpx.AsyncClient(timeout=30) as web:
            answers = await asyncio.gather(
                *(web.get(f"{url}/parked", params=dict(filters)) for _, url in asked)
            )
        found = [each for answer in answers for each in _good(answer)]
        return sorted(found, key=lambda each: (each["parked_at"], each["id"]))

    async def decide(self, user: str, decisions: list[Decision]) -> AsyncIterator[Answer]:
        """Have these decided, with the rights of this broker user; the answers as they come."""
        async with self._decided(user) as (senders, history):
            asked = {
                await senders.command(each, datetime.now(UTC), user): each for each in decisions
            }
            facts = aiter(history)
            patience = _from_now()
            while asked:
                try:
                    async with asyncio.timeout_at(patience):
                        _, fact = await anext(facts)
                except TimeoutError:
                    break
                decision = asked.pop(str(fact.headers.get("ce-causationid")), None)
                if decision:
                    patience = _from_now()
                    yield Answer(decision.dead_letter_id, _why_not(fact.headers, fact.body))
        for decision in asked.values():
            why = f"{decision.service} has not answered yet; the decision waits in its queue"
            yield Answer(decision.dead_letter_id, why)

    async def read(self, user: str, staff_id: str, note: str, letter: Mapping[str, Any]) -> Any:
        """A dead letter with its content, and a record of this reading; raises `RefusedError`."""
        secret = token_urlsafe(32)
        decision = DiscloseDeadLetter(
            staff_id=staff_id,
            service=letter["service"],
            dead_letter_id=letter["id"],
            note=note,
            ticket_hash=sha256(secret.encode()).hexdigest(),
        )
        async for answer in self.decide(user, [decision]):
            if answer.why_not:
                raise RefusedError(answer.why_not)
        url = f"{self._system.services[letter['service']]}/parked/{letter['id']}"
        async with httpx.AsyncClient(timeout=30) as web:
            return _good(await web.get(url, headers={"authorization": f"Bearer {secret}"}))

    @asynccontextmanager
    async def _decided(self, user: str) -> AsyncIterator[tuple[Senders, History]]:
        senders = Senders(self._system.user)
        try:
            async with History(self._system.user(user), "next") as history:
                yield senders, history
        finally:
            await senders.close()


def _from_now() -> float:
    return asyncio.get_running_loop().time() + ANSWER_SECONDS


def _why_not(headers: Mapping[str, Any], body: bytes) -> str:
    kind = catalogue.get(str(headers.get("ce-type")))
    if kind is not DeadLetterRefused:
        return ""
    return WHY[DeadLetterRefused.model_validate_json(body).reason]


def _good(answer: httpx.Response) -> Any:
    """What a service says; its refusal is a sentence."""
    if answer.is_client_error:
        raise RefusedError(answer.json()["error"])
    return answer.raise_for_status().json()
