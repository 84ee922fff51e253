"""Personal data stays put: marks in every personal field go through the whole running system, good
and broken, through retries, refusals and outages; then everything that others read is searched.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import pytest

from local.servers import Servers
from tests.faults.driver import Driver
from tests.hostile.books import Books
from tests.hostile.breaking import places as values_of
from tests.hostile.letters import Hostile
from tests.hostile.markers import MARK, Marked, marked_messages, unmarked
from tests.hostile.places import found, open_places, own_places, replies, send_spies
from tests.hostile.senders import Senders
from tests.hostile.strategy import WAYS_IN, named, right
from tests.support.probes import eventually
from tests.support.processes import Process
from tests.support.system import System, prepared
from willkommen.system import SERVICES

POST = "notifications"
LADDER_MILLISECONDS = 50
REFUSING = {
    "matching": ("households", "sponsors", "recruits"),
    "network": ("actors",),
    "notifications": ("deliveries",),
}
"""Collections of which the database refuses every write for a while."""


@dataclass
class Town:
    """The three services as processes that log all they can, and the marks that went in."""

    system: System
    servers: Servers
    processes: list[Process]
    books: Books
    messages: list[Marked] = field(default_factory=list)
    sent: int = 0

    @property
    def marks(self) -> set[str]:
        return {mark for each in self.messages for mark in each.marks.values()}

    def fresh(self) -> list[Marked]:
        """Messages with marks that were not used yet."""
        messages = list(marked_messages(token_hex(3)))
        for each in messages:
            if "reference" in each.data:
                each.data["reference"] = token_hex(8)
        self.messages += messages
        return messages

    async def send(self, letters: list[Hostile]) -> None:
        """Send them; returns when each was handled or parked."""
        taken = await self.post(letters)
        await self.books.settle(taken)
        await self.books.quiet()

    async def posted(self, state: str) -> None:
        """Wait until no mail is to be sent now, and some came out like this."""

        async def done() -> bool:
            states = {each["state"] for each in await self.system.documents(POST, "deliveries")}
            return state in states and not states & {"pending", "sending"}

        await eventually(f"mails are {state}", done)

    async def post(self, letters: list[Hostile]) -> list[Hostile]:
        """Send them; returns those that the broker took."""
        named_letters = [named(each, f"p-{self.sent + n}") for n, each in enumerate(letters)]
        self.sent += len(letters)
        async with Senders(self.system) as senders:
            return await senders.send(named_letters)


@pytest.fixture(scope="module")
async def town(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    told = {
        "SMTP_URL": f"smtp://{servers.smtp_host}:{servers.smtp_port}",
        "LOG_LEVEL": "DEBUG",
    }
    async with AsyncExitStack() as stack:
        ready = prepared(servers, folder, list(SERVICES.values()), heard_by_all=False)
        system = await stack.enter_async_context(ready)
        await system.shorten_ladder(LADDER_MILLISECONDS)
        await send_spies(system)
        processes = [
            Process(each, {**system.environment(each), **told}, folder) for each in SERVICES
        ]
        for process in processes:
            await stack.enter_async_context(process.up())
        await system.admin.admin.command("profile", 0, slowms=0)
        yield Town(system, servers, processes, Books(system))
        await system.admin.admin.command("profile", 0, slowms=100)


def test_every_personal_field_that_holds_text_gets_a_mark() -> None:
    assert unmarked() == set()


async def test_no_mark_is_found_where_others_read(town: Town) -> None:
    await good_ones(town)
    await broken_ones(town)
    await ones_that_the_database_refuses(town)
    await through_outages(town)
    assert found(town.marks, await open_places(town.system, town.servers, town.processes)) == {}
    await partners_hear_nothing_of_others(town)
    where = found(town.marks, await own_places(town.system, town.servers))
    assert {
        "private exchange",
        "households of matching",
        "recruits of matching",
        "sponsors of matching",
        "actors of network",
        "deliveries of notifications",
        "mails",
        "parked of matching",
        "parked of network",
        "parked of notifications",
    } <= where.keys()


async def test_the_search_finds_what_is_there(town: Town) -> None:
    """A mark put into an id, which must not hold personal data, is seen wherever ids are seen."""
    mark = f"{MARK}{token_hex(4)}"
    training = next(each for each in _letters_to_events())
    await town.send([training.having("", message_id=mark).heading("", {"ce-id": mark})])
    await town.send([training.having("", user_id=mark).but("", risky=True)])
    await town.system.admin.admin.command("profile", 0, slowms=0, sampleRate=1.0)
    await town.system.admin["test"]["nothing"].find_one({}, comment=mark)
    await town.system.admin.admin.command("profile", 0, slowms=100, sampleRate=0.0)
    parked = town.system.admin[town.system.access.database("matching")]["parked"]
    await parked.update_one({"state": "waiting"}, {"$set": {"summary": mark}})
    places = found([mark], await open_places(town.system, town.servers, town.processes))
    assert {
        "event exchange",
        "history stream",
        "log of matching",
        "/parked?state=any of matching",
    } <= set(places)
    if isinstance(getattr(town.servers.rabbitmq, "folder", None), Path):
        assert {"logs of RabbitMQ", "logs of MongoDB"} <= set(places)


async def good_ones(town: Town) -> None:
    """Taken in, also while the mail server refuses everybody for now."""
    mailbox = town.servers.mailbox
    mailbox.refuse("*")
    await town.send([_letter(each) for each in town.fresh()])
    await town.posted("deferred")
    mailbox.refuse("*", permanent=True)
    await town.send([_letter(each) for each in town.fresh()])
    await town.posted("failed")
    mailbox.accept_all()
    await town.send([_letter(each) for each in town.fresh()])
    await town.posted("sent")


async def broken_ones(town: Town) -> None:
    await town.send([broken for each in town.fresh() for broken in _broken(each)])


async def ones_that_the_database_refuses(town: Town) -> None:
    """The driver's own words about it quote the document."""
    for service, collections in REFUSING.items():
        for each in collections:
            await town.system.command(service, "collMod", each, validator={"never": "here"})
    await town.send([_letter(each) for each in town.fresh()])
    for service, collections in REFUSING.items():
        for each in collections:
            await town.system.command(service, "collMod", each, validator={})


