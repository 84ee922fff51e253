"""Rules of the programme, set by staff with effect from a day."""

from datetime import date
from typing import Any

from shared.contracts.desk_rules import SetParticipationRule
from shared.contracts.desk_sessions import SetLadder, SetWeights
from shared.messaging import Facts, Message
from shared.storage.timers import Timer

from ..domain import matching_rules
from ..domain.log import Stamp
from ..domain.matching_rules import MatchingRules
from ..domain.participation import set_rule
from ..domain.session import session_from
from ..store import MatchingStore
from .keeping import SESSION


async def set_participation(store: MatchingStore, message: Message[SetParticipationRule]) -> Facts:
    """Who may take part from a day on."""
    told = message.data
    book, facts = set_rule(
        await store.rulebook(), told.effective_on, told.grounds, _stamp(message), message.today
    )
    store.rulebooks.save(book)
    return facts


async def set_weights(store: MatchingStore, message: Message[SetWeights]) -> Facts:
    """How pairs are weighed from a day on."""
    rules, stamp = await store.rules_of_matching(), _stamp(message)
    after, facts = matching_rules.set_weights(rules, message.data, stamp, message.today)
    _keep(store, message, rules, after, message.data.effective_on)
    return facts


async def set_ladder(store: MatchingStore, message: Message[SetLadder]) -> Facts:
    """What is asked of a pair, from a day on, the longer a household waits."""
    rules, stamp = await store.rules_of_matching(), _stamp(message)
    after, facts = matching_rules.set_ladder(rules, message.data, stamp, message.today)
    _keep(store, message, rules, after, message.data.effective_on)
    return facts


def _keep(
    store: MatchingStore,
    message: Message[Any],
    before: MatchingRules,
    after: MatchingRules,
    effective_on: date,
) -> None:
    """Save them and have a session on their day: it may find pairs that there were not before."""
    if after is before:
        return
    store.matching_rules.save(after)
    due = session_from(store.policy.rhythm, effective_on, message.now)
    store.timers.schedule(Timer(SESSION, f"rules {effective_on}", due))


def _stamp(message: Message[Any]) -> Stamp:
    return Stamp(message.data.staff_id, message.now)
