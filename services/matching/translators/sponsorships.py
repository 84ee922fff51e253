"""What is listened to about matches and sponsorships, each handed to its handler."""

from typing import Any

from shared.contracts import desk, desk_matches, desk_sponsorships
from shared.messaging import Facts, Message, Subscriptions
from shared.storage.timers import Timer

from ..handlers import accompaniment, matches
from ..handlers.keeping import (
    ANSWERS_DUE,
    ANSWERS_REMINDER,
    CHECK_IN,
    DECISION_DUE,
    HOLD_ENDS,
    LAPSES,
    PAUSE_ENDS,
    SILENCE,
)
from ..store import MatchingStore

subscriptions = Subscriptions[MatchingStore]()


def _sponsorship(message: Message[Any], store: MatchingStore) -> None:
    store.sponsorships.expect(message.data.sponsorship_id)


@subscriptions.to(desk.DecideMatch, expects=_sponsorship)
async def match_decided(message: Message[desk.DecideMatch], store: MatchingStore) -> Facts:
    """Staff approve or reject a match."""
    return await matches.decide(store, message)


@subscriptions.to(desk_matches.HoldMatch, expects=_sponsorship)
async def match_held(message: Message[desk_matches.HoldMatch], store: MatchingStore) -> Facts:
    """Staff keep a proposal for some days."""
    return await matches.hold(store, message)


@subscriptions.at(HOLD_ENDS)
async def hold_ends(message: Message[Timer], store: MatchingStore) -> Facts:
    """The days for which a proposal was kept are over."""
    return await matches.end_hold(store, message)


@subscriptions.at(DECISION_DUE)
async def decision_due(message: Message[Timer], store: MatchingStore) -> Facts:
    """Staff have not decided a proposal yet."""
    return await matches.urge(store, message)


@subscriptions.at(LAPSES)
async def proposal_lapses(message: Message[Timer], store: MatchingStore) -> Facts:
    """The time to decide a proposal is over."""
    return await matches.lapse(store, message)


@subscriptions.to(desk_matches.OverrideMatch)
async def match_overridden(
    message: Message[desk_matches.OverrideMatch], store: MatchingStore
) -> Facts:
    """Staff choose a pair themselves."""
    return await matches.choose(store, message)


@subscriptions.to(desk.AnswerMatch, expects=_sponsorship)
async def match_answered(message: Message[desk.AnswerMatch], store: MatchingStore) -> Facts:
    """One side answers."""
    return await matches.answer(store, message)


@subscriptions.at(ANSWERS_REMINDER)
async def answers_reminder(message: Message[Timer], store: MatchingStore) -> Facts:
    """Who has not answered yet is asked once more."""
    return await matches.remind(store, message)


@subscriptions.at(ANSWERS_DUE)
async def answers_due(message: Message[Timer], store: MatchingStore) -> Facts:
    """The time to answer is over."""
    return await matches.expire(store, message)


@subscriptions.to(desk.LogMeeting, expects=_sponsorship)
async def meeting_told(message: Message[desk.LogMeeting], store: MatchingStore) -> Facts:
    """Sponsor and household met."""
    return await accompaniment.log(store, message)


@subscriptions.to(desk_sponsorships.LogContact, expects=_sponsorship)
async def contact_told(
    message: Message[desk_sponsorships.LogContact], store: MatchingStore
) -> Facts:
    """Sponsor and household were in contact, or tried to be."""
    return await accompaniment.log(store, message)


@subscriptions.to(desk_sponsorships.CorrectContact, expects=_sponsorship)
async def contact_corrected(
    message: Message[desk_sponsorships.CorrectContact], store: MatchingStore
) -> Facts:
    """An entry of the log was wrong."""
    return await accompaniment.correct(store, message)


@subscriptions.at(CHECK_IN)
async def check_in_due(message: Message[Timer], store: MatchingStore) -> Facts:
    """Both sides are asked how it is going."""
    return await matches.ask(store, message)


@subscriptions.to(desk_sponsorships.RecordCheckIn, expects=_sponsorship)
async def checked_in(
    message: Message[desk_sponsorships.RecordCheckIn], store: MatchingStore
) -> Facts:
    """A side said how it is going."""
    return await accompaniment.check_in(store, message)


@subscriptions.at(SILENCE)
async def silence(message: Message[Timer], store: MatchingStore) -> Facts:
    """Nobody told of a real contact for long."""
    return await matches.notice_silence(store, message)


@subscriptions.to(desk_sponsorships.PauseSponsorship, expects=_sponsorship)
async def sponsorship_pauses(
    message: Message[desk_sponsorships.PauseSponsorship], store: MatchingStore
) -> Facts:
    """The two do not meet for a while."""
    return await accompaniment.pause(store, message)


@subscriptions.to(desk_sponsorships.ResumeSponsorship, expects=_sponsorship)
async def sponsorship_resumes(
    message: Message[desk_sponsorships.ResumeSponsorship], store: MatchingStore
) -> Facts:
    """The two meet again."""
    return await accompaniment.resume(store, message)


@subscriptions.at(PAUSE_ENDS)
async def pause_ends(message: Message[Timer], store: MatchingStore) -> Facts:
    """A pause is over by itself."""
    return await accompaniment.go_on(store, message)


@subscriptions.to(desk.EndSponsorship, expects=_sponsorship)
async def sponsorship_ended(message: Message[desk.EndSponsorship], store: MatchingStore) -> Facts:
    """Staff end a sponsorship."""
    return await matches.end(store, message)


@subscriptions.to(desk_sponsorships.EndAndRematch, expects=_sponsorship)
async def sponsorship_ended_for_another(
    message: Message[desk_sponsorships.EndAndRematch], store: MatchingStore
) -> Facts:
    """Staff end a sponsorship whose household wants another sponsor."""
    return await matches.end_and_rematch(store, message)
