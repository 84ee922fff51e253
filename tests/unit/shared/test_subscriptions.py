"""A service's table of subscriptions: one translator for a type, sub-domains put together."""

import pytest

from shared.contracts.desk import EndSponsorship, LogMeeting
from shared.messaging import Facts, Message, Subscriptions
from shared.messaging.subscriptions import DECISIONS

MET = LogMeeting.wire.type
ENDED = EndSponsorship.wire.type


class NoStore:
    """A store that nobody asks."""


async def met(_: Message[LogMeeting], __: NoStore) -> Facts:
    return ()


async def ended(_: Message[EndSponsorship], __: NoStore) -> Facts:
    return ()


def listening_to_meetings() -> Subscriptions[NoStore]:
    subscriptions = Subscriptions[NoStore]()
    subscriptions.to(LogMeeting)(met)
    return subscriptions


def test_a_translator_is_known_by_its_name() -> None:
    subscription = listening_to_meetings().by_type[MET]
    assert (subscription.name, subscription.translate) == ("met", met)


def test_a_type_has_one_translator() -> None:
    with pytest.raises(ValueError, match=f"{MET} has a subscriber already"):
        listening_to_meetings().to(LogMeeting)(met)


def test_sub_domains_are_put_together() -> None:
    whole = Subscriptions[NoStore]()
    whole.to(EndSponsorship)(ended)
    whole.include(listening_to_meetings())
    own = {ENDED: EndSponsorship, MET: LogMeeting}
    assert whole.contracts == own | DECISIONS
    assert whole.by_type.keys() == own.keys()
