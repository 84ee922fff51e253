"""What is entered about a running sponsorship: contacts, corrections, check-ins, pauses."""

from shared.contracts.desk import LogMeeting
from shared.contracts.desk_sponsorships import (
    ContactKind,
    CorrectContact,
    Going,
    LogContact,
    LoggedContact,
    PauseSponsorship,
    RecordCheckIn,
    ResumeSponsorship,
)
from shared.contracts.ids import stable_id
from shared.contracts.matching_sponsorships import CheckedIn
from shared.messaging import Facts, Message
from shared.storage.timers import Timer

from ..domain import accompaniment
from ..domain import question as questions
from ..domain.log import Stamp
from ..domain.match import Match, Outcomes
from ..domain.sponsorship import Step
from ..store import MatchingStore
from .matches import take, when_due
from .questions import keep_question


async def log(store: MatchingStore, message: Message[LogMeeting] | Message[LogContact]) -> Facts:
    """Sponsor and household met, spoke or missed each other."""
    told, stamp = message.data, Stamp(message.data.staff_id, message.now)
    kind = told.kind if isinstance(told, LogContact) else ContactKind.MEETING
    contact = LoggedContact(kind=kind, held_on=told.held_on)
    return await take(store, message, lambda match: accompaniment.log(match, contact, stamp))


async def correct(store: MatchingStore, message: Message[CorrectContact]) -> Facts:
    """An entry of the log was wrong."""
    told, stamp = message.data, Stamp(message.data.staff_id, message.now)
    return await take(
        store,
        message,
        lambda match: accompaniment.correct(match, told.wrong, told.right, stamp),
    )


async def check_in(store: MatchingStore, message: Message[RecordCheckIn]) -> Facts:
    """A side said how it is going; where it goes badly, a worry waits for staff."""
    told, stamp = message.data, Stamp(message.data.staff_id, message.now)
    facts = await take(
        store,
        message,
        lambda match: accompaniment.check_in(match, told.side, told.going, stamp),
    )
    heard = any(isinstance(fact, CheckedIn) for fact in facts)
    if told.going is not Going.BADLY or not heard:
        return facts
    worry, opened = questions.worry(
        stable_id("worry", message.key), told.sponsorship_id, told.side, stamp
    )
    keep_question(store, worry)
    return (*facts, *opened)


async def pause(store: MatchingStore, message: Message[PauseSponsorship]) -> Facts:
    """The two do not meet for a while."""
    until = message.data.until
    return await take(
        store, message, lambda match: accompaniment.pause(match, until, message.today)
    )


async def resume(store: MatchingStore, message: Message[ResumeSponsorship]) -> Facts:
    """The two meet again."""
    return await take(store, message, lambda match: accompaniment.resume(match, message.today))


async def go_on(store: MatchingStore, message: Message[Timer]) -> Facts:
    """The pause is over by itself."""

    def step(match: Match) -> Outcomes:
        if match.sponsorship.why_not(Step.RESUME):
            return match, ()
        return accompaniment.resume(match, message.today)

    return await when_due(store, message, step)
