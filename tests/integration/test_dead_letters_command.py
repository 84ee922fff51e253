"""`willkommen dead-letters` and `willkommen events tail`, as a person uses them."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from local.servers import Servers
from shared.messaging.topology import DESK
from tests.support.builders import actor, cost, referral
from tests.support.client import connected, letter
from tests.support.letters import all_letters, states, waiting
from tests.support.office import Office, office_of
from tests.support.probes import becomes

SECRET = "Testari7"
FILTERS = {
    "--state|waiting": 2,
    "--service|network": 1,
    "--kind|poison|--sender|zeytin": 1,
    "--kind|given up": 1,
    "--type|willkommen.referral.submitted.v1": 1,
    "--reason|UNKNOWN language": 1,
    f"--reason|{SECRET}": 0,
    f"--message|{SECRET}-1": 1,
    f"--message|{SECRET}": 0,
    "--handler|nobody": 0,
    "--older|1h": 0,
    "--newer|1h|--state|any": 2,
}
"""Options, and how many of two dead letters they choose."""
STARTS = {
    "1": [1],
    "1h": [0, 1],
    "2000-01-01": [0, 1],
    "first|--type|cost.*": [1],
    "first|--type|actor.registered": [0],
    "first|--type|*.v2": [],
    "first|--type|willkommen.actor.*|--type|cost.recorded": [0, 1],
}
"""Where to begin and which types, and the offsets of the facts that are told then."""
WHO = ("--staff", "staff-07", "--note", "the contract was mended")


@pytest.fixture
async def office(servers: Servers, tmp_path: Path) -> AsyncIterator[Office]:
    async with office_of(servers, tmp_path) as ready:
        yield ready


async def park_a_referral(office: Office, number: int = 1) -> str:
    """A referral with somebody's name where a code should be, and in its id; returns its id."""
    wrong = referral(f"r-{number}").model_dump(mode="json")
    wrong["household"]["languages"] = [{"code": SECRET, "level": "native"}]
    async with connected(office.system, "zeytin") as zeytin:
        body = json.dumps(wrong).encode()
        await zeytin.tell(referral(), body=body, message_id=f"{SECRET}-{number}")
    return (await waiting(office.matching, number))[-1].letter_id


async def park_a_cost(office: Office) -> str:
    """A cost that an operator can replay once the database takes it."""
    await office.system.command("network", "collMod", "costs", validator={"_id": "no"})
    async with connected(office.system, DESK) as desk:
        await desk.send(letter(DESK, cost("K-1")))
    letters = await waiting(office.network)
    await office.system.command("network", "collMod", "costs", validator={})
    return letters[-1].letter_id


async def test_the_listing_says_what_happened_and_nothing_of_anybody(office: Office) -> None:
    parked = await park_a_referral(office)
    _, table = await office.types("dead-letters", "list")
    assert parked[:8] in table
    for told in ("matching", "poison", "zeytin", "referral.submitted", "unknown language code"):
        assert told in table
    _, whole = await office.types("dead-letters", "list", "--json")
    _, one = await office.types("dead-letters", "show", parked[:8])
    for printed in (table, whole, one):
        assert SECRET not in printed
        assert "Amal" not in printed
    assert json.loads(whole)["id"] == parked


async def test_filters_choose(office: Office) -> None:
    await park_a_referral(office)
    await park_a_cost(office)
    for words, found in FILTERS.items():
        status, printed = await office.types("dead-letters", "list", "--json", *words.split("|"))
        assert (status, len(printed.splitlines())) == (0, found), (words, printed)


async def test_a_replay_is_tried_dry_then_done_and_a_second_one_is_told(office: Office) -> None:
    parked = await park_a_cost(office)
    filters = ("dead-letters", "replay", "--service", "network")
    status, printed = await office.types(*filters, "--dry-run")
    assert (status, await states(office.network)) == (0, ["waiting"])
    assert "1 would be decided; nothing was done." in printed
    status, printed = await office.types(*filters, *WHO)
    assert status == 0
    assert f"{parked[:8]}  done" in printed
    assert await states(office.network) == ["replayed"]
    await becomes("costs", 1, lambda: office.system.number("network", "costs"))
    status, printed = await office.types("dead-letters", "replay", parked, *WHO)
    assert status == 1
    assert "it was replayed already" in printed
    _, shown = await office.types("dead-letters", "show", parked)
    [entry] = json.loads(shown)["record"]
    assert (entry["what"], entry["staff_id"]) == ("replayed", "staff-07")


