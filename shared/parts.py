"""What a service is made of: the one object that its composition root gives to whoever runs it."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from shared.contracts import dead_letters
from shared.contracts.base import Contract, Exchange, catalogue
from shared.messaging.pace import MOST_REST_SECONDS
from shared.messaging.subscriptions import Subscriptions
from shared.messaging.topology import ServiceRights
from shared.pages import Page
from shared.storage import Index, UnitOfWork

if TYPE_CHECKING:
    from shared.runtime import App

S = TypeVar("S")

EVENTS = Exchange.EVENTS


@dataclass(frozen=True)
class Parts(Generic[S]):
    """What makes a service this service and no other.

    `publishes` are the contracts it may publish, `collections` its own with their indexes;
    `pending` counts what its background workers still have to do; `pages` are read over HTTP;
    under load, commits rest for company up to `rest_seconds`, longer where nobody waits.
    """

    name: str
    subscriptions: Subscriptions[S]
    store: Callable[[UnitOfWork], S]
    collections: Mapping[str, Sequence[Index]]
    publishes: tuple[type[Contract], ...]
    figures: Callable[[S], Awaitable[Mapping[str, Any]]]
    pending: Callable[[S], Awaitable[int]] | None = None
    background: tuple[Callable[["App[S]"], Coroutine[Any, Any, None]], ...] = ()
    pages: Mapping[str, Page[S]] = field(default_factory=dict)
    rest_seconds: float = MOST_REST_SECONDS

    def __post_init__(self) -> None:
        """Every service also tells what became of its dead letters."""
        told = tuple(each for each in contracts_in(dead_letters) if each.wire.exchange is EVENTS)
        object.__setattr__(self, "publishes", (*self.publishes, *told))

    @property
    def rights(self) -> ServiceRights:
        """What the service needs of the broker, nothing more."""
        exchanges = {contract.wire.exchange for contract in self.publishes} | {Exchange.RETRY}
        return ServiceRights(
            self.name,
            listens_to=tuple(self.subscriptions.contracts),
            exchanges=tuple(sorted(exchanges)),
            facts=tuple(
                contract.wire.type
                for contract in self.publishes
                if contract.wire.exchange is EVENTS
            ),
        )


def contracts_in(module: ModuleType) -> tuple[type[Contract], ...]:
    """The contracts that are defined in a publisher's module."""
    return tuple(each for each in catalogue.values() if each.__module__ == module.__name__)
