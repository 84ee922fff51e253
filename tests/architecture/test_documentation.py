"""What the documentation names exists: tests that prove a guarantee, files that are linked."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("services/*/README.md")])
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
TEST = re.compile(r"`(test_\w+)`")


def defined_tests() -> set[str]:
    """The names of all tests."""
    sources = (path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/*.py"))
    return {name for source in sources for name in re.findall(r"def (test_\w+)", source)}


def missing_tests(text: str) -> set[str]:
    """Tests that a page names and that do not exist."""
    return set(TEST.findall(text)) - defined_tests()


def dead_links(page: Path, text: str) -> list[str]:
    """Links to files that do not exist."""
    return [link for link in LINK.findall(text) if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_what_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not missing_tests(text)
    assert not dead_links(page, text)


def test_an_invented_test_and_a_dead_link_are_found() -> None:
    text = "see `test_that_nobody_wrote` and [here](nowhere.md)"
    assert missing_tests(text) == {"test_that_nobody_wrote"}
    assert dead_links(ROOT / "README.md", text) == ["nowhere.md"]
