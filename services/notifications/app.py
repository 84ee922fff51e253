"""The composition root: what makes this service the notifications service."""

from shared.contracts import notifications
from shared.contracts.notifications import RequestMessage
from shared.runtime import App, Parts, contracts_in

from .figures import figures, pending
from .settings import NotificationsSettings
from .store import NotificationsStore
from .subscribers import subscriptions
from .worker import Post


def post_of(app: App[NotificationsStore]) -> Post:
    """The post of an instance; raises `TypeError` when it was given another service's settings."""
    if not isinstance(app.settings, NotificationsSettings):
        raise TypeError("the notifications service needs NotificationsSettings")
    return Post(app, app.settings)


async def send(app: App[NotificationsStore]) -> None:
    """Send what is pending."""
    await post_of(app).run()


async def watch(app: App[NotificationsStore]) -> None:
    """Notice workers that fell silent."""
    await post_of(app).watch()


PARTS = Parts(
    name="notifications",
    subscriptions=subscriptions,
    store=NotificationsStore,
    collections=NotificationsStore.COLLECTIONS,
    publishes=tuple(
        contract for contract in contracts_in(notifications) if contract is not RequestMessage
    ),
    figures=figures,
    pending=pending,
    background=(send, watch),
)
