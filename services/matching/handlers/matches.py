"""Sponsorships: decided by staff, answered by both sides, accompanied, ended."""

from shared.contracts.desk import AnswerMatch, DecideMatch, EndSponsorship, LogMeeting
from shared.messaging import Facts, Message
from shared.storage.timers import Timer

from ..domain import match as matches
from ..store import MatchingStore
from .keeping import keep_match

_UNKNOWN = "there is no such match"


async def decide(store: MatchingStore, message: Message[DecideMatch]) -> Facts:
    """Staff approve or reject."""
    before = await store.match(message.data.sponsorship_id)
    if before is None:
        return (matches.refusal(message.data.sponsorship_id, _UNKNOWN),)
    after, facts = matches.decide(before, message.data, message.now)
    keep_match(store, message, before, after)
    return facts


async def answer(store: MatchingStore, message: Message[AnswerMatch]) -> Facts:
    """The sponsor or the household accepts or declines."""
    told = message.data
    before = await store.match(told.sponsorship_id)
    if before is None:
        return (matches.refusal(told.sponsorship_id, _UNKNOWN),)
    after, facts = matches.answer(before, told.side, accepted=told.accepted, today=message.today)
    keep_match(store, message, before, after)
    return facts


async def expire(store: MatchingStore, message: Message[Timer]) -> Facts:
    """The time to answer is over."""
    before = await store.match(message.data.key)
    if before is None:
        return ()
    after, facts = matches.expire(before)
    keep_match(store, message, before, after)
    return facts


async def log_meeting(store: MatchingStore, message: Message[LogMeeting]) -> Facts:
    """Sponsor and household met."""
    before = await store.match(message.data.sponsorship_id)
    if before is None:
        return (matches.refusal(message.data.sponsorship_id, _UNKNOWN),)
    after, facts = matches.log_meeting(before, message.data.held_on, message.today)
    keep_match(store, message, before, after)
    return facts


async def end(store: MatchingStore, message: Message[EndSponsorship]) -> Facts:
    """A sponsorship ends with an outcome."""
    before = await store.match(message.data.sponsorship_id)
    if before is None:
        return (matches.refusal(message.data.sponsorship_id, _UNKNOWN),)
    after, facts = matches.end(before, message.data.outcome, message.today)
    keep_match(store, message, before, after)
    return facts
