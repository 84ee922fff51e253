"""The books lose their connections while load runs: cut, refused, slow, torn, half-open."""

import pytest

from tests.faults.driver import Blow
from tests.faults.fire import at_once, under_fire
from tests.faults.wires import Wire, Wires
from tests.support.system import System

pytestmark = pytest.mark.fault

TEARS = 4


def breaks_of(wire: Wire) -> list[Blow]:
    """Everything that the service notices at once."""
    return [wire.cut, wire.refuse, wire.slow_down, *[wire.tear] * TEARS]


async def test_broken_connections_to_the_broker_lose_nothing_and_double_nothing(
    wires: Wires, system: System
) -> None:
    await under_fire(wires.driver, system, *breaks_of(wires.broker))


async def test_transactions_cut_in_their_middle_lose_nothing_and_double_nothing(
    wires: Wires, system: System
) -> None:
    await under_fire(wires.driver, system, *breaks_of(wires.database))


async def test_both_connections_broken_at_once_lose_nothing_and_double_nothing(
    wires: Wires, system: System
) -> None:
    pairs = zip(breaks_of(wires.broker), reversed(breaks_of(wires.database)), strict=True)
    await under_fire(wires.driver, system, *(at_once(*pair) for pair in pairs))


async def test_dead_connections_are_noticed_and_replaced_and_attempts_given_up(
    wires: Wires, system: System
) -> None:
    broker, database = wires.broker, wires.database
    await under_fire(
        wires.driver,
        system,
        at_once(broker.half_open, database.black_hole),
        at_once(broker.black_hole, database.half_open),
    )
