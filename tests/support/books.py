"""A small service that keeps books, for tests of the heart: each cost and each referral adds one
entry, so that a message lost or counted twice shows in the figures.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.contracts.desk import RecordCost
from shared.contracts.matching import MessageRefused, RateExceeded, ReferralAnswered, ReferralStatus
from shared.contracts.network import CostRecorded
from shared.contracts.partners import ReferralSubmitted
from shared.messaging import Facts, Message, Subscriptions
from shared.parts import Parts
from shared.storage import Index, Repository, UnitOfWork
from shared.storage.timers import Timer

BOOKS = "books"
REMINDER = "reminder"


@dataclass(frozen=True)
class Book:
    id: str
    entries: int = 0
    total: int = 0
    note: str = ""


class Shelf:
    """The books, and the timers that remind of them."""

    COLLECTIONS: Mapping[str, tuple[Index, ...]] = {"books": (), "other": ()}

    def __init__(self, unit: UnitOfWork) -> None:
        self.books = Repository(unit, "books", Book)
        self.timers = unit.timers


OnCost = Callable[[Message[RecordCost], Shelf], Awaitable[Facts]]
OnReferral = Callable[[Message[ReferralSubmitted], Shelf], Awaitable[Facts]]


async def enter(shelf: Shelf, key: str, amount: int = 0, note: str = "") -> None:
    """One more entry in a book."""
    book = await shelf.books.get(key) or Book(key)
    shelf.books.save(Book(key, book.entries + 1, book.total + amount, note))


async def count(message: Message[RecordCost], shelf: Shelf) -> Facts:
    """Enter a cost and say so."""
    await enter(shelf, message.data.reference, message.data.amount_eur)
    return [recorded(message.data.reference, message.data.amount_eur)]


async def remind(message: Message[RecordCost], shelf: Shelf) -> Facts:
    """Set a timer to as many seconds from now as the cost has euro; move it; at 0 cancel it."""
    key, seconds = message.data.reference, message.data.amount_eur
    if seconds:
        shelf.timers.schedule(Timer(REMINDER, key, message.now + timedelta(seconds=seconds)))
    else:
        shelf.timers.cancel(REMINDER, key)
    return []


def recorded(reference: str, amount: int = 0) -> CostRecorded:
    return CostRecorded(cost_id=reference, programme=None, amount_eur=amount, funded_share=0.6)


async def answer(message: Message[ReferralSubmitted], shelf: Shelf) -> Facts:
    """Enter a referral and tell its partner."""
    reference = message.data.reference
    await enter(shelf, f"{message.partner}/{reference}")
    status = ReferralStatus.RECEIVED
    return [ReferralAnswered(partner=message.partner, reference=reference, status=status)]


async def _reminded(message: Message[Timer], shelf: Shelf) -> Facts:
    await enter(shelf, message.data.key)
    return [recorded(message.data.key)]


async def _figures(shelf: Shelf) -> Mapping[str, Any]:
    return {"books": await shelf.books.count({})}


def books(
    on_cost: OnCost = count, on_referral: OnReferral = answer, *, name: str = BOOKS
) -> Parts[Shelf]:
    """The service; a test may say what happens at a cost and at a referral."""
    subscriptions = Subscriptions[Shelf]()
    subscriptions.to(
        RecordCost, expects=lambda message, shelf: shelf.books.expect(message.data.reference)
    )(on_cost)
    subscriptions.to(ReferralSubmitted)(on_referral)
    subscriptions.at(REMINDER)(_reminded)
    return Parts(
        name=name,
        subscriptions=subscriptions,
        store=Shelf,
        collections=Shelf.COLLECTIONS,
        publishes=(CostRecorded, ReferralAnswered, MessageRefused, RateExceeded),
        figures=_figures,
    )
