"""Everywhere that is read by more people than may see personal data, and where it belongs."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
from aio_pika.abc import AbstractIncomingMessage

from local.servers import Servers
from tests.support.client import connected, history
from tests.support.processes import Process
from tests.support.system import PARTNERS, System
from willkommen.system import SERVICES

SPIES = {"spy.events": ("events", "#"), "spy.private": ("private", "notifications")}
PAGES = ("/metrics", "/status", "/parked?state=any", "/figures", "/ready", "/live")
MOST = 50_000

Places = dict[str, str]
"""All that is written in a place, by the place's name."""


async def send_spies(system: System) -> None:
    """Queues that get a copy of every fact, and of every message between the services."""
    for queue, (exchange, key) in SPIES.items():
        vhost = system.access.vhost
        await system.manage("PUT", f"/api/queues/{vhost}/{queue}", json={"durable": True})
        binding = f"/api/bindings/{vhost}/e/{exchange}/q/{queue}"
        await system.manage("POST", binding, json={"routing_key": key})


async def spied(system: System, queue: str) -> list[dict[str, Any]]:
    """What a spy has seen, with all properties; it stays there."""
    path = f"/api/queues/{system.access.vhost}/{queue}/get"
    asked = {"count": MOST, "ackmode": "ack_requeue_true", "encoding": "auto"}
    seen: list[dict[str, Any]] = await system.manage("POST", path, json=asked)
    return seen


async def open_places(system: System, servers: Servers, processes: Iterable[Process]) -> Places:
    """Where no personal data may be."""
    facts = await spied(system, "spy.events")
    places = {"event exchange": json.dumps(facts, ensure_ascii=False)}
    stream = await history(system, len(facts))
    places["history stream"] = "\n".join(map(_all_of, stream))
    async with httpx.AsyncClient(timeout=30) as client:
        for each in processes:
            places[f"log of {each.name}"] = each.log.read_text(errors="replace")
            for page in PAGES:
                places[f"{page} of {each.name}"] = (await client.get(each.url + page)).text
    for server in (servers.rabbitmq, servers.mongodb):
        folder = getattr(server, "folder", None)
        if isinstance(folder, Path):
            logs = (folder / "log").glob("*")
            texts = [log.read_text(errors="replace") for log in logs if log.is_file()]
            places[f"logs of {server.title}"] = "\n".join(texts)
    return places


async def replies(system: System) -> Places:
    """What each partner hears."""
    heard = {}
    for partner in PARTNERS:
        async with connected(system, partner.id) as client:
            heard[partner.id] = "\n".join(map(_all_of, await client.take(f"replies.{partner.id}")))
    return heard


async def own_places(system: System, servers: Servers) -> Places:
    """Where personal data belongs: with its owners, and on the way to the person."""
    places = {"private exchange": json.dumps(await spied(system, "spy.private"))}
    for name in SERVICES:
        database = system.admin[system.access.database(name)]
        for collection in await database.list_collection_names():
            kept = await system.documents(name, collection)
            places[f"{collection} of {name}"] = "\n".join(map(str, kept))
    mails = (each for each in servers.mailbox.folder.rglob("*") if each.is_file())
    places["mails"] = "\n".join(each.read_text(errors="replace") for each in mails)
    return places


def found(marks: Iterable[str], places: Mapping[str, str]) -> dict[str, list[str]]:
    """The marks that stand in each place, in whatever case; places without any are left out."""
    wanted = list(marks)
    seen = {place: text.lower() for place, text in places.items()}
    hits = {
        place: [mark for mark in wanted if mark.lower() in text] for place, text in seen.items()
    }
    return {place: marks for place, marks in hits.items() if marks}


def _all_of(message: AbstractIncomingMessage) -> str:
    return f"{message.info()} {dict(message.headers)} {message.body.decode(errors='replace')}"
