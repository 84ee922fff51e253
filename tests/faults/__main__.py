"""The fault suite by hand: repeat a case and read what happened when, list the cases, or render the
figures of the last runs.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO

import pytest

from tests.faults import figures
from tests.faults.reporting import FOLDER, case_of

FIRST_SEED = 1
NO_CASE = 5
"""What pytest says when it has nothing to do."""


class Selection:
    """A plugin of pytest that keeps the cases whose name contains a text."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self.names: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        cases = [(item, case_of(item)) for item in items]
        chosen = [(item, case) for item, case in cases if case and self._wanted in case.name]
        items[:] = [item for item, _ in chosen]
        self.names = list(dict.fromkeys(case.name for _, case in chosen))


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; returns 0 when every case passed."""
    asked = _parser().parse_args(arguments)
    if asked.figures or asked.write:
        return figures.show(write=asked.write)
    selection = Selection(asked.case)
    if asked.list:
        with redirect_stdout(StringIO()):
            pytest.main(["-q", "--collect-only", str(FOLDER)], [selection])
        print(*selection.names, sep="\n")
        return 0
    seeds = f"--seeds={asked.seeds}" if asked.seeds else f"--seed={asked.seed}"
    status = int(pytest.main(["-q", "-s", seeds, str(FOLDER)], [selection]))
    if status == NO_CASE:
        print(f"No case has {asked.case!r} in its name; --list shows all.", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--list", action="store_true", help="show the names of all cases")
    parser.add_argument("--case", default="", help="only cases with this in their name")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="what the case begins with")
    parser.add_argument("--seeds", type=int, metavar="N", help="the first N seeds instead of one")
    parser.add_argument("--figures", action="store_true", help="show the figures of the last runs")
    parser.add_argument("--write", action="store_true", help="and put them into the documentation")
    return parser


if __name__ == "__main__":
    sys.exit(main())
