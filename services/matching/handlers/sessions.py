"""The matching session: when it is due, the worker that keeps the city is asked; what it comes to
takes effect here, with its record, which is kept for good, while what the session was told is kept
as long as a replay may be wanted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.contracts.desk_sessions import ReplaySession
from shared.contracts.matching_sessions import SessionRefused, SessionReplayed
from shared.messaging import Facts, Message
from shared.storage.timers import Timer

from ..contracts import SessionPartSolved, SessionSolved, SessionSolvedAgain
from ..domain import run, session
from ..domain.calendar import moment
from ..domain.pairing import Pair
from ..domain.recruit import OFFICE_OPENS
from ..domain.run import RunPair, WantedReplay
from ..domain.session import DueSession, SessionPart, Solution
from ..store import MatchingStore
from .keeping import NEXT, SESSION, keep_proposal

ECHO = "echo"
ECHO_AFTER = timedelta(minutes=1)
INPUTS_END = "run-inputs-end"
MOST_AT_ONCE = 20


async def ask(store: MatchingStore, message: Message[Timer]) -> Facts:
    """A session is due; whoever keeps the city solves it, and nothing waits for that here."""
    if message.data.key == NEXT:
        _echo(store, message)
    due = DueSession(run.id_of(message.key), message.now)
    if await store.sessions.get(due.id) is None:
        store.sessions.save(due)
    return ()


async def propose(store: MatchingStore, message: Message[SessionPartSolved]) -> Facts:
    """Propose the pairs of a part whose records are still as they were, once; whoever is left is
    looked at again in a minute.
    """
    part = await store.session_parts.get(message.data.part_id)
    if part is None or part.proposed is not None:
        return ()
    households = await store.households.find(_ids(each.household_id for each in part.pairs))
    sponsors = await store.sponsors.find(_ids(each.sponsor_id for each in part.pairs))
    pairs = _as_they_were(store, part)
    if len(pairs) < len(part.pairs):
        _echo(store, message)
    outcomes = session.propose_all(
        pairs,
        {each.id: each for each in households},
        {each.id: each for each in sponsors},
        message.now,
    )
    for match, _ in outcomes:
        keep_proposal(store, message, match)
    proposed = tuple(run.pair_of(match) for match, _ in outcomes)
    store.session_parts.save(replace(part, proposed=proposed))
    return [fact for _, facts in outcomes for fact in facts]


async def conclude(store: MatchingStore, message: Message[SessionSolved]) -> Facts:
    """All parts are proposed: the session is over and leaves its record."""
    due = await store.sessions.get(message.data.session_id)
    if due is None or due.solution is None:
        return ()
    parts = await store.parts_of(due.id)
    if any(part.proposed is None for part in parts):
        return ()
    for part in parts:
        store.session_parts.remove(part.id)
    store.sessions.remove(due.id)
    _look_again(store, due.solution)
    return _record(
        store, message, due.solution, [each for part in parts for each in part.proposed or ()]
    )


async def ask_again(store: MatchingStore, message: Message[ReplaySession]) -> Facts:
    """A session is to be solved once more from its record, by a worker as well."""
    run_id = message.data.run_id
    if reason := run.why_not_again(
        await store.runs.get(run_id), await store.run_inputs.get(run_id)
    ):
        return [SessionRefused(run_id=run_id, reason=reason)]
    store.replays.save(WantedReplay(message.key, run_id, message.id, message.correlation_id))
    return ()


async def answer(store: MatchingStore, message: Message[SessionSolvedAgain]) -> Facts:
    """A session is solved once more: whoever asked hears whether it comes out the same."""
    told = message.data
    if await store.replays.get(told.replay_id) is None:
        return ()
    store.replays.remove(told.replay_id)
    if told.refused:
        return [SessionRefused(run_id=told.run_id, reason=told.refused)]
    return [
        SessionReplayed(
            run_id=told.run_id,
            same=told.same,
            inputs_intact=told.inputs_intact,
            different=told.different,
        )
    ]


async def forget_inputs(store: MatchingStore, message: Message[Timer]) -> Facts:
    """Delete what the sessions of a day were told, its time being over; some at a time."""
    day = message.data.key
    over = await store.run_inputs.find({"day": {"$lte": day}}, limit=MOST_AT_ONCE)
    for each in over:
        store.run_inputs.remove(each.id)
    if len(over) == MOST_AT_ONCE:
        store.timers.schedule(Timer(INPUTS_END, day, message.now))
    return ()


def _as_they_were(store: MatchingStore, part: SessionPart) -> list[Pair]:
    """The pairs of which neither has been written since they were found."""
    return [
        each
        for each in part.pairs
        if store.households.unchanged(each.household_id, part.versions[each.household_id])
        and store.sponsors.unchanged(each.sponsor_id, part.versions[each.sponsor_id])
    ]


def _ids(ids: Iterable[str]) -> dict[str, Any]:
    return {"_id": {"$in": sorted(set(ids))}}


def _record(
    store: MatchingStore,
    message: Message[SessionSolved],
    solution: Solution,
    proposed: Sequence[RunPair],
) -> Facts:
    """A session that proposes nothing changes nothing, and leaves no record."""
    if not proposed or solution.run is None or solution.inputs is None:
        return ()
    entry = run.held(solution.run, message.now, proposed)
    store.runs.save(entry)
    store.run_inputs.save(solution.inputs)
    if solution.audit:
        store.audits.save(solution.audit)
    ends = moment(entry.day + run.KEEP_INPUTS, OFFICE_OPENS)
    store.timers.schedule(Timer(INPUTS_END, entry.day.isoformat(), ends, moves=False))
    return [run.told(entry)]


def _echo(store: MatchingStore, message: Message[Any]) -> None:
    """Another instance may be committing a household just now that found this session's timer set
    and that this session cannot see yet; or somebody had changed when the session was over.
    """
    store.timers.schedule(Timer(SESSION, ECHO, message.now + ECHO_AFTER))


def _look_again(store: MatchingStore, solution: Solution) -> None:
    """A timer of its own, so that it never holds up a session that is wanted sooner."""
    if solution.relaxation:
        due = session.session_on(store.policy.rhythm, solution.relaxation)
        store.timers.schedule(Timer(SESSION, "relaxation", due))
