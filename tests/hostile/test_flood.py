"""Floods of hostile messages on the running system: nothing vanishes, nothing breaks, nobody waits.

`--broken N` pours N messages, `--seed S` repeats a flood.
"""

from collections import Counter
from pathlib import Path

from local.servers import Servers
from tests.hostile.flood import Flood, flooding
from tests.hostile.watch import LONG, MOST_RESIDENT_MIB, trouble_in
from tests.support.probes import becomes
from tests.support.system import prepared
from willkommen.system import SERVICES


async def test_every_hostile_message_is_answered_parked_or_handled(
    servers: Servers, tmp_path: Path, seed: int, broken: int
) -> None:
    services = list(SERVICES.values())
    async with prepared(servers, tmp_path, services, heard_by_all=False) as system:
        async with flooding(seed, servers, system, tmp_path) as flood:
            await flood.pour(broken)
            await the_books_balance(flood)
            await each_parked_one_has_its_reason_and_its_sender_knows(flood)
            nobody_grew(flood, broken)
        assert [line for each in flood.processes for line in trouble_in(each.log)] == []


async def the_books_balance(flood: Flood) -> None:
    """Sent and confirmed is handled, known already or parked: to the last message."""
    await flood.books.quiet()

    async def difference() -> dict[str, int]:
        books = await flood.books.balance()
        came = {name: each["by us"] + each["by services"] for name, each in books.items()}
        return {
            name: came[name] + flood.good.sent_to[name] - each["received"] - each["duplicates"]
            for name, each in books.items()
        }

    await becomes("messages unaccounted for", dict.fromkeys(SERVICES, 0), difference)
    for name, each in (await flood.books.balance()).items():
        print(f"  {name}: {each}")


async def each_parked_one_has_its_reason_and_its_sender_knows(flood: Flood) -> None:
    refused: Counter[str] = Counter()
    for name in SERVICES:
        parked = await flood.system.documents(name, "parked")
        assert all(each["reason"].strip() for each in parked)
        assert len(parked) == (await flood.books.balance())[name]["parked"]
        refused.update(each["sender"] for each in parked if each["kind"] == "poison")
    del refused[""]

    async def told() -> Counter[str]:
        return flood.good.refused

    await becomes("refusals that partners heard", refused, told)


def nobody_grew(flood: Flood, broken: int) -> None:
    """Late parts of the run are compared: a short one says nothing about growth."""
    if broken < LONG:
        print(f"  whether anything grows is judged from --broken {LONG} on")
        return
    grown, resident = list(flood.scales.growth()), list(flood.memory.late())
    for each in grown:
        print(f"  {each}")
    for name, first, last in resident:
        print(f"  {name}: {first:.1f} MiB resident after the middle, {last:.1f} at the end")
    assert [str(each) for each in grown if each.too_much] == []
    assert [name for name, first, last in resident if last - first > MOST_RESIDENT_MIB] == []
