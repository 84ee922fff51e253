"""Everything that must hold, step by step, stopping at the first step that fails: what `./test`
runs. The last line alone says how many tests passed and failed.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from xml.etree import ElementTree as ET

PROJECT = Path(__file__).resolve().parent.parent
REPORTS = PROJECT / ".local" / "test-reports"
BROKEN = 3_000
FAST = ("lint", "format", "types", "unit")


@dataclass(frozen=True)
class Step:
    """One command; folders make it a step of pytest. Steps one after another with the same name run
    side by side, each on servers of its own.
    """

    name: str
    title: str
    arguments: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    servers: str = "test"

    @property
    def report(self) -> Path:
        return REPORTS / f"{self.name}-{self.servers}.xml"

    @property
    def command(self) -> list[str]:
        if not self.folders:
            return [sys.executable, "-m", *self.arguments]
        there = [folder for folder in self.folders if (PROJECT / folder).exists()]
        options = ["-q", f"--junit-xml={self.report}", *self.arguments]
        return [sys.executable, "-m", "pytest", *options, *there]


def steps(seeds: int, broken: int) -> list[Step]:
    """All steps in the order in which they fail fastest."""
    many = f"{seeds} seed{'s' * (seeds > 1)} each"
    return [
        Step("lint", "ruff check", ("ruff", "check", ".")),
        Step("format", "ruff format --check", ("ruff", "format", "--check", ".")),
        Step("types", "mypy", ("mypy",)),
        Step(
            "unit",
            "unit, contract and architecture tests",
            folders=("tests/unit", "tests/contracts", "tests/architecture", "tests/compose"),
        ),
        Step(
            "documents",
            "AsyncAPI documents before AsyncAPI's own parser, broken contracts before our tests",
            folders=("tests/documents",),
        ),
        Step(
            "integration",
            "integration tests on a real broker and a real database",
            folders=("tests/local", "tests/integration"),
        ),
        Step(
            "hostile",
            f"a flood of {broken} hostile messages",
            ("-s", f"--broken={broken}", "-o", "faulthandler_timeout=0"),
            ("tests/hostile",),
        ),
        Step(
            "faults",
            f"fault tests of one service, {many}",
            (f"--seeds={seeds}",),
            ("tests/faults/one_service",),
        ),
        Step(
            "faults",
            f"fault tests of the whole town, {many}",
            (f"--seeds={seeds}",),
            ("tests/faults/whole_town",),
            servers="town",
        ),
        Step("replay", "the main job", ("willkommen", "run", "replay", "--exit")),
    ]


@dataclass
class Totals:
    """What pytest counted; a failed step without tests counts as one failure."""

    passed: int = 0
    failed: int = 0

    def add(self, report: Path) -> None:
        """Add the numbers of one run of pytest."""
        suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - our own file
        if suite is None:
            return
        bad = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
        self.failed += bad
        self.passed += int(suite.attrib["tests"]) - bad - int(suite.attrib["skipped"])


def run(steps: Sequence[Step], totals: Totals) -> bool:
    """Run steps side by side with their headings and times; returns whether all succeeded."""
    began = time.monotonic()
    with ExitStack() as stack:
        running = [(step, stack.enter_context(_begun(step))) for step in steps]
        ended = [_ended(step, process, totals, began) for step, process in running]
    return all(ended)


def _begun(step: Step) -> subprocess.Popen[bytes]:
    print(f"\n=== {step.title} ===", flush=True)
    step.report.unlink(missing_ok=True)
    there = {**os.environ, "TEST_SERVERS_NAME": step.servers}
    return subprocess.Popen(step.command, cwd=PROJECT, stdin=subprocess.DEVNULL, env=there)


def _ended(step: Step, process: subprocess.Popen[bytes], totals: Totals, began: float) -> bool:
    good = process.wait() == 0
    if step.folders and step.report.exists():
        totals.add(step.report)
    if not good and not totals.failed:
        totals.failed = 1
    word = "done" if good else f"FAILED (status {process.returncode})"
    print(f"--- {step.title}: {word} after {time.monotonic() - began:.1f} s", flush=True)
    return good


def side_by_side(steps: Sequence[Step]) -> list[list[Step]]:
    """Together what may run together; on servers that somebody else named all runs alone."""
    if os.environ.get("AMQP_URL") or os.environ.get("MONGODB_URL"):
        return [[step] for step in steps]
    return [list(group) for _, group in groupby(steps, key=attrgetter("name"))]


def chosen(arguments: Sequence[str] | None) -> list[Step]:
    """The steps that the command line asks for."""
    names = list(dict.fromkeys(step.name for step in steps(1, BROKEN)))
    parser = argparse.ArgumentParser(prog="./test", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="only what needs no server")
    parser.add_argument("--only", choices=names, action="append", help="only this step")
    parser.add_argument("--faults", type=int, metavar="N", default=1, help="seeds per fault test")
    parser.add_argument(
        "--broken", type=int, metavar="N", default=BROKEN, help="hostile messages in the flood"
    )
    asked = parser.parse_args(arguments)
    wanted = asked.only or (FAST if asked.fast else names)
    return [step for step in steps(asked.faults, asked.broken) if step.name in wanted]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen steps; returns 0 when all succeeded."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    began, totals = time.monotonic(), Totals()
    good = all(run(group, totals) for group in side_by_side(chosen(arguments)))
    print(
        f"\n{'All steps succeeded' if good else 'Stopped'} after {time.monotonic() - began:.0f} s."
    )
    print(f"{totals.passed} passed, {totals.failed} failed", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
