"""Whether a flood sees what grows: objects that are kept weigh, and late parts of a run compare."""

import sys
from pathlib import Path

import pytest

from tests.hostile.watch import Growth, Logs, Memory, Scales
from tests.support.scales import Weight

NUMBER = 20_000


def test_what_is_kept_of_each_message_weighs() -> None:
    before = Weight.own()
    ids = [f"message {number}" for number in range(NUMBER)]
    bodies = [bytes(1_000) for _ in range(NUMBER)]
    held = Weight.own()
    assert held.pieces - before.pieces > len(ids) * 0.9
    assert held.large_bytes - before.large_bytes > sum(map(len, bodies))


def test_what_is_given_back_weighs_nothing() -> None:
    before = Weight.own()
    bodies = [bytes(1_000) for _ in range(NUMBER)]
    size = sys.getsizeof(bodies)
    del bodies
    assert Weight.own().large_bytes - before.large_bytes < size


@pytest.mark.parametrize("messages", [29_000, 7_500, 4_400])
@pytest.mark.parametrize(
    ("pieces", "large_bytes"), [(1.0, 0), (0.6, 0), (0.0, 200)], ids=["all ids", "some", "bodies"]
)
def test_a_slow_leak_is_too_much(messages: int, pieces: float, large_bytes: int) -> None:
    """So many messages the three services get in the last 40,000 of 100,000."""
    assert Growth("one", messages, int(pieces * messages), large_bytes * messages).too_much


def test_what_comes_and_goes_is_not_too_much() -> None:
    assert not Growth("one", 29_000, 900, 300_000).too_much
    assert not Growth("one", 29_000, -40_000, -9_000_000).too_much


def test_growth_is_what_came_after_the_middle() -> None:
    scales = Scales([])
    weights = [Weight(100 * step**2, step) for step in range(1, 11)]
    scales.seen["one"] = [(10 * step, weight) for step, weight in enumerate(weights, start=1)]
    assert list(scales.growth()) == [Growth("one", 40, 100 * (81 - 25), 9 - 5)]


def test_a_message_that_is_just_under_way_is_no_growth() -> None:
    scales = Scales([])
    scales.seen["one"] = [(step, Weight(7, 7)) for step in range(9)] + [(9, Weight(5_000, 10**7))]
    assert list(scales.growth()) == [Growth("one", 4, 0, 0)]


def test_resident_memory_is_compared_late_in_the_run() -> None:
    memory = Memory([])
    memory.seen = {"long": [*map(float, range(100))], "short": [1.0, 2.0], "one": [7.0]}
    assert list(memory.late()) == [("long", 54.5, 94.5), ("short", 2.0, 2.0), ("one", 7.0, 7.0)]


def test_each_line_of_a_log_is_read_once(tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    log.write_text("good\nTraceback (most recent")
    logs = Logs([log])
    assert logs.trouble() == []
    with log.open("a") as file:
        file.write(" call last):\nSomeWarning: look\n")
    assert logs.trouble() == ["Traceback (most recent call last):", "SomeWarning: look"]
    assert logs.trouble() == []
