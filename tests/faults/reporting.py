"""Shows how far a run of the fault suite has come, says how a failure is repeated, and keeps the
figures of the last run of each test.
"""

import fcntl
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent
SUMMARY = FOLDER.parent.parent / ".local" / "test-reports" / "fault-figures.json"
REPEAT = ".venv/bin/python -m tests.faults"


@dataclass(frozen=True)
class Case:
    """A test with its parameters, and the seed that it runs with now."""

    test: str
    parameters: str
    seed: int

    @property
    def name(self) -> str:
        return f"{self.test}[{self.parameters}]" if self.parameters else self.test


@dataclass
class Figures:
    """What a test did in its last run."""

    runs: int = 0
    seeds: int = 0
    messages: int = 0
    failed: int = 0


def case_of(item: pytest.Item) -> Case | None:
    """The case of a test of this suite that runs with a seed."""
    if not isinstance(item, pytest.Function) or FOLDER not in item.path.parents:
        return None
    spec = getattr(item, "callspec", None)
    if spec is None or "seed" not in spec.params:
        return None
    parameters = re.sub(r"-?seed-\d+", "", spec.id).strip("-")
    return Case(item.originalname, parameters, int(spec.params["seed"]))


class FaultReport:
    """A plugin of pytest for the cases of this suite."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._cases: dict[str, Case] = {}
        self._bad: dict[str, Case] = {}
        self._messages: dict[str, int] = {}
        self._seconds: dict[str, float] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Know all cases before the first begins."""
        found = {item.nodeid: case_of(item) for item in session.items}
        self._cases = {node: case for node, case in found.items() if case}

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """A line for each case instead of a dot."""
        if report.nodeid in self._cases and report.when == "call" and not report.skipped:
            return report.outcome, "", ""
        return None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of each step of a case; when it is over, say how it came out."""
        case = self._cases.get(report.nodeid)
        if case is None:
            return
        if report.failed:
            self._bad[report.nodeid] = case
        if report.when == "call":
            self._seconds[report.nodeid] = report.duration
        if report.when == "teardown":
            counted = dict(report.user_properties).get("messages", 0)
            self._messages[report.nodeid] = int(str(counted))
            self._say(self._line(report.nodeid, case))

    def pytest_sessionfinish(self) -> None:
        """Keep the figures."""
        if self._messages:
            keep(self._figures())

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """How to repeat what failed."""
        for case in self._bad.values():
            command = f"{REPEAT} --seed {case.seed} --case '{case.name}'"
            terminalreporter.write_line(f"seed {case.seed} failed; to repeat it: {command}")

    def _line(self, node: str, case: Case) -> str:
        """`[ 3/54] seed 1  test_name[before-ack]  passed after 5.1 s`."""
        count = f"{len(self._messages):{len(str(len(self._cases)))}}/{len(self._cases)}"
        outcome = "FAILED" if node in self._bad else "passed"
        after = f"{outcome} after {self._seconds.get(node, 0):.1f} s"
        return f"[{count}] seed {case.seed}  {case.name}  {after}"

    def _say(self, line: str) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal:
            terminal.ensure_newline()
            terminal.write_line(line)

    def _figures(self) -> dict[str, Figures]:
        figures: dict[str, Figures] = {}
        seeds: dict[str, set[int]] = {}
        for node, messages in self._messages.items():
            case = self._cases[node]
            of_test = figures.setdefault(case.test, Figures())
            of_test.runs += 1
            of_test.messages += messages
            of_test.failed += node in self._bad
            seeds.setdefault(case.test, set()).add(case.seed)
            of_test.seeds = len(seeds[case.test])
        return figures


def keep(figures: dict[str, Figures]) -> None:
    """Write the figures of these tests down beside those of the others, which may end just now."""
    SUMMARY.parent.mkdir(parents=True, exist_ok=True)
    with SUMMARY.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = {**kept_figures(), **figures}
        rows = {test: asdict(kept[test]) for test in sorted(kept)}
        SUMMARY.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def kept_figures() -> dict[str, Figures]:
    """The figures of each test's last run on this machine."""
    if not SUMMARY.exists():
        return {}
    rows = json.loads(SUMMARY.read_text(encoding="utf-8"))
    return {test: Figures(**row) for test, row in rows.items()}


def total(figures: Iterable[Figures]) -> Figures:
    """Several tests together."""
    together = Figures()
    for each in figures:
        together.runs += each.runs
        together.seeds = max(together.seeds, each.seeds)
        together.messages += each.messages
        together.failed += each.failed
    return together
