"""What is listened to about sponsors, each handed to its handler."""

from typing import Any

from shared.contracts import desk, desk_sponsors
from shared.contracts.ids import sponsor_id
from shared.contracts.network import TrainingCompleted
from shared.messaging import Facts, Message, Subscriptions
from shared.storage.timers import Timer

from ..handlers import sponsor_way, sponsors
from ..handlers.keeping import CERTIFICATE
from ..handlers.sponsor_way import RETURNS
from ..store import MatchingStore

subscriptions = Subscriptions[MatchingStore]()


def _entered(message: Message[Any], store: MatchingStore) -> None:
    store.sponsors.expect(sponsor_id(message.data.reference))


def _sponsor(message: Message[Any], store: MatchingStore) -> None:
    store.sponsors.expect(message.data.sponsor_id)


@subscriptions.to(desk.RegisterSponsor, expects=_entered)
async def sponsor_entered(message: Message[desk.RegisterSponsor], store: MatchingStore) -> Facts:
    """Staff enter a volunteer who was interviewed."""
    return await sponsors.register(store, message)


@subscriptions.to(desk_sponsors.ApplySponsor, expects=_entered)
async def sponsor_applied(
    message: Message[desk_sponsors.ApplySponsor], store: MatchingStore
) -> Facts:
    """Staff enter a volunteer who is to be interviewed."""
    return await sponsors.register(store, message)


@subscriptions.to(desk_sponsors.RecordInterview, expects=_sponsor)
async def interview_held(
    message: Message[desk_sponsors.RecordInterview], store: MatchingStore
) -> Facts:
    """A volunteer was interviewed."""
    return await sponsor_way.interview(store, message)


@subscriptions.to(
    TrainingCompleted,
    expects=lambda message, store: store.sponsors.expect(*message.data.sponsor_ids),
)
async def training_completed(message: Message[TrainingCompleted], store: MatchingStore) -> Facts:
    """A training was held in the network."""
    return await sponsors.train(store, message)


@subscriptions.to(desk.RecordCertificate, expects=_sponsor)
async def certificate_inspected(
    message: Message[desk.RecordCertificate], store: MatchingStore
) -> Facts:
    """Staff inspected a certificate of conduct."""
    return await sponsors.certify(store, message)


@subscriptions.at(CERTIFICATE)
async def certificate_clock(message: Message[Timer], store: MatchingStore) -> Facts:
    """A certificate is to be asked for again, or its record deleted."""
    return await sponsors.wind(store, message)


@subscriptions.to(desk_sponsors.AcknowledgeHandbook, expects=_sponsor)
async def handbook_acknowledged(
    message: Message[desk_sponsors.AcknowledgeHandbook], store: MatchingStore
) -> Facts:
    """A sponsor agrees to a version of the handbook."""
    return await sponsor_way.acknowledge(store, message)


@subscriptions.to(desk_sponsors.ChangeSponsor, expects=_sponsor)
async def sponsor_changed(
    message: Message[desk_sponsors.ChangeSponsor], store: MatchingStore
) -> Facts:
    """Something about a sponsor is different from now on."""
    return await sponsor_way.change(store, message)


@subscriptions.to(desk_sponsors.PauseSponsor, expects=_sponsor)
async def sponsor_pauses(
    message: Message[desk_sponsors.PauseSponsor], store: MatchingStore
) -> Facts:
    """A sponsor takes no new household for a while."""
    return await sponsor_way.pause(store, message)


@subscriptions.to(desk_sponsors.ResumeSponsor, expects=_sponsor)
async def sponsor_resumes(
    message: Message[desk_sponsors.ResumeSponsor], store: MatchingStore
) -> Facts:
    """A sponsor is back from a pause."""
    return await sponsor_way.resume(store, message)


@subscriptions.at(RETURNS)
async def sponsor_returns(message: Message[Timer], store: MatchingStore) -> Facts:
    """A pause is over."""
    return await sponsor_way.come_back(store, message)


@subscriptions.to(desk_sponsors.LeaveSponsor, expects=_sponsor)
async def sponsor_leaves(
    message: Message[desk_sponsors.LeaveSponsor], store: MatchingStore
) -> Facts:
    """A sponsor leaves the programme."""
    return await sponsor_way.leave(store, message)


@subscriptions.to(desk_sponsors.ReadmitSponsor, expects=_sponsor)
async def sponsor_readmitted(
    message: Message[desk_sponsors.ReadmitSponsor], store: MatchingStore
) -> Facts:
    """A sponsor who had left is back."""
    return await sponsor_way.readmit(store, message)
