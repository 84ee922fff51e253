"""Renders the last figures of the fault suite for the table of guarantees in the documentation."""

import re
from pathlib import Path

from tests.faults.reporting import Figures, kept_figures, total

PAGE = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"
HEADING = "| guarantee |"
TEST = re.compile(r"`(test_\w+)`")


def sentence(figures: Figures) -> str:
    """Runs, seeds, messages and failures in words."""
    seeds = f"{figures.seeds} seed{'s' * (figures.seeds != 1)}"
    runs = f"{figures.runs:,} run{'s' * (figures.runs != 1)}"
    outcome = f"{figures.failed} failed" if figures.failed else "none failed"
    return f"{runs}, {seeds}, {figures.messages:,} messages: {outcome}"


def rendered(page: str, kept: dict[str, Figures]) -> list[tuple[str, str]]:
    """Each guarantee with the last figures of the tests that its row names, where there are any."""
    found = []
    for row in rows(page):
        tests = [kept[test] for test in TEST.findall(row) if test in kept]
        if tests:
            found.append((row.split("|")[1].strip(), sentence(total(tests))))
    return found


def rows(page: str) -> list[str]:
    """The rows of the table of guarantees, without its heading."""
    lines = page.splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith(HEADING))
    table = lines[first + 2 :]
    return table[: next((at for at, line in enumerate(table) if line[:1] != "|"), len(table))]


def with_figures(page: str, kept: dict[str, Figures]) -> str:
    """The page with the last figures in the last column of the table."""
    for row in rows(page):
        tests = [kept[test] for test in TEST.findall(row) if test in kept]
        if tests:
            cells = row.rstrip().rstrip("|").split("|")
            page = page.replace(row, "|".join([*cells[:-1], f" {sentence(total(tests))} |"]))
    return page


def show(*, write: bool) -> int:
    """Print the figures; with `write` put them into the page as well."""
    page, kept = PAGE.read_text(encoding="utf-8"), kept_figures()
    for guarantee, figures in rendered(page, kept):
        print(f"{guarantee}\n    {figures}")
    if not kept:
        print("There are no figures yet: run ./test --only faults --faults 20 first.")
    if write:
        PAGE.write_text(with_figures(page, kept), encoding="utf-8")
    return 0
