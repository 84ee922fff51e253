"""What is wrong with a file, told so that the person who wrote it can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` is the line in the file, the header being 1; `column` is empty for a whole row."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        column = f", column {self.column!r}" if self.column else ""
        return f"{self.file}, row {self.row}{column}: {self.reason}"


class BadDataError(Exception):
    """Files could not be read; holds every problem that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def reasons(error: ValidationError) -> list[tuple[str, str]]:
    """Dotted field (without positions in lists) and reason of each of its errors."""
    return [
        (
            ".".join(part for part in detail["loc"] if isinstance(part, str)),
            detail["msg"].removeprefix("Value error, "),
        )
        for detail in error.errors()
    ]
