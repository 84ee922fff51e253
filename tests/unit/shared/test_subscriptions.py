"""A service's table of subscriptions: one translator for a type, sub-domains put together."""

import pytest

from shared.contracts.desk import EndSponsorship, LogMeeting
from shared.messaging import Facts, Message, Subscriptions


class NoStore:
    """A store that nobody asks."""


def listening_to_meetings() -> Subscriptions[NoStore]:
    subscriptions = Subscriptions[NoStore]()

    @subscriptions.to(LogMeeting)
    async def met(message: Message[LogMeeting], store: NoStore) -> Facts:
        """Nothing follows."""
        assert message
        assert store
        return ()

    return subscriptions


async def nothing(message: Message[EndSponsorship], store: NoStore) -> Facts:
    """Nothing follows."""
    assert message
    assert store
    return ()


def test_a_translator_is_known_by_its_name() -> None:
    subscription = listening_to_meetings().by_type[LogMeeting.wire.type]
    assert subscription.name == "met"


def test_a_type_has_one_translator() -> None:
    subscriptions = listening_to_meetings()
    with pytest.raises(ValueError, match="has a subscriber already"):
        listening_to_meetings_again(subscriptions)


def listening_to_meetings_again(subscriptions: Subscriptions[NoStore]) -> None:
    @subscriptions.to(LogMeeting)
    async def again(message: Message[LogMeeting], store: NoStore) -> Facts:
        assert message
        assert store
        return ()


def test_sub_domains_are_put_together() -> None:
    whole = Subscriptions[NoStore]()
    whole.to(EndSponsorship)(nothing)
    whole.include(listening_to_meetings())
    assert whole.contracts.keys() == {EndSponsorship.wire.type, LogMeeting.wire.type}
    assert whole.by_type.keys() == whole.contracts.keys()


def test_two_sub_domains_cannot_listen_to_the_same_type() -> None:
    whole = listening_to_meetings()
    with pytest.raises(ValueError, match="has a subscriber already"):
        whole.include(listening_to_meetings())
