"""What staff set for matching sessions, and sessions that are replayed."""

from typing import Any

from shared.contracts import desk_sessions
from shared.messaging import Facts, Message, Subscriptions
from shared.storage.timers import Timer

from .. import contracts
from ..domain.matching_rules import MatchingRules
from ..handlers import rules, sessions
from ..handlers.keeping import SESSION
from ..handlers.sessions import INPUTS_END
from ..store import MatchingStore

subscriptions = Subscriptions[MatchingStore]()


def _rules(_: Message[Any], store: MatchingStore) -> None:
    store.matching_rules.expect(MatchingRules().id)


@subscriptions.to(desk_sessions.SetWeights, expects=_rules)
async def weights_set(message: Message[desk_sessions.SetWeights], store: MatchingStore) -> Facts:
    """How pairs are weighed from a day on."""
    return await rules.set_weights(store, message)


@subscriptions.to(desk_sessions.SetLadder, expects=_rules)
async def ladder_set(message: Message[desk_sessions.SetLadder], store: MatchingStore) -> Facts:
    """What is asked of a pair the longer a household waits."""
    return await rules.set_ladder(store, message)


@subscriptions.to(desk_sessions.ReplaySession)
async def session_replayed(
    message: Message[desk_sessions.ReplaySession], store: MatchingStore
) -> Facts:
    """A session is solved once more."""
    return await sessions.ask_again(store, message)


@subscriptions.to(
    contracts.SessionSolvedAgain,
    expects=lambda message, store: store.replays.expect(message.data.replay_id),
)
async def session_solved_again(
    message: Message[contracts.SessionSolvedAgain], store: MatchingStore
) -> Facts:
    """A worker has solved a session once more."""
    return await sessions.answer(store, message)


@subscriptions.to(
    contracts.SessionSolved,
    expects=lambda message, store: store.sessions.expect(message.data.session_id),
)
async def session_solved(message: Message[contracts.SessionSolved], store: MatchingStore) -> Facts:
    """The worker has told all parts of a session."""
    return await sessions.conclude(store, message)


@subscriptions.to(
    contracts.SessionPartSolved,
    expects=lambda message, store: store.session_parts.expect(message.data.part_id),
)
async def session_part_solved(
    message: Message[contracts.SessionPartSolved], store: MatchingStore
) -> Facts:
    """The worker has pairs to propose."""
    return await sessions.propose(store, message)


@subscriptions.at(SESSION)
async def session_due(message: Message[Timer], store: MatchingStore) -> Facts:
    """Pairs are to be proposed."""
    return await sessions.ask(store, message)


@subscriptions.at(INPUTS_END)
async def run_inputs_end(message: Message[Timer], store: MatchingStore) -> Facts:
    """What old sessions were told is deleted."""
    return await sessions.forget_inputs(store, message)
