"""Deliveries and messages that are right unless a test says otherwise."""

import json
from datetime import UTC, datetime
from typing import Any

from shared.contracts import Contract
from shared.contracts.desk import DecideMatch
from shared.contracts.network import TrainingCompleted
from shared.contracts.notifications import RequestMessage
from shared.contracts.partners import RecruitCorrected, ReferralSubmitted, ReferralWithdrawn
from shared.messaging.message import Delivery, Message
from shared.messaging.topology import Partner, ServiceRights, Topology
from willkommen.system import SERVICES

NOW = datetime(2016, 5, 2, 9, 0, tzinfo=UTC)
CONTRACTS: dict[str, type[Contract]] = {
    contract.wire.type: contract
    for contract in (
        ReferralSubmitted,
        ReferralWithdrawn,
        RecruitCorrected,
        DecideMatch,
        TrainingCompleted,
        RequestMessage,
    )
}
WITHDRAWN = {"reference": "ZT-1", "reason": "moved_away"}
HOUSEHOLD = {
    "contact": {"name": "Amal Testari", "email": "amal@mail.example"},
    "adults": 2,
    "countries": ["SY"],
    "languages": [{"code": "ar", "level": "native"}],
    "district": "mitte",
    "history": "none",
    "housing": "private",
    "has_social_worker": False,
    "arrived_on": "2016-01-10",
    "consent_on": "2016-04-30",
}


def headers(kind: str, message_id: str = "m-1", source: str = "/partners/zeytin") -> dict[str, Any]:
    return {
        "ce-specversion": "1.0",
        "ce-id": message_id,
        "ce-source": source,
        "ce-type": kind,
        "ce-time": "2016-05-02T09:00:00Z",
    }


def delivery(data: object = WITHDRAWN, **other: Any) -> Delivery:
    """A referral is withdrawn by the partner `zeytin`, in binary mode."""
    values: dict[str, Any] = {
        "exchange": "intake",
        "routing_key": "referral.zeytin.withdrawn",
        "message_id": "m-1",
        "user_id": "zeytin",
        "content_type": "application/json",
        "headers": headers("willkommen.referral.withdrawn.v1"),
        "body": json.dumps(data).encode(),
    }
    return Delivery(**(values | other))


def referral(household: object = HOUSEHOLD, **other: Any) -> Delivery:
    """A household is referred by the partner `zeytin`."""
    return delivery(
        {"reference": "ZT-1", "household": household, **other},
        routing_key="referral.zeytin.submitted",
        headers=headers("willkommen.referral.submitted.v1"),
    )


def structured(**other: Any) -> Delivery:
    """The withdrawal as one JSON object."""
    attributes = {
        "specversion": "1.0",
        "id": "m-1",
        "source": "/partners/zeytin",
        "type": "willkommen.referral.withdrawn.v1",
    }
    event = attributes | {"data": WITHDRAWN} | other
    return delivery(event, content_type="application/cloudevents+json", headers={})


def cause(key: str = "zeytin/m-1") -> Message[None]:
    """The message because of which something is published."""
    return Message(key, "m-1", "", "/partners/zeytin", "zeytin", "first-1", 1, NOW, None)


def topology() -> Topology:
    """The services as they are, with a partner for referrals and one for recruits."""
    partners = [Partner("zeytin"), Partner("klinikum", ("recruit",))]
    rights: list[ServiceRights] = [parts.rights for parts in SERVICES.values()]
    return Topology(rights, partners)
