"""Writes rows as CSV (`;` between cells, `|` inside lists) and messages as JSON lines."""

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO

Row = dict[str, str]


def csv_text(rows: Sequence[Row]) -> str:
    """A header row, then the rows in their order; all rows have the first row's columns."""
    buffer = StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def json_lines(messages: Iterable[dict[str, object]]) -> str:
    return "".join(json.dumps(message, ensure_ascii=False) + "\n" for message in messages)


def json_text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def joined(values: Iterable[str]) -> str:
    """A list in one cell."""
    return "|".join(values)
