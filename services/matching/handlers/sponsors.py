"""Sponsors: entered by staff, trained in the network, certified."""

from shared.contracts.desk import RecordCertificate, RegisterSponsor, TrainingKind
from shared.contracts.ids import sponsor_id
from shared.contracts.network import TrainingCompleted
from shared.messaging import Facts, Message, RetryLater

from ..domain import sponsor as sponsors
from ..domain.certificate import Certificate
from ..domain.sponsor import Sponsor
from ..store import MatchingStore
from .keeping import want_session


async def register(store: MatchingStore, message: Message[RegisterSponsor]) -> Facts:
    """A new reference is entered; a known one changes nothing."""
    key = sponsor_id(message.data.reference)
    known = await store.sponsors.get(key)
    if known:
        return sponsors.repeat(known, message.data)
    sponsor, facts = sponsors.register(key, message.data, message.today)
    store.sponsors.save(sponsor)
    return facts


async def train(store: MatchingStore, message: Message[TrainingCompleted]) -> Facts:
    """The basic training makes sponsors available; other trainings do not matter here."""
    if message.data.kind is not TrainingKind.SPONSOR_BASICS:
        return ()
    steps = [
        sponsors.train(await _known(store, key), message.data.held_on)
        for key in message.data.sponsor_ids
    ]
    for sponsor, _ in steps:
        store.sponsors.save(sponsor)
    want_session(store, message)
    return [fact for _, facts in steps for fact in facts]


async def certify(store: MatchingStore, message: Message[RecordCertificate]) -> Facts:
    """A certificate opens the way to households with children."""
    told = message.data
    known = await _known(store, told.sponsor_id)
    certificate = Certificate(told.issued_on, told.inspected_on)
    sponsor, facts = sponsors.certify(known, certificate, message.today)
    store.sponsors.save(sponsor)
    want_session(store, message)
    return facts


async def _known(store: MatchingStore, key: str) -> Sponsor:
    """Commands and facts of several senders may come in any order."""
    known = await store.sponsors.get(key)
    if known is None:
        raise RetryLater(f"there is no sponsor {key}")
    return known
