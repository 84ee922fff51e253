"""Reads a CSV file row by row; finds everything that is wrong, not only the first."""

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from willkommen.timeline.columns import M_co, Table, unknown
from willkommen.timeline.problems import Problem, reasons

M = TypeVar("M", bound=BaseModel)

DELIMITER = ";"


@dataclass(frozen=True, slots=True)
class Row(Generic[M_co]):
    """A row that is right: what its cells say by field, and the model made of it."""

    number: int
    values: dict[str, object]
    model: M_co


@dataclass
class Reader(Generic[M]):
    """Reads files of one table.

    `known`: the references of other tables by table, to check against; a table that is missing
    there is not checked. `defaults`: fields that a file may leave out.
    """

    table: Table[M]
    known: Mapping[str, Collection[str]] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _file: str = field(default="", init=False)
    _seen: dict[tuple[object, ...], int] = field(default_factory=dict, init=False)

    def read(self, path: Path) -> list[Row[M]]:
        """The right rows of the file; what is wrong is added to `problems`."""
        self._file, self._seen = path.name, {}
        lines = self._lines(path)
        if not lines or not self._header_is_right(lines[0][1]):
            return []
        header = lines[0][1]
        read = (self._row(number, header, cells) for number, cells in lines[1:])
        return [row for row in read if row is not None]

    def _lines(self, path: Path) -> list[tuple[int, list[str]]]:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self._note(1, "", "there is no such file")
            return []
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self._note(line, "", "not in UTF-8; save the file as 'CSV UTF-8'")
            return []
        return self._cells(text)

    def _cells(self, text: str) -> list[tuple[int, list[str]]]:
        reader = csv.reader(StringIO(text, newline=""), delimiter=DELIMITER, strict=True)
        try:
            lines = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
        except csv.Error as error:
            self._note(reader.line_num, "", f"cannot be parted into cells: {error}")
            return []
        if not lines:
            self._note(1, "", "the file is empty; its first row must be the header")
        return lines

    def _header_is_right(self, header: list[str]) -> bool:
        before = len(self.problems)
        if len(header) == 1 and "," in header[0]:
            self._note(1, "", f"cells must be parted by {DELIMITER!r}, not by ','")
            return False
        for name in header:
            if self.table.column(name) is None:
                self._note(1, name, f"unknown column{self._guess(name)}")
            if header.count(name) > 1:
                self._note(1, name, "the column is there twice")
        for name in self.table.required():
            if name not in header and self.table.columns[name].field not in self.defaults:
                self._note(1, name, "the column is missing")
        return len(self.problems) == before

    def _guess(self, name: str) -> str:
        close = get_close_matches(name, self.table.columns, n=1)
        return f"; do you mean {close[0]!r}?" if close else ""

    def _row(self, number: int, header: list[str], cells: list[str]) -> Row[M] | None:
        if len(cells) != len(header):
            self._note(number, "", f"{len(cells)} cells, but the header has {len(header)}")
            return None
        before = len(self.problems)
        values = dict(self.defaults)
        for name, cell in zip(header, cells, strict=True):
            values |= self._value(number, name, cell.strip())
        model = self._model(number, values)
        self._must_be_new(number, values)
        if model is None or len(self.problems) > before:
            return None
        return Row(number, values, model)

    def _value(self, number: int, name: str, cell: str) -> dict[str, object]:
        column = self.table.column(name)
        if column is None or not cell:
            return {}
        if column.refers_to in self.known:
            for reference in unknown(cell, self.known[column.refers_to]):
                self._note(number, name, f"{reference!r} is not in {column.refers_to}.csv")
        try:
            return {column.field: column.convert(cell)}
        except ValueError as error:
            self._note(number, name, str(error))
            return {}

    def _model(self, number: int, values: Mapping[str, object]) -> M | None:
        noted = {problem.column for problem in self.problems if problem.row == number}
        try:
            return self.table.model.model_validate(nested(values))
        except ValidationError as error:
            for name, reason in reasons(error):
                header = self.table.header_of(name)
                if header not in noted:
                    self._note(number, header, reason)
            return None

    def _must_be_new(self, number: int, values: Mapping[str, object]) -> None:
        key = tuple(values.get(name) for name in self.table.unique)
        if not key or None in key:
            return
        first = self._seen.setdefault(key, number)
        if first != number:
            name = self.table.header_of(self.table.unique[-1])
            self._note(number, name, f"the same as in row {first}")

    def _note(self, row: int, column: str, reason: str) -> None:
        self.problems.append(Problem(self._file, row, column, reason))


def nested(values: Mapping[str, object]) -> dict[str, object]:
    """`{"contact.name": ...}` becomes `{"contact": {"name": ...}}`."""
    result: dict[str, object] = {}
    inner: dict[str, dict[str, object]] = {}
    for name, value in values.items():
        outer, mark, rest = name.partition(".")
        if mark:
            inner.setdefault(outer, {})[rest] = value
        else:
            result[outer] = value
    return result | inner


def references(rows: Iterable[Row[BaseModel]]) -> set[str]:
    """The references that the rows bring."""
    return {str(row.values["reference"]) for row in rows if "reference" in row.values}
