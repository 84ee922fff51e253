"""A partner's client to start from: sends one referral and shows what becomes of it.

It needs Python 3.11, `pip install aio-pika`, and the address with your credentials:
AMQP_URL=amqp://USER:PASSWORD@HOST:5672/willkommen python partner_example.py REFERENCE
"""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import aio_pika

SECONDS = 60
FIRST_ANSWERS = {"accepted", "declined"}


def referral(reference: str) -> dict[str, Any]:
    """The household, as the schema ReferralSubmitted asks for it: put your own data here."""
    return {
        "reference": reference,
        "household": {
            "contact": {"name": "Amal Testari", "email": "amal@mail.example", "language": "ar"},
            "adults": 2,
            "children": ["2010-03-04", "2013-11-20"],
            "countries": ["SY"],
            "languages": [{"code": "ar", "level": "native"}, {"code": "de", "level": "A2"}],
            "topics": ["german_language"],
            "availability": ["tue-evening", "sat-morning"],
            "district": "eglosheim",
            "history": "none",
            "housing": "private",
            "has_social_worker": False,
            "arrived_on": "2016-01-10",
            "consent_on": "2016-04-30",
        },
    }


def message(partner: str, data: dict[str, Any]) -> aio_pika.Message:
    """A CloudEvent in binary mode; keep it, and send the same again if it was not confirmed."""
    message_id = str(uuid4())
    return aio_pika.Message(
        json.dumps(data, ensure_ascii=False).encode(),
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message_id,
        user_id=partner,  # the broker refuses any other than your own
        headers={
            "ce-specversion": "1.0",
            "ce-id": message_id,
            "ce-source": f"/partners/{partner}",
            "ce-type": "willkommen.referral.submitted.v1",
            "ce-time": datetime.now(UTC).isoformat(),
        },
    )


async def send(connection: aio_pika.abc.AbstractConnection, partner: str, told: Any) -> None:
    """Return when the broker has confirmed: from then on the message cannot get lost."""
    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
    intake = await channel.get_exchange("intake", ensure=False)
    await intake.publish(told, routing_key=f"referral.{partner}.submitted")
    print(f"confirmed: {told.message_id}")


async def first_answer(
    connection: aio_pika.abc.AbstractConnection, partner: str, told: Any, reference: str
) -> str:
    """Print the replies until this referral was decided; acknowledge each once you have it safe."""
    channel = await connection.channel()
    replies = await channel.get_queue(f"replies.{partner}", ensure=False)
    async with replies.iterator() as incoming:
        async for reply in incoming:
            data = json.loads(reply.body)
            print(reply.headers["ce-type"], json.dumps(data))
            await reply.ack()
            if data.get("message_id") == told.message_id:
                return "refused"
            if data.get("reference") == reference and data["status"] in FIRST_ANSWERS:
                return str(data["status"])
    raise ConnectionError("the broker ended the connection")


async def main(address: str, reference: str) -> str:
    """Send a referral and give what became of it: accepted, declined or refused."""
    partner = unquote(urlsplit(address).username or "")
    told = message(partner, referral(reference))
    async with await aio_pika.connect(address) as connection:
        await send(connection, partner, told)
        async with asyncio.timeout(SECONDS):
            return await first_answer(connection, partner, told, reference)


if __name__ == "__main__":
    if len(sys.argv) != 2 or "AMQP_URL" not in os.environ:  # noqa: PLR2004
        sys.exit(__doc__)
    try:
        became = asyncio.run(main(os.environ["AMQP_URL"], sys.argv[1]))
    except TimeoutError:
        sys.exit(f"no answer within {SECONDS} s; the referral is safe, its answer will come")
    sys.exit(0 if became == "accepted" else 1)
