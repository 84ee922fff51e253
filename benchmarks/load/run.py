"""Maximum, steady stream, burst, and the cost of a message in a full database, in one run."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from benchmarks.load.partner import ReferringPartner, referring
from benchmarks.load.stock import stock_up
from benchmarks.load.system import LoadSystem, loaded_system
from local.servers import Servers

SHARE = 0.3
GOAL_P99 = 100.0
GOAL_COST = 1.2
GOAL_GROWTH = 1.1
WARM_UP = 500
SAMPLE_SECONDS = 2.0
PATIENCE_SECONDS = 600.0


@dataclass(frozen=True)
class Row:
    """One line of the table; `met` is None where there is no goal."""

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None


def main(arguments: list[str]) -> int:
    """Measure and print; returns 0 when every goal is met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks load")
    parser.add_argument("--referrals", type=int, default=5_000, help="to measure the maximum")
    parser.add_argument("--seconds", type=float, default=180, help="of the steady stream")
    parser.add_argument("--per-second", type=float, help="its pace, instead of 30 %% of the most")
    parser.add_argument("--burst", type=int, default=50_000)
    parser.add_argument("--households", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    chosen = parser.parse_args(arguments)
    with Servers("load", fresh=True) as servers:
        return asyncio.run(measure(servers, chosen))


async def measure(servers: Servers, chosen: argparse.Namespace) -> int:
    """One system lives through stream and burst, another one grows."""
    rows: list[Row] = []
    async with loaded_system(servers, "load") as system, referring(system.access) as partner:
        await flooded(system, partner, WARM_UP)
        most = await flooded(system, partner, chosen.referrals)
        rows.append(Row("most referrals a second, mails included", f"{most:.0f}/s"))
        rows += await stream(system, partner, chosen.per_second or most * SHARE, chosen.seconds)
        if chosen.burst:
            rows += await burst(system, partner, chosen.burst, most)
    if chosen.households:
        async with loaded_system(servers, "full") as system, referring(system.access) as partner:
            await flooded(system, partner, WARM_UP)
            rows += await cost(system, partner, chosen.households, chosen.referrals // 2)
    return report(rows)


async def flooded(system: LoadSystem, partner: ReferringPartner, number: int) -> float:
    """So many at once; returns how many a second were worked off, the last mail included."""
    began = perf_counter()
    await partner.flood(number)
    await all_done(system, partner)
    return number / (perf_counter() - began)


async def all_done(system: LoadSystem, partner: ReferringPartner) -> None:
    """Wait until every referral was accepted and every mail is out."""
    deadline = perf_counter() + PATIENCE_SECONDS + partner.sent / 50
    while perf_counter() < deadline:
        mails = await system.mails_sent() if len(partner.accepted) == partner.sent else 0
        if mails >= partner.sent:
            return
        say(f"{partner.sent} sent, {len(partner.accepted)} accepted")
        await asyncio.sleep(0.2)
    raise TimeoutError(f"{partner.sent} sent, {len(partner.accepted)} accepted: some are missing")


async def stream(
    system: LoadSystem, partner: ReferringPartner, per_second: float, seconds: float
) -> list[Row]:
    """A steady stream, while backlog and memory are watched."""
    first, samples = partner.sent, asyncio.create_task(watch(system))
    before = system.processor_seconds()
    await partner.stream(per_second, seconds)
    after = system.processor_seconds()
    samples.cancel()
    backlog, memory = await samples
    await all_done(system, partner)
    taken = partner.milliseconds(first)
    say_processor(before, after, len(taken))
    middle, tail = median(taken), taken[int(len(taken) * 0.99)]
    title = f"stream of {per_second:.0f}/s for {seconds:.0f} s: publish to acceptance"
    return [
        Row(f"{title}, median", f"{middle:.0f} ms"),
        Row("the same, 99th percentile", f"{tail:.0f} ms", "< 100 ms", tail < GOAL_P99),
        flat("its backlog", backlog, per_second),
        *(flat(f"megabytes of {name}", [each[name] for each in memory], 0) for name in memory[0]),
    ]


def flat(what: str, samples: Sequence[float], slack: float) -> Row:
    """The last third may hardly be more than the middle one; the first is warming up."""
    third = max(1, len(samples) // 3)
    middle, last = median(samples[third : 2 * third]), median(samples[-third:])
    title = f"{what}, middle and last third of the time"
    good = last <= middle * GOAL_GROWTH + slack
    return Row(title, f"{middle:.0f}, {last:.0f}", "flat", good)


async def watch(system: LoadSystem) -> tuple[list[int], list[dict[str, float]]]:
    """Look at backlog and memory until cancelled."""
    backlog: list[int] = []
    memory: list[dict[str, float]] = []
    try:
        while True:
            backlog.append(await system.backlog())
            memory.append(system.megabytes())
            await asyncio.sleep(SAMPLE_SECONDS)
    except asyncio.CancelledError:
        return backlog, memory


async def burst(
    system: LoadSystem, partner: ReferringPartner, number: int, most: float
) -> list[Row]:
    """Many at once: all are taken in, and worked off as fast as ever."""
    began = perf_counter()
    await partner.flood(number)
    taken_in = number / (perf_counter() - began)
    await all_done(system, partner)
    rate = number / (perf_counter() - began)
    lost = partner.sent - len(partner.accepted) + partner.refused
    return [
        Row(f"burst of {number}: confirmed by the broker", f"{taken_in:.0f}/s"),
        Row("burst: lost or refused", f"{lost}", "0", lost == 0),
        Row("burst: worked off", f"{rate:.0f}/s", f">= 0.8 x {most:.0f}/s", rate >= 0.8 * most),
    ]


async def cost(
    system: LoadSystem, partner: ReferringPartner, households: Sequence[int], number: int
) -> list[Row]:
    """Processor time of a referral with more and more households in the database."""
    spent: dict[int, float] = {}
    for stock in households:
        say(f"filling up to {stock} households")
        await stock_up(system, stock)
        rounds = []
        for _ in range(3):
            before = system.processor_seconds()
            await flooded(system, partner, number)
            after = system.processor_seconds()
            rounds.append((sum(after.values()) - sum(before.values())) / number * 1e3)
            say_processor(before, after, number)
        spent[stock] = min(rounds)
    least = spent[households[0]] if spent else 0
    return [
        Row(
            f"processor time of a referral and its mail with {stock} households",
            f"{each:.2f} ms, {each / least:.2f} x",
            f"< {GOAL_COST} x",
            each < least * GOAL_COST,
        )
        for stock, each in spent.items()
    ]


def say(what: str) -> None:
    print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def say_processor(before: dict[str, float], after: dict[str, float], number: int) -> None:
    """Where the processor time of one referral went."""
    each = {name: (after[name] - before[name]) / number * 1e3 for name in after}
    say("ms each: " + ", ".join(f"{name} {value:.2f}" for name, value in each.items()) + "\n")


def report(rows: Sequence[Row]) -> int:
    """Print the table and say whether the goals are met."""
    table = Table(title="two instances of each service, real servers, everything on one machine")
    for column in ("", "measured", "goal", ""):
        table.add_column(column, justify="left" if not column else "right")
    words = {None: "", True: "met", False: "MISSED"}
    for row in rows:
        table.add_row(row.what, row.measured, row.goal, words[row.met])
    Console(width=140).print(table)
    missed = [row.what for row in rows if row.met is False]
    print(f"{len(missed)} goals are missed" if missed else "all goals are met")
    return 1 if missed else 0
