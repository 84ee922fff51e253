"""Matches and sponsorships: decided by staff, answered by both sides, accompanied, ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from shared.contracts.desk import AnswerMatch, DecideMatch, EndSponsorship
from shared.contracts.desk_matches import HoldMatch, OverrideMatch
from shared.contracts.desk_sponsorships import EndAndRematch
from shared.contracts.matching_sponsorships import OverrideRefused, ReleaseCause
from shared.messaging import Facts, Message
from shared.storage.timers import Timer

from ..domain import accompaniment, clocks, override, rematch, undecided
from ..domain import match as matches
from ..domain.calendar import local_day
from ..domain.log import Stamp
from ..domain.match import Match, Outcomes
from ..store import MatchingStore
from .keeping import keep_match

UNKNOWN = "there is no such match"

Take = Callable[[Match], Outcomes]


async def decide(store: MatchingStore, message: Message[DecideMatch]) -> Facts:
    """Staff approve or reject."""
    lasting = timedelta(days=store.policy.answer_days)
    return await take(
        store, message, lambda match: matches.decide(match, message.data, message.now, lasting)
    )


async def hold(store: MatchingStore, message: Message[HoldMatch]) -> Facts:
    """Staff keep a proposal for some days."""
    told, until = message.data, message.today + timedelta(days=message.data.days)
    stamp = Stamp(told.staff_id, message.now)
    return await take(store, message, lambda match: matches.hold(match, until, stamp, told.reason))


async def end_hold(store: MatchingStore, message: Message[Timer]) -> Facts:
    """The days for which a proposal was kept are over."""
    return await when_due(store, message, matches.end_hold)


async def urge(store: MatchingStore, message: Message[Timer]) -> Facts:
    """A proposal has waited for a decision for a while."""
    return await when_due(
        store, message, lambda match: undecided.urge(match, store.policy, message.now)
    )


async def lapse(store: MatchingStore, message: Message[Timer]) -> Facts:
    """The time to decide is over."""
    return await when_due(
        store, message, lambda match: undecided.lapse(match, store.policy, message.now)
    )


async def choose(store: MatchingStore, message: Message[OverrideMatch]) -> Facts:
    """Staff choose a pair themselves; an undecided proposal of the household is given up."""
    told = message.data
    household = await store.households.get(told.household_id)
    sponsor = await store.sponsors.get(told.sponsor_id)
    if household is None or sponsor is None:
        return _not_chosen(told, f"there is no such {'sponsor' if household else 'household'}")
    present = await store.match(household.sponsorship_id)
    until = message.today + timedelta(days=store.policy.answer_days)
    if reason := override.why_not(household, sponsor, present, until):
        return _not_chosen(told, reason)
    released: Facts = ()
    if present:
        free, released = rematch.release(present, ReleaseCause.OVERRIDDEN)
        keep_match(store, message, present, free)
        household = free.household
    proposed, (chosen, facts) = override.choose(household, sponsor, told, message.now)
    keep_match(store, message, proposed, chosen)
    return (*released, *facts)


def _not_chosen(told: OverrideMatch, reason: str) -> Facts:
    return (
        OverrideRefused(household_id=told.household_id, sponsor_id=told.sponsor_id, reason=reason),
    )


async def answer(store: MatchingStore, message: Message[AnswerMatch]) -> Facts:
    """The sponsor or the household accepts or declines."""
    told = message.data

    def step(match: Match) -> Outcomes:
        return matches.answer(match, told.side, accepted=told.accepted, today=message.today)

    return await take(store, message, step)


async def end(store: MatchingStore, message: Message[EndSponsorship]) -> Facts:
    """A sponsorship ends with an outcome, and the household is closed."""
    return await take(
        store, message, lambda match: matches.end(match, message.data.outcome, message.today)
    )


async def end_and_rematch(store: MatchingStore, message: Message[EndAndRematch]) -> Facts:
    """A sponsorship ends with an outcome, and the household waits for another sponsor."""
    outcome = message.data.outcome
    return await take(
        store, message, lambda match: rematch.end_and_rematch(match, outcome, message.today)
    )


async def remind(store: MatchingStore, message: Message[Timer]) -> Facts:
    """Somebody has not answered for a while."""

    def step(match: Match) -> Outcomes:
        until = clocks.answers_due(match.sponsorship, store.policy)
        return matches.remind(match, local_day(until)) if until else (match, ())

    return await when_due(store, message, step)


async def expire(store: MatchingStore, message: Message[Timer]) -> Facts:
    """The time to answer is over."""
    return await when_due(store, message, matches.expire)


async def ask(store: MatchingStore, message: Message[Timer]) -> Facts:
    """It is time to ask both sides how it is going."""
    return await when_due(store, message, accompaniment.ask)


async def notice_silence(store: MatchingStore, message: Message[Timer]) -> Facts:
    """There may have been no real contact for long."""
    return await when_due(
        store, message, lambda match: accompaniment.notice_silence(match, message.today)
    )


async def take(store: MatchingStore, message: Message[Any], step: Take) -> Facts:
    """Load the match, take the step, keep what comes of it; staff hear when there is none."""
    key = message.data.sponsorship_id
    before = await store.match(key)
    if before is None:
        return (matches.refusal(key, UNKNOWN),)
    after, facts = step(before)
    keep_match(store, message, before, after)
    return facts


async def when_due(store: MatchingStore, message: Message[Timer], step: Take) -> Facts:
    """The same for a timer, of which nobody hears when there is nothing to do."""
    before = await store.match(message.data.key)
    if before is None:
        return ()
    after, facts = step(before)
    keep_match(store, message, before, after)
    return facts
