"""Rules of the programme, set by staff with effect from a day."""

from shared.contracts.desk_rules import SetParticipationRule
from shared.messaging import Facts, Message

from ..domain.log import Stamp
from ..domain.participation import set_rule
from ..store import MatchingStore


async def set_participation(store: MatchingStore, message: Message[SetParticipationRule]) -> Facts:
    """Who may take part from a day on."""
    told = message.data
    stamp = Stamp(told.staff_id, message.now)
    book, facts = set_rule(
        await store.rulebook(), told.effective_on, told.grounds, stamp, message.today
    )
    store.rulebooks.save(book)
    return facts
