"""`willkommen events`: follow the facts as they happen, or from the beginning."""

import asyncio
from typing import Annotated, Any

import aio_pika
import typer
from rich.console import Console

from shared.messaging.topology import DESK, HISTORY
from willkommen import connection


def events(
    start: Annotated[
        str, typer.Option("--from", help="first, last, next, or a time back such as 1h or 7D.")
    ] = "next",
    kind: Annotated[str, typer.Option("--type", help="Only types that contain this.")] = "",
) -> None:
    """Follow the facts of all services; they hold ids, codes and counts, no personal data."""
    url = connection.find().user(DESK)
    try:
        asyncio.run(_follow(url, start, kind, Console()))
    except KeyboardInterrupt:
        raise typer.Exit from None


async def _follow(url: str, start: str, kind: str, out: Console) -> None:
    broker = await aio_pika.connect(url)
    async with broker:
        channel = await broker.channel()
        await channel.set_qos(prefetch_count=200)
        queue = await channel.get_queue(HISTORY, ensure=False)
        async with queue.iterator(arguments={"x-stream-offset": start}) as facts:
            async for fact in facts:
                headers: dict[str, Any] = dict(fact.headers)
                if kind in str(headers.get("ce-type")):
                    time, name = headers.get("ce-time"), headers.get("ce-type")
                    out.print(f"{time} {name} {fact.body.decode()}", soft_wrap=True, markup=False)
                await fact.ack()
