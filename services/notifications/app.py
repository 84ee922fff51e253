"""The composition root: what makes this service the notifications service."""

from typing import Final

from shared.contracts.notifications import (
    MessageFailed,
    MessageFailedV1,
    MessageSent,
    MessageSentV1,
)
from shared.parts import Parts
from shared.runtime import App

from . import lease
from .figures import figures, pending
from .settings import NotificationsSettings
from .store import NotificationsStore
from .subscribers import subscriptions
from .worker import Post

REST_SECONDS: Final = 0.15
"""Nobody waits at a screen for a mail; what goes out together costs half."""


async def send(app: App[NotificationsStore]) -> None:
    """Send what is pending."""
    await Post(app, _settings(app)).run()


async def watch(app: App[NotificationsStore]) -> None:
    """Notice workers that fell silent."""
    await lease.watch(app, _settings(app).sending_lease_seconds)


def _settings(app: App[NotificationsStore]) -> NotificationsSettings:
    if not isinstance(app.settings, NotificationsSettings):
        raise TypeError("the notifications service needs NotificationsSettings")
    return app.settings


PARTS = Parts(
    name="notifications",
    subscriptions=subscriptions,
    store=NotificationsStore,
    collections=NotificationsStore.COLLECTIONS,
    publishes=(MessageSent, MessageSentV1, MessageFailed, MessageFailedV1),
    figures=figures,
    pending=pending,
    background=(send, watch),
    rest_seconds=REST_SECONDS,
)
