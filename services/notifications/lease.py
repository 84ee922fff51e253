"""Notices workers that died or fell silent in the middle of sending.

Their mails may have gone out, so they are not sent again: a person decides.
"""

import asyncio
from datetime import UTC, datetime
from typing import Final

import structlog

from shared.runtime import App

from .contracts import DeliveryAbandoned
from .domain.delivery import Delivery
from .patience import patiently
from .store import NotificationsStore

LOOKS_PER_LEASE: Final = 10
LONGEST_PAUSE: Final = 10.0

log = structlog.get_logger(__name__)


async def watch(app: App[NotificationsStore], lease_seconds: float) -> None:
    """Look for leases that ran out, in real time, until cancelled."""
    pause = min(lease_seconds / LOOKS_PER_LEASE, LONGEST_PAUSE)
    while True:
        await asyncio.sleep(pause)
        for delivery in await patiently(lambda: app.read().sending()):
            if delivery.attempts[-1].lease_until < datetime.now(UTC):
                await _abandon(app, delivery)


async def _abandon(app: App[NotificationsStore], delivery: Delivery) -> None:
    log.warning("a mail may or may not have gone out", delivery=delivery.id)
    told = DeliveryAbandoned(delivery_id=delivery.id, token=delivery.token)
    await app.group_commit.tell(told, f"abandoned/{delivery.token}")
