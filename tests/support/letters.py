"""Decides about dead letters as staff do, and sees what is left of them."""

from typing import Any

from shared.contracts.dead_letters import (
    Decision,
    DiscardDeadLetter,
    DiscloseDeadLetter,
    ReplayDeadLetter,
)
from shared.runtime import App
from shared.storage.records import Parked, ParkedMessage
from tests.support.books import BOOKS
from tests.support.builders import STAFF
from tests.support.client import history
from tests.support.probes import becomes, eventually
from tests.support.system import System

NOTE = "the contract was mended"


async def waiting(app: App[Any], number: int = 1) -> list[ParkedMessage]:
    """The dead letters, once there are so many."""

    async def enough() -> list[ParkedMessage]:
        found = await Parked(app.database).all()
        return found if len(found) >= number else []

    return await eventually(f"{number} dead letters", enough)


async def all_letters(app: App[Any]) -> list[ParkedMessage]:
    """Also those about which somebody decided."""
    return await Parked(app.database).find({})


def replay(letter_id: str, service: str = BOOKS) -> ReplayDeadLetter:
    return ReplayDeadLetter(**_decision(letter_id, service))


def discard(letter_id: str, service: str = BOOKS) -> DiscardDeadLetter:
    return DiscardDeadLetter(**_decision(letter_id, service))


def disclose(letter_id: str, ticket_hash: str, service: str = BOOKS) -> Decision:
    return DiscloseDeadLetter(**_decision(letter_id, service), ticket_hash=ticket_hash)


def _decision(letter_id: str, service: str) -> dict[str, Any]:
    return {"staff_id": STAFF, "service": service, "dead_letter_id": letter_id, "note": NOTE}


async def answers(system: System, number: int) -> list[tuple[str, str]]:
    """What was told about dead letters so far, each with its reason if it has one."""
    told = []
    for fact in await history(system, number):
        kind = str(fact.headers["ce-type"])
        if kind.startswith("willkommen.dead-letter."):
            data = fact.body.decode()
            reason = data.partition('"reason":"')[2].partition('"')[0]
            told.append((kind.split(".")[2], reason))
    return told


async def states(app: App[Any]) -> list[str]:
    return [each.state.value for each in await all_letters(app)]


async def replayed(app: App[Any]) -> None:
    """Wait until the only dead letter is none any more."""
    await becomes("states", ["replayed"], lambda: states(app))
