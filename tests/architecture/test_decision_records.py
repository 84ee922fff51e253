"""Decision records are complete, and the index names each of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT

FOLDER = PROJECT / "docs" / "adr"
RECORDS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
SECTIONS = ("**Context.**", "**Decision.**", "**Consequences.**", "**Revisit when**")


def gaps(name: str, text: str) -> Iterator[str]:
    """What a record lacks."""
    number = name.partition("-")[0]
    if not re.match(rf"# {number}: \w", text):
        yield f"{name} does not begin with `# {number}: `"
    for section in SECTIONS:
        if section not in text:
            yield f"{name} lacks {section}"


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_record_says_what_why_and_until_when(record: Path) -> None:
    assert list(gaps(record.name, record.read_text())) == []


def test_an_incomplete_record_is_found() -> None:
    assert list(
        gaps("0009-kites.md", "# 9 Kites\n**Context.** **Decision.** **Consequences.**")
    ) == [
        "0009-kites.md does not begin with `# 0009: `",
        "0009-kites.md lacks **Revisit when**",
    ]


def test_the_index_names_every_record_once_and_in_order() -> None:
    named = re.findall(r"\]\((\d{4}[^)]*\.md)\)", (FOLDER / "README.md").read_text())
    assert named == [path.name for path in RECORDS]
