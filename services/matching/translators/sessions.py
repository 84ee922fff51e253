"""What staff set for matching sessions, and sessions that are replayed."""

from typing import Any

from shared.contracts import desk_sessions
from shared.messaging import Facts, Message, Subscriptions
from shared.storage.timers import Timer

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
    return await sessions.replay(store, message)


@subscriptions.at(SESSION)
async def session_due(message: Message[Timer], store: MatchingStore) -> Facts:
    """Pairs are proposed."""
    return await sessions.hold(store, message)


@subscriptions.at(INPUTS_END)
async def run_inputs_end(message: Message[Timer], store: MatchingStore) -> Facts:
    """What old sessions were told is deleted."""
    return await sessions.forget_inputs(store, message)
