"""The matching session: everybody who waits, everybody with room, the best set of pairs; and its
record, which is kept for good, while what it was told is kept as long as a replay may be wanted.
"""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from shared.contracts.desk_sessions import ReplaySession
from shared.messaging import Facts, Message
from shared.storage.timers import Timer

from .. import engine
from ..domain import run, session
from ..domain.calendar import moment
from ..domain.household import Household
from ..domain.pairing import next_relaxation
from ..domain.recruit import OFFICE_OPENS
from ..domain.session import Session
from ..store import MatchingStore
from .keeping import NEXT, SESSION, keep_proposal

ECHO_AFTER = timedelta(minutes=1)
INPUTS_END = "run-inputs-end"
MOST_AT_ONCE = 20


async def hold(store: MatchingStore, message: Message[Timer]) -> Facts:
    """Propose pairs; whoever is left is looked at again when the rules ask less.

    It is solved in a thread, so that connections stay alive and health is answered meanwhile; the
    next commit waits for it.
    """
    _echo(store, message)
    sponsors = await store.available_sponsors()
    if not sponsors:
        return ()
    households = await store.waiting_households()
    rules = await store.rules_of_matching()
    held = await asyncio.to_thread(session.hold, households, sponsors, rules, message.now)
    matched = {match.household.id for match, _ in held.outcomes}
    left = (each for each in households if each.id not in matched)
    _look_again(store, message, held.inputs.ladder, left)
    return [*_record(store, message, held), *_keep(store, message, held)]


async def replay(store: MatchingStore, message: Message[ReplaySession]) -> Facts:
    """Solve a session once more from its record, in a thread for the same reason."""
    run_id = message.data.run_id
    kept = await store.runs.get(run_id), await store.run_inputs.get(run_id)
    return [await asyncio.to_thread(run.replay, run_id, *kept)]


async def forget_inputs(store: MatchingStore, message: Message[Timer]) -> Facts:
    """Delete what the sessions of a day were told, its time being over; some at a time."""
    day = message.data.key
    over = await store.run_inputs.find({"day": {"$lte": day}}, limit=MOST_AT_ONCE)
    for each in over:
        store.run_inputs.remove(each.id)
    if len(over) == MOST_AT_ONCE:
        store.timers.schedule(Timer(INPUTS_END, day, message.now))
    return ()


def _keep(store: MatchingStore, message: Message[Timer], held: Session) -> Facts:
    for match, _ in held.outcomes:
        keep_proposal(store, message, match)
    return [fact for _, facts in held.outcomes for fact in facts]


def _record(store: MatchingStore, message: Message[Timer], held: Session) -> Facts:
    """A session that proposes nothing changes nothing, and leaves no record."""
    if not held.outcomes:
        return ()
    matches = [match for match, _ in held.outcomes]
    entry = run.record(run.id_of(message.key), message.now, held.inputs, held.best, matches)
    versions = {each.id: store.households.version(each.id) for each in held.inputs.households}
    versions |= {each.id: store.sponsors.version(each.id) for each in held.inputs.sponsors}
    store.runs.save(entry)
    store.run_inputs.save(run.kept_inputs(entry, held.inputs, versions))
    ends = moment(entry.day + run.KEEP_INPUTS, OFFICE_OPENS)
    store.timers.schedule(Timer(INPUTS_END, entry.day.isoformat(), ends, moves=False))
    return [run.told(entry)]


def _echo(store: MatchingStore, message: Message[Timer]) -> None:
    """Another instance may be committing a household just now that found this session's timer set
    and that this session cannot see yet.
    """
    if message.data.key == NEXT:
        store.timers.schedule(Timer(SESSION, "echo", message.now + ECHO_AFTER))


def _look_again(
    store: MatchingStore,
    message: Message[Timer],
    ladder: engine.Ladder,
    left: Iterable[Household],
) -> None:
    """A timer of its own, so that it never holds up a session that is wanted sooner."""
    day = next_relaxation(left, ladder, message.today)
    if day:
        due = session.session_on(store.policy.rhythm, day)
        store.timers.schedule(Timer(SESSION, "relaxation", due))
