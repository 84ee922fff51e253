"""Makes of every message two to five, in another order: what networks, reconnects and impatient
senders do, at once and everywhere.
"""

import random
from collections.abc import Iterable, Sequence
from typing import Any

from aio_pika.abc import AbstractIncomingMessage

from tests.faults.town import Town
from tests.support.client import Letter, connected

FEWEST, MOST = 2, 5


def multiplied(letters: Iterable[Letter], chance: random.Random) -> list[Letter]:
    """Each message two to five times, all of them shuffled."""
    many = [each for each in letters for _ in range(chance.randint(FEWEST, MOST))]
    chance.shuffle(many)
    return many


def as_it_came(message: AbstractIncomingMessage) -> Letter:
    """The same message once more, as its publisher would send it."""
    headers: dict[str, Any] = dict(message.headers)
    return Letter(
        body=message.body,
        type=str(headers.pop("ce-type")),
        exchange=message.exchange or "",
        key=message.routing_key or "",
        message_id=message.message_id,
        source=str(headers.pop("ce-source")),
        content_type=message.content_type or "",
        headers={name: value for name, value in headers.items() if name.startswith("ce-")},
    )


async def send_as_services(town: Town, letters: Sequence[Letter]) -> None:
    """Send what services published once more, each with its publisher's own rights."""
    for service in {each.source.rpartition("/")[2] for each in letters}:
        async with connected(town.system, service) as publisher:
            await publisher.send(*(each for each in letters if each.source.endswith(service)))
