"""The process that is measured: runs one variant until it has handled so many messages."""

import asyncio
import json
import resource
import sys
from time import perf_counter, process_time

import uvloop

from benchmarks.pipeline.ceiling import Ceiling
from benchmarks.pipeline.domain import PARTS
from benchmarks.pipeline.naive import Naive
from shared.observability import logs
from shared.runtime import App
from shared.settings import ServiceSettings


class Ours:
    """(b) The service as it is run for real."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.app = App(PARTS, settings)

    @property
    def done(self) -> int:
        return int(self.app.metrics.published_count)

    async def start(self) -> None:
        await self.app.start()

    async def stop(self) -> None:
        await self.app.stop()


def variant(name: str, settings: ServiceSettings) -> Ours | Naive | Ceiling:
    """The variant with this name."""
    amqp = settings.amqp_url.get_secret_value()
    if name == "naive":
        return Naive(amqp, settings.mongodb_url.get_secret_value(), settings.mongodb_database)
    return Ceiling(amqp) if name == "ceiling" else Ours(settings)


async def measure(name: str, count: int) -> dict[str, float]:
    """Seconds from the first delivery to the last confirmed fact, and the memory at the end."""
    subject = variant(name, ServiceSettings())
    before, started = process_time(), perf_counter()
    await subject.start()
    while subject.done < count:  # noqa: ASYNC110 - looking costs the same for all variants
        await asyncio.sleep(0.02)
    seconds = perf_counter() - started
    used = process_time() - before
    await subject.stop()
    return {
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "cpu_seconds": used,
    }


if __name__ == "__main__":
    logs.set_up("bench", instance=sys.argv[1], level="WARNING")
    sys.setswitchinterval(float(__import__("os").environ.get("SWI", "0.005")))
    print(json.dumps(uvloop.run(measure(sys.argv[1], int(sys.argv[2])))))
