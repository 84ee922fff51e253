"""The matching session: everybody who waits, everybody with room, the best set of pairs."""

from collections.abc import Iterable
from datetime import timedelta

from shared.messaging import Facts, Message
from shared.storage.timers import Timer

from ..domain import session
from ..domain.household import Household
from ..domain.pairing import next_relaxation
from ..store import MatchingStore
from .keeping import NEXT, SESSION, keep_proposal

ECHO_AFTER = timedelta(minutes=1)


async def hold(store: MatchingStore, message: Message[Timer]) -> Facts:
    """Propose pairs; whoever is left is looked at again when the rules ask less."""
    _echo(store, message)
    sponsors = await store.available_sponsors()
    if not sponsors:
        return ()
    households = await store.waiting_households()
    outcomes = session.hold(households, sponsors, message.now)
    for match, _ in outcomes:
        keep_proposal(store, message, match)
    matched = {match.household.id for match, _ in outcomes}
    _look_again(store, message, (each for each in households if each.id not in matched))
    return [fact for _, facts in outcomes for fact in facts]


def _echo(store: MatchingStore, message: Message[Timer]) -> None:
    """Another instance may be committing a household just now that found this session's timer set
    and that this session cannot see yet.
    """
    if message.data.key == NEXT:
        store.timers.schedule(Timer(SESSION, "echo", message.now + ECHO_AFTER))


def _look_again(store: MatchingStore, message: Message[Timer], left: Iterable[Household]) -> None:
    """A timer of its own, so that it never holds up a session that is wanted sooner."""
    day = next_relaxation(left, message.today)
    if day:
        due = session.session_on(store.policy.rhythm, day)
        store.timers.schedule(Timer(SESSION, "relaxation", due))
