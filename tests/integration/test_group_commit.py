"""A batch is decided message by message: what is wrong with one concerns that one alone."""

import asyncio
from dataclasses import replace

import pytest

from shared.contracts.desk import RecordCost
from shared.messaging import Facts, Message, Poison
from shared.messaging.topology import DESK
from tests.support.batches import commits_of, counts_of, decide_together, parked_in
from tests.support.books import BOOKS, Shelf, books, count, enter
from tests.support.builders import cost, referral
from tests.support.client import Letter, connected, letter
from tests.support.probes import becomes
from tests.support.system import LISTENER, System

BAD = "bad"
TOO_LARGE = 17 * 1024 * 1024


def costs(*references: str) -> list[Letter]:
    return [
        letter(DESK, cost(reference, 1), message_id=f"m-{n}")
        for n, reference in enumerate(references)
    ]


async def test_a_batch_is_committed_once(system: System) -> None:
    async with system.running(books()) as app:
        await decide_together(app, *costs(*[f"c-{number}" for number in range(100)]))
        assert commits_of(app) == 1
    assert len(await system.figures()) == 100


async def test_a_message_that_cannot_be_read_leaves_its_neighbours_alone(system: System) -> None:
    letters = costs("c-1", "c-2", "c-3")
    letters[1] = replace(letters[1], body=b"not JSON")
    async with system.running(books()) as app:
        await decide_together(app, *letters)
        assert commits_of(app) == 1
        assert list(await parked_in(app)) == ["m-1"]
    assert await system.figures() == {"c-1": (1, 1), "c-3": (1, 1)}


async def test_a_duplicate_inside_a_batch_counts_once(system: System) -> None:
    first, second = costs("c-1", "c-2")
    async with system.running(books()) as app:
        await decide_together(app, first, second, first, first)
        assert commits_of(app) == 1
        assert await counts_of(app) == {"handled": 2, "duplicates": 2}
    assert await system.figures() == {"c-1": (1, 1), "c-2": (1, 1)}


async def test_an_id_used_for_two_contents_inside_a_batch_keeps_the_first(system: System) -> None:
    first, second = costs("c-1", "c-2")
    async with system.running(books()) as app:
        await decide_together(app, first, replace(second, message_id=first.message_id))
        assert await counts_of(app) == {"handled": 1, "parked": 1}
    assert await system.figures() == {"c-1": (1, 1)}


async def test_two_messages_about_the_same_thing_in_one_batch_both_count(system: System) -> None:
    async with system.running(books()) as app:
        await decide_together(app, *costs("c-1", "c-1", "c-2", "c-1"))
        assert commits_of(app) == 1
    assert await system.figures() == {"c-1": (3, 3), "c-2": (1, 1)}


async def fail_after_saving(message: Message[RecordCost], shelf: Shelf) -> Facts:
    facts = await count(message, shelf)
    if message.data.reference == BAD:
        raise ZeroDivisionError
    return facts


async def refuse_after_saving(message: Message[RecordCost], shelf: Shelf) -> Facts:
    facts = await count(message, shelf)
    if message.data.reference == BAD:
        raise Poison("nobody knows this cost")
    return facts


@pytest.mark.parametrize("on_cost", [fail_after_saving, refuse_after_saving])
async def test_of_a_failed_message_nothing_is_kept_and_its_neighbours_count(
    system: System, on_cost: object
) -> None:
    async with system.running(books(on_cost)) as app:  # type: ignore[arg-type]
        await decide_together(app, *costs("c-1", BAD, "c-2", BAD))
        assert commits_of(app) == 1
        assert sorted(await parked_in(app)) == ["m-1", "m-3"]
    assert await system.figures() == {"c-1": (1, 1), "c-2": (1, 1)}
    async with connected(system, LISTENER) as listener:
        facts = await listener.collect(LISTENER, 2)
        await listener.is_empty(LISTENER)
    assert [fact["cost_id"] for fact in facts] == ["c-1", "c-2"]


async def test_a_bug_in_a_handler_is_parked_with_its_name_and_the_error(system: System) -> None:
    async with system.running(books(fail_after_saving)) as app:
        await decide_together(app, *costs(BAD))
    [parked] = await system.documents(BOOKS, "parked")
    assert (parked["kind"], parked["handler"]) == ("error", "fail_after_saving")
    assert parked["reason"].startswith("ZeroDivisionError")


