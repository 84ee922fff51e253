"""Counts what a load brought about in a town: in the databases, on the history stream, at the
partner and at the mail server. Waits until it is what it must be, and that nothing more comes.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx

from tests.faults.driver import Progress
from tests.faults.town import SERVICES, Town
from tests.faults.town_load import TownLoad, ids_of
from tests.support.client import connected
from tests.support.probes import becomes

PATIENCE_SECONDS = 180.0
IN_HAND = 16
"""How many mails a sender may have in hand when it dies."""
SENT_TYPE = "message.sent"
Differences = dict[str, tuple[int, int]]
NONE: Differences = {}
HELD_BY = {"matching": ("households", "sponsors"), "network": ("actors", "trainings", "meetings")}


async def everything_happened_once(town: Town, load: TownLoad, **other: int) -> None:
    """Wait until all that must come of a load is there, exactly; `other` is expected besides."""
    wanted = load.expected() | other
    said = {name: number for name, number in wanted.items() if name.startswith(("facts", "answ"))}

    async def not_yet_said() -> Differences:
        return differences(said, _heard(town, said))

    async def not_yet_right() -> Differences:
        return differences(wanted, await observed(town, load, wanted))

    await becomes("(wanted, heard)", NONE, not_yet_said, seconds=PATIENCE_SECONDS)
    await becomes("(wanted, counted)", NONE, not_yet_right, seconds=PATIENCE_SECONDS)
    await becomes("left to do", 0, lambda: left_to_do(town), seconds=PATIENCE_SECONDS)
    assert await not_yet_right() == NONE


def differences(wanted: Mapping[str, int], found: Mapping[str, int]) -> Differences:
    """What is not as it must be: wanted, and found."""
    names = [*wanted, *(name for name in found if name not in wanted)]
    pairs = {name: (wanted.get(name, 0), found.get(name, 0)) for name in names}
    return {name: (want, there) for name, (want, there) in pairs.items() if want != there}


async def observed(town: Town, load: TownLoad, wanted: Mapping[str, int]) -> dict[str, int]:
    """What there is now, in the words of what is wanted."""
    counts: Counter[str] = Counter(dict.fromkeys(wanted, 0))
    for service, collections in HELD_BY.items():
        for collection in collections:
            query = {"_id": {"$in": ids_of(load)[collection]}}
            for document in await town.system.documents(service, collection, query):
                counts[_name(collection, document)] += 1
    forms = {"meeting_id": {"$in": ids_of(load)["meetings"]}}
    counts["evaluation forms"] = len(
        await town.system.documents("network", "evaluation_forms", forms)
    )
    counts["parked"] = await town.parked() - town.parked_before
    return {**counts, **_heard(town, wanted), **await _mails(town, load)}


async def uncertain(town: Town, load: TownLoad) -> int:
    """How many mails wait for a person, because nobody knows whether they went out."""
    return sum(each["state"] == "uncertain" for each in await _deliveries(town, load))


def share_done(town: Town, load: TownLoad) -> Progress:
    """The share of answers and facts of a load that were heard already."""
    wanted = load.expected()
    names = [name for name in wanted if name.startswith(("facts", "answers"))]
    everything = sum(wanted[name] for name in names) + len(load.about)

    async def share() -> float:
        facts = len(town.facts.messages) - town.heard_before["facts"]
        return (facts + len(town.replies.messages) - town.heard_before["replies"]) / everything

    return share


async def left_to_do(town: Town) -> int:
    """How many messages wait in queues, are in flight or are not published yet; an instance that
    does not answer yet has something to do, too.
    """
    left = 0
    for service in SERVICES:
        async with connected(town.system, service) as client:
            left += await client.waiting(service)
    async with httpx.AsyncClient(timeout=10) as web:
        for process in town.processes.values():
            left += await _unfinished(web, process.url)
    return left


async def _unfinished(web: httpx.AsyncClient, url: str) -> int:
    try:
        status = (await web.get(f"{url}/status")).raise_for_status().json()
    except httpx.HTTPError:
        return 1
    return int(status["in_flight"] + status["outbox"])


def _heard(town: Town, wanted: Mapping[str, int]) -> dict[str, int]:
    """Answers and facts since the case began, each counted once by its id."""
    counts: Counter[str] = Counter()
    answers: Counter[tuple[str, str]] = Counter()
    for fact in town.facts.since(town.heard_before["facts"]):
        counts[f"facts {_short(fact.type)}"] += 1
    for reply in town.replies.since(town.heard_before["replies"]):
        told = json.loads(reply.body)
        about = told.get("reference") or told["message_id"]
        answers[about, told.get("status", "refused")] += 1
    counts.update(f"answers {status}" for _, status in answers)
    counts["answers given twice"] = sum(number > 1 for number in answers.values())
    del counts[f"facts {SENT_TYPE}"]  # some may be uncertain: compared with the deliveries
    names = {name for name in wanted if name.startswith(("facts", "answers"))}
    return {name: counts[name] for name in names | counts.keys()}


async def _mails(town: Town, load: TownLoad) -> dict[str, int]:
    deliveries = await _deliveries(town, load)
    sent = {each["_id"] for each in deliveries if each["state"] == "sent"}
    settled = [each for each in deliveries if each["state"] in {"sent", "uncertain"}]
    facts = town.facts.since(town.heard_before["facts"])
    told = {each.headers["ce-subject"] for each in facts if _short(each.type) == SENT_TYPE}
    return {
        "mails out or uncertain": len(settled),
        "mails sent twice": sum(town.office.mails[each["_id"]] > 1 for each in deliveries),
        "mails said to be sent but lost": sum(not town.office.mails[each] for each in sent),
        "mails sent and not told": len(sent - told),
    }


async def _deliveries(town: Town, load: TownLoad) -> list[dict[str, Any]]:
    query = {"about": {"$in": sorted(load.about)}}
    return await town.system.documents("notifications", "deliveries", query)


def _name(collection: str, document: Mapping[str, Any]) -> str:
    if collection == "households":
        return f"households {document['status']}"
    if collection == "sponsors":
        ready = document["trained_on"] and document["certificate"]
        return "sponsors ready" if ready else "sponsors not ready"
    return collection


def _short(kind: Any) -> str:
    """`match.proposed` for `willkommen.match.proposed.v1`."""
    return str(kind).removeprefix("willkommen.").rpartition(".")[0]