async def test_what_still_fails_is_told_and_can_be_discarded(office: Office) -> None:
    parked = await park_a_referral(office)
    status, printed = await office.types("dead-letters", "replay", parked[:8], *WHO)
    assert status == 1
    assert "it failed again and waits on" in printed
    status, printed = await office.types("dead-letters", "discard", parked[:8], *WHO)
    assert (status, "Done: 1. Not done: 0." in printed) == (0, True)
    _, shown = await office.types("dead-letters", "show", parked)
    assert [each["what"] for each in json.loads(shown)["record"]] == ["failed again", "discarded"]
    assert (await office.types("dead-letters", "list"))[1].strip() == "No dead letters."


async def test_the_content_is_shown_to_the_desk_once_it_is_on_record(office: Office) -> None:
    parked = await park_a_referral(office)
    status, printed = await office.types("dead-letters", "show", parked, "--content")
    assert status
    assert "goes on record" in printed
    _, printed = await office.types("dead-letters", "show", parked, "--content", *WHO)
    shown = json.loads(printed)
    assert SECRET in shown["body"]
    assert "unknown language code" in shown["reason"]
    assert shown["message_id"] == f"{SECRET}-1"
    [left] = await all_letters(office.matching)
    assert [each["what"] for each in left.record] == ["disclosed", "read"]
    assert left.record[0]["staff_id"] == "staff-07"
    assert left.tickets == []


async def test_without_the_desks_address_nobody_reads(office: Office) -> None:
    parked = await park_a_referral(office)
    file = office.folder / "connection.json"
    known = json.loads(file.read_text())
    file.write_text(json.dumps({**known, "amqp": {"operator": known["amqp"]["operator"]}}))
    status, printed = await office.types("dead-letters", "show", parked, "--content", *WHO)
    assert status == 1
    assert "there is no user 'desk'" in printed
    known["amqp"]["desk"] = known["amqp"]["operator"]
    file.write_text(json.dumps(known))
    status, printed = await office.types("dead-letters", "show", parked, "--content", *WHO)
    assert status == 1
    assert "refused" in printed
    assert SECRET not in printed
    assert (await office.types("dead-letters", "discard", parked, *WHO))[0] == 0


async def test_wrong_words_are_answered_with_a_sentence(office: Office) -> None:
    parked = await park_a_referral(office)
    for words, said in (
        (("replay", *WHO), "or say --all"),
        (("replay", parked, "--all", *WHO), "or say --all"),
        (("replay", parked), "--staff and --note are needed"),
        (("replay", parked, "--staff", "staff 07!", "--note", "why"), "--staff_id"),
        (("replay", "ffffffff-none", *WHO), "no dead letter has an id"),
        (("list", "--service", "elsewhere"), "there are network, matching"),
        (("list", "--older", "yesterday"), "30m, 1h, 7D"),
        (("list", "--state", "lost"), "waiting"),
    ):
        status, printed = await office.types("dead-letters", *words)
        assert status, words
        assert said in printed, (words, printed)
        assert "Traceback" not in printed


async def make_facts(office: Office) -> None:
    async with connected(office.system, DESK) as desk:
        await desk.tell(actor("a-1"))
        await desk.tell(cost("K-1"))
    await becomes("costs", 1, lambda: office.system.number("network", "costs"))


def told(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


async def test_facts_are_told_from_the_first_for_people_and_for_machines(office: Office) -> None:
    await make_facts(office)
    tail = ("events", "tail", "--from", "first", "--idle", "5")
    _, printed = await office.types(*tail)
    assert [line.split()[0] for line in printed.splitlines()] == ["0", "1"]
    assert "actor.registered.v1" in printed
    _, printed = await office.types(*tail, "--json")
    actor_fact, cost_fact = told(printed)
    assert (actor_fact["offset"], cost_fact["offset"]) == (0, 1)
    assert cost_fact["type"] == "willkommen.cost.recorded.v1"
    assert cost_fact["data"]["amount_eur"] == 1


async def test_a_start_and_types_choose_facts(office: Office) -> None:
    await make_facts(office)
    for start, offsets in STARTS.items():
        words = ("--json", "--idle", "5", "--from", *start.split("|"))
        _, printed = await office.types("events", "tail", *words)
        assert [each["offset"] for each in told(printed)] == offsets, start


async def test_following_ends_cleanly_with_ctrl_c(office: Office) -> None:
    await make_facts(office)
    process = await office.begins("events", "tail", "--from", "first")
    assert process.stdout
    await process.stdout.readline()
    await process.stdout.readline()
    assert await office.presses_ctrl_c(process) == (0, "", "")


async def test_a_start_that_cannot_be_understood_is_told(office: Office) -> None:
    status, printed = await office.types("events", "tail", "--from", "yesterday")
    assert status
    assert "first, last, next" in printed
