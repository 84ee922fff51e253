"""A city kept by instances that hold their sessions once a week, so that what is tentative stays
so for a while; and what staff are shown of it.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from services.matching.app import parts
from services.matching.domain.policy import Policy, Rhythm
from services.matching.store import MatchingStore
from shared.contracts.ids import household_id, sponsor_id
from shared.runtime import App
from tests.integration.matching_bench import Bench
from tests.support.probes import becomes, eventually

LEASE_SECONDS = 1.0
WEEKLY = parts(Policy(rhythm=Rhythm.WEEKLY), LEASE_SECONDS)


@asynccontextmanager
async def weekly(bench: Bench, instance: str = "one") -> AsyncIterator[App[MatchingStore]]:
    """An instance of the service."""
    async with bench.system.running(WEEKLY, instance) as app:
        yield app


async def asked(app: App[Any], **question: str) -> httpx.Response:
    """What an instance answers about the tentative optimum."""
    async with httpx.AsyncClient(base_url=app.http.address, timeout=30) as web:
        return await web.get("/tentative", params=question)


async def shown(app: App[Any], **question: str) -> dict[str, Any]:
    """The same, where it is well asked."""
    found: dict[str, Any] = (await asked(app, **question)).raise_for_status().json()
    return found


async def pairs(app: App[Any]) -> dict[str, str]:
    """Households with the sponsors that they would get now."""
    return {each["id"]: each["after"]["sponsor_id"] for each in (await shown(app))["households"]}


async def would_get(app: App[Any], wanted: Mapping[str, str]) -> None:
    """Wait until the tentative pairs are these, written as references."""
    ids = {household_id("zeytin", who): sponsor_id(whom) for who, whom in wanted.items()}
    await becomes("tentative pairs", ids, lambda: pairs(app))


async def counts(app: App[Any]) -> tuple[int, int, int]:
    """How many wait, have room, would be proposed."""
    found = await shown(app)
    return found["waiting"], found["with_room"], found["proposed"]


async def replies(bench: Bench, number: int) -> list[str]:
    """Wait until the partner was told so often since it was last asked; gives the statuses."""
    told: list[str] = []

    async def enough() -> bool:
        told.extend(status for status, _ in await bench.replies())
        return len(told) >= number

    await eventually(f"{number} replies", enough)
    return told
