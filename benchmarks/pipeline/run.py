"""Runs the three variants in turn on the same servers with the same messages."""

import argparse
import asyncio
import json
import os
import secrets
import subprocess
import sys
from statistics import median
from time import perf_counter

import aio_pika
from aio_pika.abc import AbstractChannel
from rich.console import Console
from rich.table import Table

from benchmarks.pipeline.domain import PARTS, SERVICE, command
from local.servers import Servers
from shared.contracts.base import Exchange
from shared.contracts.network import CostRecorded
from shared.messaging.topology import DESK, ServiceRights, Topology
from shared.setup import Access, drop_all, prepare_broker, prepare_databases

VARIANTS = {"naive": "(a) naive recipe", "ours": "(b) ours", "ceiling": "(c) ceiling, no database"}
GOALS = {"naive": 6.0, "ceiling": 0.5}
IDLE_MESSAGES = 200
MOST_IDLE_MS = 15.0
MOST_MEGABYTES = 150.0

TOPOLOGY = Topology(
    [PARTS.rights, ServiceRights("sink", (CostRecorded.wire.type,), (), ())], partners=[]
)


def main(arguments: list[str]) -> int:
    """Measure and print; returns 0 when every goal is met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks pipeline")
    parser.add_argument("--messages", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args(arguments)
    with Servers("benchmark", fresh=True) as servers:
        return asyncio.run(compare(servers, chosen.messages, chosen.rounds))


async def compare(servers: Servers, count: int, rounds: int) -> int:
    """All variants, round by round, so that a slow moment of the machine hits all alike."""
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in VARIANTS}
    for number in range(rounds):
        for name in VARIANTS:
            result = await one(servers, name, count)
            measured[name].append(result)
            rate = count / result["seconds"]
            cpu = result["cpu_seconds"] / count * 1e6
            line = f"round {number + 1} {name:8} {rate:8.0f} messages/s {cpu:6.0f} us CPU each"
            print(line, file=sys.stderr)
    idle = await idle_latency(servers)
    return report(measured, count, idle)


async def one(servers: Servers, name: str, count: int) -> dict[str, float]:
    """One variant on an empty virtual host and an empty database."""
    access = await fresh(servers)
    async with await aio_pika.connect(access.amqp(DESK)) as connection:
        await publish(await connection.channel(on_return_raises=True), count)
    process = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "benchmarks.pipeline.worker", name, str(count)],
        env={**os.environ, **environment(access)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=300,
    )
    await drop_all(access, [SERVICE])
    return dict(json.loads(process.stdout))


async def fresh(servers: Servers) -> Access:
    """An empty virtual host and an empty database."""
    mark = secrets.token_hex(4)
    access = Access(
        servers.amqp_admin_url,
        servers.management_url,
        servers.mongodb_admin_url,
        vhost=f"bench-{mark}",
        prefix=f"{mark}_",
    )
    await prepare_broker(access, TOPOLOGY)
    await prepare_databases(access, {SERVICE: PARTS.collections})
    return access


def environment(access: Access) -> dict[str, str]:
    """What the measured process is told."""
    return {
        "AMQP_URL": access.amqp(SERVICE),
        "MONGODB_URL": access.mongodb(SERVICE),
        "MONGODB_DATABASE": access.database(SERVICE),
    }


async def publish(channel: AbstractChannel, count: int, first: int = 0) -> None:
    """Put so many persistent, confirmed messages into the queue."""
    exchange = await channel.get_exchange(Exchange.COMMANDS.value, ensure=False)
    for start in range(first, first + count, 100):
        numbers = range(start, min(start + 100, first + count))
        await asyncio.gather(*(send(exchange, number) for number in numbers))


async def send(exchange: aio_pika.abc.AbstractExchange, number: int) -> None:
    """One command as the desk would send it."""
    data = command(number)
    message_id = f"m-{number}"
    headers = {
        "ce-specversion": "1.0",
        "ce-id": message_id,
        "ce-source": "/desk",
        "ce-type": data.wire.type,
    }
    message = aio_pika.Message(
        data.model_dump_json().encode(),
        content_type="application/json",
        message_id=message_id,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        headers=dict(headers),
    )
    await exchange.publish(message, routing_key=data.wire.type)


async def idle_latency(servers: Servers) -> list[float]:
    """Milliseconds from publishing one message to an idle service to receiving its fact."""
    access = await fresh(servers)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.pipeline.worker",
        "ours",
        str(IDLE_MESSAGES),
        env={**os.environ, **environment(access)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    async with (
        await aio_pika.connect(access.amqp(DESK)) as desk,
        await aio_pika.connect(access.amqp("sink")) as sink,
    ):
        commands = await (await desk.channel()).get_exchange(Exchange.COMMANDS, ensure=False)
        queue = await (await sink.channel()).get_queue("sink", ensure=False)
        taken: list[float] = []
        async with queue.iterator(no_ack=True) as facts:
            for number in range(IDLE_MESSAGES):
                started = perf_counter()
                await send(commands, number)
                await anext(facts)
                taken.append((perf_counter() - started) * 1_000)
    await process.wait()
    await drop_all(access, [SERVICE])
    return sorted(taken[20:])


def report(measured: dict[str, list[dict[str, float]]], count: int, idle: list[float]) -> int:
    """Print the table and say whether the goals are met."""
    rates = {
        name: median(count / result["seconds"] for result in results)
        for name, results in measured.items()
    }
    memory = max(result["megabytes"] for result in measured["ours"])
    table = Table(title=f"{count} messages, persistent, confirmed, majority and journal")
    for column in ("", "messages/s (median)", "ours is", "goal"):
        table.add_column(column, justify="right" if column else "left")
    for name, title in VARIANTS.items():
        ratio = rates["ours"] / rates[name]
        goal = f">= {GOALS[name]}" if name in GOALS else ""
        table.add_row(title, f"{rates[name]:.0f}", f"{ratio:.2f} x", goal)
    middle, tail = median(idle), idle[int(len(idle) * 0.99)]
    table.add_row("idle: publish to fact, median", f"{middle:.1f} ms", "", f"< {MOST_IDLE_MS} ms")
    table.add_row("idle: 99th percentile", f"{tail:.1f} ms", "", "")
    table.add_row("memory of the service", f"{memory:.0f} MB", "", f"< {MOST_MEGABYTES} MB")
    Console().print(table)
    met = (
        all(rates["ours"] / rates[name] >= goal for name, goal in GOALS.items())
        and middle < MOST_IDLE_MS
        and memory < MOST_MEGABYTES
    )
    print("all goals are met" if met else "not all goals are met")
    return 0 if met else 1
