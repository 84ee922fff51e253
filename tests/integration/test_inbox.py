"""Each message has its effect once, however often it is delivered; ids belong to their senders."""

from functools import partial

from shared.messaging.topology import DESK
from tests.support.batches import counts_of, parked_in
from tests.support.books import books
from tests.support.builders import cost, referral
from tests.support.client import connected, letter
from tests.support.probes import becomes
from tests.support.system import LISTENER, System


async def test_a_message_delivered_many_times_has_its_effect_once(system: System) -> None:
    same = letter(DESK, cost("c-1", 5))
    async with system.running(books()) as app, connected(system, DESK) as desk:
        for _ in range(3):
            await desk.send(same)
        await desk.tell(cost("c-2", 7))
        await becomes(
            "how messages came out",
            {"handled": 2, "duplicates": 2},
            lambda: counts_of(app),
        )
    assert await system.figures() == {"c-1": (1, 5), "c-2": (1, 7)}
    async with connected(system, LISTENER) as listener:
        facts = await listener.collect(LISTENER, 2)
    assert [fact["cost_id"] for fact in facts] == ["c-1", "c-2"]


async def test_an_id_used_again_for_other_content_is_told_to_its_sender_once(
    system: System,
) -> None:
    first, other = (letter("zeytin", referral(f"r-{n}"), message_id="m-1") for n in (1, 2))
    async with system.running(books()) as app, connected(system, "zeytin") as zeytin:
        for each in (first, other, other, other):
            await zeytin.send(each)
        answered, refused = await zeytin.replies(2)
        await becomes(
            "how messages came out",
            {"handled": 1, "parked": 1, "duplicates": 2},
            lambda: counts_of(app),
        )
        assert "used before with other content" in (await parked_in(app))["m-1"]
        await zeytin.is_empty("replies.zeytin")
    assert answered["status"] == "received"
    assert refused["message_id"] == "m-1"
    assert "used before with other content" in refused["errors"][0]
    assert await system.figures() == {"zeytin/r-1": (1, 0)}


async def test_a_partner_cannot_take_the_id_of_another(system: System) -> None:
    async with (
        system.running(books()),
        connected(system, "zeytin") as zeytin,
        connected(system, "kifa") as kifa,
    ):
        await zeytin.tell(referral(), message_id="m-1")
        await kifa.tell(referral(), message_id="m-1")
        assert [each["status"] for each in await zeytin.replies(1)] == ["received"]
        assert [each["status"] for each in await kifa.replies(1)] == ["received"]
    assert await system.figures() == {"zeytin/r-1": (1, 0), "kifa/r-1": (1, 0)}


async def test_a_message_is_known_again_by_another_instance(system: System) -> None:
    same = letter(DESK, cost("c-1", 5))
    async with connected(system, DESK) as desk:
        for instance in ("one", "two"):
            async with system.running(books(), instance) as app:
                await desk.send(same)
                await desk.tell(cost(instance, 1))
                await becomes(
                    "messages handled",
                    {"one": {"handled": 2}, "two": {"handled": 3, "duplicates": 1}}[instance],
                    partial(counts_of, app),
                )
    assert await system.figures() == {"c-1": (1, 5), "one": (1, 1), "two": (1, 1)}
