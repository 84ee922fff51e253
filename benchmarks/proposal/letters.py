"""Referrals as a partner publishes them."""

import aio_pika

from benchmarks.proposal.people import PARTNER
from shared.contracts.partners import ReferralSubmitted


def letter(told: ReferralSubmitted, number: int) -> aio_pika.Message:
    """As the partner publishes it."""
    headers = {
        "ce-specversion": "1.0",
        "ce-id": f"m-{number}",
        "ce-source": f"/partners/{PARTNER}",
        "ce-type": told.wire.type,
    }
    return aio_pika.Message(
        told.model_dump_json().encode(),
        content_type="application/json",
        message_id=f"m-{number}",
        user_id=PARTNER,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        headers=dict(headers),
    )
