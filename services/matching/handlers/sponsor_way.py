"""A sponsor's way: interviewed, changed, pausing, leaving, back; and what becomes of matches."""

from collections.abc import Callable
from typing import Any

from shared.contracts.desk_sponsors import (
    AcknowledgeHandbook,
    ChangeSponsor,
    LeaveSponsor,
    PauseSponsor,
    ReadmitSponsor,
    RecordInterview,
    ResumeSponsor,
)
from shared.contracts.matching import SponsorRefused
from shared.contracts.matching_sponsorships import ReleaseCause
from shared.messaging import Facts, Message
from shared.storage.timers import Timer

from ..domain import rematch
from ..domain import sponsor_way as way
from ..domain.calendar import moment
from ..domain.match import Match, Outcomes
from ..domain.recruit import OFFICE_OPENS
from ..domain.sponsor import Sponsor, Step
from ..store import MatchingStore
from .keeping import keep_match, keep_sponsor

RETURNS = "sponsor-returns"
UNKNOWN = "there is no such sponsor"


async def interview(store: MatchingStore, message: Message[RecordInterview]) -> Facts:
    """The interview decides whether the volunteer is taken in."""
    return await _take(
        store, message, lambda known: way.interview(known, message.data, message.today)
    )


async def acknowledge(store: MatchingStore, message: Message[AcknowledgeHandbook]) -> Facts:
    """A sponsor agrees to work by a version of the handbook."""
    return await _take(
        store, message, lambda known: way.acknowledge(known, message.data, message.today)
    )


async def resume(store: MatchingStore, message: Message[ResumeSponsor]) -> Facts:
    """A sponsor is back before the time, or from an open pause."""
    store.timers.cancel(RETURNS, message.data.sponsor_id)
    return await _take(store, message, way.resume)


async def readmit(store: MatchingStore, message: Message[ReadmitSponsor]) -> Facts:
    """A sponsor who had left is back."""
    return await _take(store, message, way.readmit)


async def change(store: MatchingStore, message: Message[ChangeSponsor]) -> Facts:
    """Proposals that rest on what is no longer so are given up and found anew."""
    known = await store.sponsors.get(message.data.sponsor_id)
    facts = await _take(store, message, lambda sponsor: way.change(sponsor, message.data))
    changed = await store.sponsors.get(message.data.sponsor_id)
    if known is None or changed is None or not way.unsettles(known, changed):
        return facts
    return (*facts, *await _each_match(store, message, changed, _release_undecided))


async def pause(store: MatchingStore, message: Message[PauseSponsor]) -> Facts:
    """Open matches are given up; running sponsorships go on."""
    told = message.data
    known = await store.sponsors.get(told.sponsor_id)
    facts = await _take(
        store, message, lambda sponsor: way.pause(sponsor, told.until, message.today)
    )
    paused = await store.sponsors.get(told.sponsor_id)
    if paused is None or paused is known:
        return facts
    if told.until:
        store.timers.schedule(Timer(RETURNS, paused.id, moment(told.until, OFFICE_OPENS)))
    else:
        store.timers.cancel(RETURNS, paused.id)
    return (*facts, *await _each_match(store, message, paused, _release_open))


async def come_back(store: MatchingStore, message: Message[Timer]) -> Facts:
    """The pause is over."""
    known = await store.sponsors.get(message.data.key)
    if known is None or known.why_not(Step.RESUME):
        return ()
    sponsor, facts = way.resume(known)
    keep_sponsor(store, message, known, sponsor)
    return facts


async def leave(store: MatchingStore, message: Message[LeaveSponsor]) -> Facts:
    """All matches come to an end first, then the sponsor goes."""

    def lose(match: Match) -> Outcomes:
        return rematch.lose_sponsor(match, message.today)

    known = await store.sponsors.get(message.data.sponsor_id)
    ended: Facts = ()
    if known and not known.why_not(Step.LEAVE):
        store.timers.cancel(RETURNS, known.id)
        ended = await _each_match(store, message, known, lose)
    facts = await _take(store, message, lambda sponsor: way.leave(sponsor, message.today))
    return (*ended, *facts)


async def _take(
    store: MatchingStore, message: Message[Any], step: Callable[[Sponsor], way.Taken]
) -> Facts:
    """Load the sponsor, take the step, keep what comes of it."""
    key = message.data.sponsor_id
    known = await store.sponsors.get(key)
    if known is None:
        return (SponsorRefused(sponsor_id=key, reason=UNKNOWN),)
    sponsor, facts = step(known)
    keep_sponsor(store, message, known, sponsor)
    return facts


async def _each_match(
    store: MatchingStore,
    message: Message[Any],
    sponsor: Sponsor,
    step: Callable[[Match], Outcomes],
) -> Facts:
    """Take a step with every match of a sponsor, the newest first."""
    every: list[Facts] = []
    for key in reversed(sponsor.holds):
        before = await store.match(key)
        if before:
            after, facts = step(before)
            keep_match(store, message, before, after)
            every.append(facts)
    return [fact for facts in every for fact in facts]


def _release_open(match: Match) -> Outcomes:
    return rematch.release(match, ReleaseCause.SPONSOR_PAUSED)


def _release_undecided(match: Match) -> Outcomes:
    if not match.sponsorship.undecided:
        return match, ()
    return rematch.release(match, ReleaseCause.SPONSOR_CHANGED)
