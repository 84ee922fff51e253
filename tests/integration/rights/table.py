"""Who may do what, written down by hand: what the broker and the database must do, whatever the
code says. A new kind of fact or a new queue needs its line here.
"""

from collections.abc import Mapping

PARTNERS = ("zeytin", "klinikum", "kifa")
SERVICES = ("matching", "network", "notifications", "listener")
DESK = "desk"
OPERATOR = "operator"
USERS = (*SERVICES, DESK, OPERATOR, *PARTNERS)

EXCHANGES = (
    "intake", "replies", "commands", "events", "private", "retry", "retry.return", "dead-letters",
)  # fmt: skip
FOREIGN_EXCHANGES = ("", "amq.topic", "amq.direct", "amq.fanout", "amq.headers")
"""Those that every broker has. Over the first one a message could reach any queue by its name."""

PARTNERS_KEYS: Mapping[str, str] = {"zeytin": "referral", "kifa": "referral", "klinikum": "recruit"}
OPERATORS_KEYS = ("willkommen.dead-letter.replay.v1", "willkommen.dead-letter.discard.v1")
FACTS: Mapping[str, frozenset[str]] = {
    "matching": frozenset(
        {
            "dead-letter",
            "duplicate",
            "household",
            "match",
            "matching",
            "participation",
            "question",
            "recruit",
            "session",
            "sponsor",
            "sponsorship",
        }
    ),
    "network": frozenset(
        {
            "actor",
            "cost",
            "dead-letter",
            "evaluation",
            "network-meeting",
            "plan",
            "request",
            "training",
        }
    ),
    "notifications": frozenset({"dead-letter", "message"}),
}
"""Whose facts these are, by the word after `willkommen.`; a listener has none."""
WRITES_REPLIES = frozenset({"matching"})
WRITES_PRIVATELY = frozenset({"matching", "network"})

READS: Mapping[str, frozenset[str]] = {
    **{each: frozenset({each, f"{each}.dead-letters"}) for each in SERVICES},
    **{each: frozenset({f"replies.{each}"}) for each in PARTNERS},
    DESK: frozenset({"events.history"}),
    OPERATOR: frozenset({"events.history"}),
}
QUEUES = frozenset().union(*READS.values(), {"retry.1s", "retry.10s", "retry.1m", "retry.10m"})

STRANGE_KEYS: Mapping[str, tuple[str, ...]] = {
    "intake": (
        "", "#", "anything", "referral", "referral.zeytin", "referral.#", "referral.*.submitted",
        "referral.zeytin.submitted.more", "more.referral.zeytin.submitted", "referral..submitted",
        "Referral.zeytin.submitted", "referral.zeytin.SUBMITTED", "referral.zeytinx.submitted",
        "referral.desk.submitted", "referral.matching.submitted",
        "referral.zeytin.submitted\n", "\n",
    ),
    "events": (
        "", "#", "willkommen.household.invented.v1", "willkommen.household.registered.v99",
        "willkommen.message.sent.v1.more", "willkommen.message.sent.v1\n",
        "x.willkommen.cost.recorded.v1", "willkommen.#",
    ),
    "retry": ("", "#", "1s", "1s.", "2s.matching", "1s.matching.more", "1s.zeytin", "1s.desk"),
}  # fmt: skip


def may_write(user: str, exchange: str, key: str) -> bool:
    """Whether the broker takes a message of this user with this exchange and routing key."""
    if key in STRANGE_KEYS.get(exchange, ()):
        return False
    words = key.split(".")
    return {
        "intake": words[:2] == [PARTNERS_KEYS.get(user), user],
        "commands": user == DESK or (user == OPERATOR and key in OPERATORS_KEYS),
        "events": len(words) > 1 and words[1] in FACTS.get(user, ()),
        "replies": user in WRITES_REPLIES,
        "private": user in WRITES_PRIVATELY,
        "retry": user in FACTS and words[-1] == user,
    }.get(exchange, False)
