"""One replay from start to end: connect, play, count, and put the figures together."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from willkommen.local_system import LocalSystem
from willkommen.replay.driver import Driver, Progress
from willkommen.replay.observer import Observer
from willkommen.replay.quiet import Accounts, Watch
from willkommen.replay.senders import Senders
from willkommen.report import collect
from willkommen.timeline import Timeline


async def play(
    system: LocalSystem, timeline: Timeline, progress: Progress
) -> tuple[dict[str, Any], Accounts]:
    """Play the timeline through a running system; returns all figures and the books."""
    started = time.monotonic()
    senders = Senders(system.access.amqp)
    watch = Watch(system.urls, system.topology)
    driver = Driver(timeline, system.clock, senders, watch)
    observer = Observer(system.access, driver.see)
    try:
        system.clock.set(driver.start)
        await observer.start()
        accounts = await driver.run(observer, progress)
        figures = await collect(system.urls)
    finally:
        await observer.stop()
        await senders.close()
        await watch.close()
    figures["messages"] = messages(accounts, senders)
    figures["mails"]["duplicates"] += mailbox_duplicates(system.mailbox.counts())
    figures["seconds"] = round(time.monotonic() - started, 1)
    return figures, accounts


def messages(accounts: Accounts, senders: Senders) -> dict[str, int]:
    """What was published to the services' queues and what came of it; the numbers add up."""
    repeated = senders.published - sum(senders.confirmed.values())
    parked = len(accounts.parked)
    received = sum(accounts.received.values())
    return {
        "published": sum(accounts.expected.values()) + repeated,
        "processed": received - parked,
        "duplicates_dropped": accounts.duplicates,
        "parked": parked,
        "lost": accounts.lost,
    }


def mailbox_duplicates(counts: Mapping[str, Any]) -> int:
    """How many mails arrived more than once, as the mailbox itself counts them."""
    return int(counts["duplicates"])


def one_line(moment: datetime) -> str:
    """A date for the progress line."""
    return f"{moment:%B %Y}"
