"""Sponsors: entered by staff, trained in the network, certified."""

from shared.contracts.desk import RecordCertificate, RegisterSponsor, TrainingKind
from shared.contracts.desk_sponsors import ApplySponsor
from shared.contracts.ids import sponsor_id
from shared.contracts.matching import SponsorRefused
from shared.contracts.network import TrainingCompleted
from shared.messaging import Facts, Message, RetryLater
from shared.storage.timers import Timer

from ..domain import certificate_clock
from ..domain import sponsor as sponsors
from ..domain import sponsor_way as way
from ..domain.sponsor import Sponsor
from ..store import MatchingStore
from .keeping import keep_sponsor, want_session, wind_certificate_clock


async def register(
    store: MatchingStore, message: Message[RegisterSponsor] | Message[ApplySponsor]
) -> Facts:
    """A new reference is entered; a known one changes nothing."""
    told, key = message.data, sponsor_id(message.data.reference)
    known = await store.sponsors.get(key)
    if known:
        return sponsors.repeat(known, told)
    if not way.EARLIEST <= told.applied_on <= message.today:
        reason = "the application cannot have been made on that day"
        return (SponsorRefused(sponsor_id=key, reason=reason),)
    enter = way.apply if isinstance(told, ApplySponsor) else sponsors.register
    sponsor, facts = enter(key, told, message.today)
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
    sponsor, facts = sponsors.certify(known, told.issued_on, told.inspected_on, message.today)
    keep_sponsor(store, message, known, sponsor)
    return facts


async def wind(store: MatchingStore, message: Message[Timer]) -> Facts:
    """A day has come that matters for a certificate."""
    known = await store.sponsors.get(message.data.key)
    if known is None:
        return ()
    sponsor, facts = certificate_clock.tick(known, message.today)
    store.sponsors.save(sponsor)
    wind_certificate_clock(store, message, None, sponsor)
    return facts


async def _known(store: MatchingStore, key: str) -> Sponsor:
    """Commands and facts of several senders may come in any order."""
    known = await store.sponsors.get(key)
    if known is None:
        raise RetryLater(f"there is no sponsor {key}")
    return known
