"""Decides about dead letters as staff or operators do: the decision is a command on the broker, and
the answer a fact in the history. Reading goes over the services' own HTTP.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

import httpx

from shared.contracts.base import Contract
from shared.contracts.dead_letters import (
    DeadLetterRefused,
    Decision,
    DiscloseDeadLetter,
    WhyRefused,
)
from willkommen.answers import RefusedError, answers_to, told_by
from willkommen.connection import Connection

WHY = {
    WhyRefused.UNKNOWN: "there is no such dead letter",
    WhyRefused.REPLAYED_ALREADY: "it was replayed already",
    WhyRefused.DISCARDED_ALREADY: "it was discarded",
    WhyRefused.TIMER_SET_ANEW: "the timer was set anew since and will fire by itself",
    WhyRefused.IS_A_DECISION: "it is itself a decision about a dead letter: decide anew",
    WhyRefused.FAILED_AGAIN: "it failed again and waits on; `show` tells the new reason",
}


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
        found = [each for answer in answers for each in told_by(answer)]
        return sorted(found, key=lambda each: (each["parked_at"], each["id"]))

    async def decide(self, user: str, decisions: list[Decision]) -> AsyncGenerator[Answer, None]:
        """Have these decided, with the rights of this broker user; the answers as they come."""
        async with aclosing(answers_to(self._system, user, decisions)) as answers:
            async for decision, fact in answers:
                yield Answer(decision.dead_letter_id, _why_not(decision, fact))

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
        async with aclosing(self.decide(user, [decision])) as answers:
            async for answer in answers:
                if answer.why_not:
                    raise RefusedError(answer.why_not)
        url = f"{self._system.services[letter['service']]}/parked/{letter['id']}"
        async with httpx.AsyncClient(timeout=30) as web:
            return told_by(await web.get(url, headers={"authorization": f"Bearer {secret}"}))


def _why_not(decision: Decision, fact: Contract | None) -> str:
    if fact is None:
        return f"{decision.service} has not answered yet; the decision waits in its queue"
    return WHY[fact.reason] if isinstance(fact, DeadLetterRefused) else ""
