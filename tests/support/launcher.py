"""Runs a service's real main with what tests need around it, so that nothing of this is in the
service: `python -m tests.support.launcher services.matching`. `CRASH_FILE` is the switch that says
where to die; `LEASE_SECONDS` says how soon others may take over what a dead process held, and
`PUBLISH_SECONDS` how long the broker may take to confirm; `TAKEN_FILE` gets a line per delivery,
`WEIGHT_FILE` what the process holds in memory, whenever it gets a SIGUSR1.
"""

import os
import runpy
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from aio_pika.abc import AbstractIncomingMessage

from shared.messaging import broker
from shared.messaging.message import Delivery
from shared.storage import records, timers
from tests.support import scales
from tests.support.crash import POINTS, CrashSwitch, Step, install


def points_of(module: str) -> dict[str, Step]:
    """The steps of the heart, and those at which a service touches the world by itself."""
    match module:
        case "services.notifications":
            from services.notifications.smtp import Line  # noqa: PLC0415 - of no concern to others

            more = {"before-mail": Step(Line, "send"), "after-mail": Step(Line, "send", after=True)}
        case "services.matching":
            from services.matching.worker import Keeper  # noqa: PLC0415 - see above

            more = {
                "before-solve": Step(Keeper, "_solve"),
                "after-solve": Step(Keeper, "_solve", after=True),
                "after-session": Step(Keeper, "_conclude", after=True),
            }
        case _:
            more = {}
    return {**POINTS, **more}


def write_down_deliveries(path: Path) -> None:
    """A line for each: its id and its try on the delay ladder. The broker's own mark would also
    count what it had on the way to a consumer that was gone, and what nobody has seen.
    """
    read, file = broker.delivery_of, path.open("a", buffering=1, encoding="utf-8")

    def noted(raw: AbstractIncomingMessage, *more: Any) -> Delivery:
        delivery = read(raw, *more)
        file.write(f"{delivery.message_id}#{delivery.attempt}\n")
        return delivery

    setattr(broker, "delivery_of", noted)  # noqa: B010 - mypy knows its own kind


def main(module: str) -> None:
    """Prepare the process, then become the service."""
    if seconds := os.environ.get("LEASE_SECONDS"):
        records.RELAY_LEASE = timers.LEASE = timedelta(seconds=float(seconds))
    if seconds := os.environ.get("PUBLISH_SECONDS"):
        setattr(broker, "PUBLISH_SECONDS", float(seconds))  # noqa: B010 - see above
    if path := os.environ.get("CRASH_FILE"):
        install(CrashSwitch(Path(path)), points_of(module))
    if path := os.environ.get("TAKEN_FILE"):
        write_down_deliveries(Path(path))
    if path := os.environ.get("WEIGHT_FILE"):
        scales.install(Path(path))
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1])
