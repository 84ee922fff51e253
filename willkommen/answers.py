"""Sends commands with the rights of a broker user, and finds in the history what came of each."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, TypeVar

import httpx

from shared.contracts.base import Contract, catalogue
from shared.contracts.desk import Command
from shared.messaging.history import History
from willkommen.connection import Connection
from willkommen.replay.senders import Senders

ANSWER_SECONDS = 60.0
C = TypeVar("C", bound=Command)


class RefusedError(Exception):
    """Something was refused, or nobody answered; the message says why."""


class Answered(NamedTuple, Generic[C]):
    """A command, and the first fact that followed from it, or None if none came in time."""

    command: C
    fact: Contract | None


async def answers_to(
    system: Connection, user: str, commands: Sequence[C]
) -> AsyncGenerator[Answered[C], None]:
    """What came of each command, as it comes; those without an answer at the end."""
    async with _listening(system, user) as (senders, history):
        asked = {await senders.command(each, datetime.now(UTC), user): each for each in commands}
        facts = aiter(history)
        patience = _from_now()
        while asked:
            try:
                async with asyncio.timeout_at(patience):
                    _, told = await anext(facts)
            except TimeoutError:
                break
            kind = catalogue.get(str(told.headers.get("ce-type")))
            cause = str(told.headers.get("ce-causationid"))
            if kind and cause in asked:
                patience = _from_now()
                yield Answered(asked.pop(cause), kind.model_validate_json(told.body))
    for command in asked.values():
        yield Answered(command, None)


@asynccontextmanager
async def _listening(system: Connection, user: str) -> AsyncIterator[tuple[Senders, History]]:
    senders = Senders(system.user)
    try:
        async with History(system.user(user), "next") as history:
            yield senders, history
    finally:
        await senders.close()


def _from_now() -> float:
    return asyncio.get_running_loop().time() + ANSWER_SECONDS


async def answer_to(system: Connection, user: str, command: Command) -> Contract:
    """What came of one command; raises `RefusedError` if nobody answers."""
    async with aclosing(answers_to(system, user, [command])) as answers:
        async for answered in answers:
            if answered.fact:
                return answered.fact
    raise RefusedError("nobody has answered yet; the command waits in its queue")


async def read(system: Connection, service: str, path: str, **asked: str) -> Any:
    """What a service shows over HTTP; raises `RefusedError` with the service's sentence."""
    async with httpx.AsyncClient(timeout=30) as web:
        return told_by(await web.get(f"{system.services[service]}{path}", params=asked))


def told_by(answer: httpx.Response) -> Any:
    """What a service says; its refusal is a sentence."""
    if answer.is_client_error:
        raise RefusedError(answer.json()["error"])
    return answer.raise_for_status().json()
