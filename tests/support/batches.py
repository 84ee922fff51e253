"""Hands messages to the heart so that they are decided in one batch, whatever the broker's pace."""

import asyncio
from typing import Any

from shared.messaging.message import Delivery
from shared.runtime import App
from shared.storage.records import Ledger, Parked
from tests.support.client import Letter


def delivery_of(letter: Letter) -> Delivery:
    """What the broker would hand over."""
    return Delivery(
        exchange=letter.exchange,
        routing_key=letter.key,
        message_id=letter.message_id or "",
        user_id=letter.user_id or "",
        content_type=letter.content_type,
        headers=letter.properties.headers or {},
        body=letter.body,
    )


async def decide_together(app: App[Any], *letters: Letter) -> None:
    """Decide all in one batch, which may be split; returns when each took effect."""
    await asyncio.gather(*(app.group_commit.process(delivery_of(each)) for each in letters))


def commits_of(app: App[Any]) -> int:
    """How many transactions the service committed so far."""
    return int(app.metrics.registry.get_sample_value("willkommen_batch_size_count") or 0)


async def counts_of(app: App[Any]) -> dict[str, int]:
    """How its messages came out, in the service's own exact books."""
    totals = await Ledger(app.database).totals()
    outcomes = ("handled", "duplicates", "parked", "retried", "stale", "turned_away")
    return {name: totals[name] for name in outcomes if totals.get(name)}


async def parked_in(app: App[Any]) -> dict[str, str]:
    """The reasons of parked messages by the id that their sender gave them."""
    return {each.message_id: each.reason for each in await Parked(app.database).all()}
