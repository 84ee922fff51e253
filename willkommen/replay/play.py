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
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Play the timeline through a running system; returns all figures and what is parked."""
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
        parked = await watch.parked()
    finally:
        await observer.stop()
        await senders.close()
        await watch.close()
    figures["messages"] = messages(accounts, senders)
    figures["mails"] |= arrived(figures["mails"], system.mailbox.counts())
    figures["seconds"] = round(time.monotonic() - started, 1)
    return figures, parked


def messages(accounts: Accounts, senders: Senders) -> dict[str, int]:
    """What was published to the services' queues and what came of it; the numbers add up."""
    repeated = senders.published - sum(senders.confirmed.values())
    parked = accounts.parked
    received = sum(accounts.received.values())
    return {
        "published": sum(accounts.expected.values()) + repeated,
        "processed": received - parked,
        "duplicates_dropped": accounts.duplicates,
        "parked": parked,
        "lost": accounts.lost,
    }


def arrived(mails: Mapping[str, int], counts: Mapping[str, Any]) -> dict[str, int]:
    """What the mailbox itself counts, beside what the service says it sent."""
    return {"duplicates": mails["duplicates"] + counts["duplicates"], "arrived": counts["mails"]}


def one_line(moment: datetime) -> str:
    """A date for the progress line."""
    return f"{moment:%B %Y}"
