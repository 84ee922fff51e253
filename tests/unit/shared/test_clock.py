"""Time is passed in: it stands, moves and runs as it is told, for all processes at once."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from time import sleep

import pytest

from shared.clock import (
    FileClock,
    SettableClock,
    SystemClock,
    clock_from,
    in_milliseconds,
)

NOON = datetime(2016, 5, 2, 12, 0, 0, 123_000, tzinfo=UTC)
FINE = NOON + timedelta(microseconds=987)
ASK = """
import sys
from pathlib import Path
from shared.clock import FileClock
clock = FileClock(Path(sys.argv[1]))
for _ in sys.stdin:
    print(clock.now().isoformat(), flush=True)
"""
SET = """
import sys
from datetime import datetime
from pathlib import Path
from shared.clock import FileClock
FileClock(Path(sys.argv[1])).set(datetime.fromisoformat(sys.argv[2]))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the shared time is kept."""
    return tmp_path / "clock"


def test_a_moment_is_kept_in_full_milliseconds_and_in_utc() -> None:
    elsewhere = FINE.astimezone(timezone(timedelta(hours=2)))
    assert in_milliseconds(elsewhere) == NOON
    assert in_milliseconds(elsewhere).tzinfo is UTC


def test_the_machines_time_goes_on() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.microsecond % 1_000 == 0


def test_a_settable_clock_stands_until_it_is_set() -> None:
    clock = SettableClock(FINE)
    assert clock.now() == NOON
    clock.set(FINE - timedelta(days=1))
    assert clock.now() == NOON - timedelta(days=1)


def test_a_file_clock_stands_until_it_is_set(path: Path) -> None:
    clock = FileClock(path)
    clock.set(FINE)
    assert clock.now() == NOON
    assert FileClock(path).now() == NOON


@pytest.mark.parametrize("milliseconds", range(0, 1_000, 37))
def test_no_millisecond_gets_lost_in_the_file(path: Path, milliseconds: int) -> None:
    moment = NOON.replace(microsecond=milliseconds * 1_000)
    clock = FileClock(path)
    clock.set(moment)
    assert clock.now() == moment


def test_a_file_clock_runs_on_from_where_it_stood(path: Path) -> None:
    clock = FileClock(path)
    clock.set(NOON)
    clock.run()
    sleep(0.02)
    assert NOON < clock.now() < NOON + timedelta(seconds=10)
    clock.set(NOON)
    assert clock.now() == NOON


def test_two_processes_see_one_time(path: Path) -> None:
    clock = FileClock(path)
    with subprocess.Popen(
        [sys.executable, "-c", ASK, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin
        assert other.stdout
        for moment in (NOON, NOON + timedelta(days=90), NOON - timedelta(days=1)):
            clock.set(moment)
            other.stdin.write("now?\n")
            other.stdin.flush()
            assert datetime.fromisoformat(other.stdout.readline().strip()) == moment
        other.stdin.close()


def test_a_time_set_by_another_process_is_seen(path: Path) -> None:
    clock = FileClock(path)
    clock.set(NOON)
    later = NOON + timedelta(days=31)
    subprocess.run([sys.executable, "-c", SET, str(path), later.isoformat()], check=True)
    assert clock.now() == later


def test_the_clock_is_a_file_where_a_path_is_given(path: Path) -> None:
    assert isinstance(clock_from(path), FileClock)
    assert isinstance(clock_from(None), SystemClock)