async def test_a_write_that_the_database_refuses_is_found_by_splitting(system: System) -> None:
    await system.command(BOOKS, "collMod", "books", validator={"_id": {"$ne": BAD}})
    async with system.running(books()) as app:
        await decide_together(app, *costs(*[f"c-{n}" for n in range(20)], BAD, "c-20"))
        parked = await parked_in(app)
    assert list(parked) == ["m-20"]
    assert "the database refused the change" in parked["m-20"]
    assert set(await system.figures()) == {f"c-{n}" for n in range(21)}


async def test_a_refused_write_beside_one_of_another_kind_ends_the_attempt(
    system: System,
) -> None:
    """A book that is there is replaced, one that is not there is entered: two commands."""
    there, again = costs("c-1", "c-1")
    async with system.running(books()) as app:
        await decide_together(app, there)
        await system.command(BOOKS, "collMod", "books", validator={"_id": {"$ne": BAD}})
        async with asyncio.timeout(30):
            bad = replace(costs(BAD)[0], message_id="m-bad")
            await decide_together(app, again, bad)
        assert list(await parked_in(app)) == ["m-bad"]
    assert await system.figures() == {"c-1": (2, 2)}


async def test_a_document_that_is_too_large_is_found_by_splitting(system: System) -> None:
    async def grow(message: Message[RecordCost], shelf: Shelf) -> Facts:
        note = "x" * TOO_LARGE if message.data.reference == BAD else ""
        await enter(shelf, message.data.reference, 1, note)
        return []

    async with system.running(books(grow)) as app:
        await decide_together(app, *costs("c-1", BAD, "c-2"))
        assert list(await parked_in(app)) == ["m-1"]
    assert await system.figures() == {"c-1": (1, 1), "c-2": (1, 1)}


@pytest.mark.parametrize("value", [10**30, -(2**63) - 1])
async def test_a_number_that_the_database_cannot_hold_is_found_by_splitting(
    system: System, value: int
) -> None:
    async def add(message: Message[RecordCost], shelf: Shelf) -> Facts:
        await enter(shelf, message.data.reference, value if message.data.reference == BAD else 1)
        return []

    async with system.running(books(add)) as app:
        await decide_together(app, *costs("c-1", BAD, "c-2"))
        assert list(await parked_in(app)) == ["m-1"]
    assert await system.figures() == {"c-1": (1, 1), "c-2": (1, 1)}


@pytest.mark.parametrize("reference", ["a\x00b", "a\ud800b"])
async def test_text_that_the_database_cannot_hold_is_found_by_splitting(
    system: System, reference: str
) -> None:
    async def add(message: Message[RecordCost], shelf: Shelf) -> Facts:
        bad = message.data.reference == BAD
        await enter(shelf, message.data.reference, 1, reference if bad else "")
        return []

    async with system.running(books(add)) as app:
        await decide_together(app, *costs("c-1", BAD, "c-2"))
        parked = await parked_in(app)
    assert set(await system.figures()) >= {"c-1", "c-2"}
    assert parked == {} or list(parked) == ["m-1"]


async def test_stored_data_that_cannot_be_read_stops_only_the_messages_about_it(
    system: System,
) -> None:
    broken = {"_id": BAD, "version": 1, "entries": "many", "total": 0, "note": ""}
    database = system.access.database(BOOKS)
    await system.admin[database]["books"].insert_one(broken)
    async with system.running(books()) as app:
        await decide_together(app, *costs("c-1", BAD, "c-2", BAD, "c-3"))
        assert sorted(await parked_in(app)) == ["m-1", "m-3"]
    await system.admin[database]["books"].delete_one({"_id": BAD})
    assert await system.figures() == {"c-1": (1, 1), "c-2": (1, 1), "c-3": (1, 1)}


async def test_what_the_database_says_is_not_told_to_a_partner(system: System) -> None:
    await system.command(BOOKS, "collMod", "books", validator={"_id": {"$ne": "zeytin/bad"}})
    async with system.running(books()) as app, connected(system, "zeytin") as zeytin:
        await decide_together(
            app, *[letter("zeytin", referral(reference)) for reference in ("r-1", "bad")]
        )
        assert [each["reference"] for each in await zeytin.replies(1)] == ["r-1"]
        await becomes("facts to publish", 0, lambda: system.number(BOOKS, "outbox"))
        assert await zeytin.take("replies.zeytin") == []
        assert len(await parked_in(app)) == 1