async def through_outages(town: Town) -> None:
    """Database and broker are killed while marks are under way."""
    for server in (town.servers.mongodb, town.servers.rabbitmq):
        posted = await town.post([_letter(each) for each in town.fresh()])
        await Driver(0, town.servers, {}).broker_is_settled(*SERVICES)
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        await town.books.settle(posted)
    await town.send([_letter(each) for each in town.fresh()])


async def partners_hear_nothing_of_others(town: Town) -> None:
    for partner, heard in (await replies(town.system)).items():
        others = [each for each in town.messages if each.entrance.user != partner]
        marks = {mark for each in others for mark in each.marks.values()}
        assert found(marks, {partner: heard}) == {}


def _letter(marked: Marked) -> Hostile:
    return right(marked.entrance, json.dumps(marked.data).encode())


def _broken(marked: Marked) -> Iterator[Hostile]:
    """A mark where any other value should stand, and the envelope and the text broken."""
    whole = _letter(marked)
    mark = next(iter(marked.marks.values()))
    for number, _ in enumerate(list(values_of(marked.data))):
        data = deepcopy(marked.data)
        inside, key = list(values_of(data))[number]
        inside[key] = mark
        yield right(marked.entrance, json.dumps(data).encode())
    yield whole.but("", body=whole.body[:-20])
    yield whole.but("", body=whole.body.replace(b'"', b"'"))
    yield whole.but("", body=json.dumps(mark).encode())
    yield whole.heading("", {"ce-type": "willkommen.unknown.kind.v1"})
    yield whole.heading("", {"ce-subject": mark, "other": mark, "table": {"a": [mark]}})
    yield whole.having("", content_type="application/cloudevents+json")
    yield whole.having("", expiration="0")
    yield whole.having("", message_id="same").heading("", {"ce-id": "same"})
    yield (
        whole.but("", body=whole.body + b" ")
        .having("", message_id="same")
        .heading("", {"ce-id": "same"})
    )


def _letters_to_events() -> Iterator[Hostile]:
    for entrance in WAYS_IN:
        if entrance.exchange == "events":
            yield right(entrance, b'{"kind": "none"}')
