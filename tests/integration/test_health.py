"""What a service says of itself over HTTP: alive, ready or why not, metrics, what is to do."""

import httpx
import pytest

from shared.messaging.topology import DESK
from tests.support.books import BOOKS, books
from tests.support.builders import cost
from tests.support.client import connected
from tests.support.cut_off import behind_proxies
from tests.support.probes import becomes
from tests.support.system import System

NONE: list[str] = []


async def test_a_running_service_is_alive_and_ready(system: System) -> None:
    async with system.running(books()) as app, httpx.AsyncClient(base_url=app.http.address) as web:
        assert (await web.get("/live")).status_code == httpx.codes.OK
        assert (await web.get("/ready")).json() == {"problems": []}


async def test_a_service_that_does_not_consume_is_alive_but_not_ready(system: System) -> None:
    async with system.running(books()) as app, httpx.AsyncClient(base_url=app.http.address) as web:
        await app.consumer.stop_taking()
        answer = await web.get("/ready")
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert answer.json() == {"problems": ["nobody consumes the queue"]}
        assert (await web.get("/live")).status_code == httpx.codes.OK


async def test_a_service_says_what_it_is_cut_off_from_until_it_is_there_again(
    system: System,
) -> None:
    async with (
        behind_proxies(system) as (there, broker, database),
        there.running(books()) as app,
        httpx.AsyncClient(base_url=app.http.address, timeout=30) as web,
    ):

        async def problems() -> list[str]:
            return list((await web.get("/ready")).json()["problems"])

        assert await problems() == []
        broker.refuse()
        broker.cut()
        await becomes("problems", ["nobody consumes the queue"], problems)
        await broker.heal()
        await becomes("problems", NONE, problems)
        database.swallow()
        await becomes("problems", ["the database does not answer"], problems)
        await database.heal()
        await becomes("problems", NONE, problems)


async def test_status_and_metrics_count_what_was_handled(system: System) -> None:
    async with (
        system.running(books()) as app,
        httpx.AsyncClient(base_url=app.http.address) as web,
        connected(system, DESK) as desk,
    ):
        await desk.tell(cost())

        async def published() -> str:
            metrics = (await web.get("/metrics")).text
            return metrics.split("\nwillkommen_published_total ")[1].split("\n")[0]

        await becomes("facts published", "1.0", published)
        status = (await web.get("/status")).json()
        assert status["service"] == BOOKS
        assert (status["counts"]["received"], status["counts"]["handled"]) == (1, 1)
        assert (status["in_flight"], status["outbox"], status["timers_due"]) == (0, 0, 0)
        handled = f'{{outcome="handled",service="{BOOKS}",type="willkommen.cost.record.v1"}} 1.0'
        assert handled in (await web.get("/metrics")).text


@pytest.mark.parametrize("path", ["/", "/parked/../settings", "/status/x", "/docs"])
async def test_nothing_else_is_served(system: System, path: str) -> None:
    async with system.running(books()) as app, httpx.AsyncClient(base_url=app.http.address) as web:
        assert (await web.get(path)).status_code == httpx.codes.NOT_FOUND
