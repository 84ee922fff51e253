"""How the cells of a CSV file become the fields of a model."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

M_co = TypeVar("M_co", bound=BaseModel, covariant=True)

LIST_MARK = "|"
_AWARE = TypeAdapter(AwareDatetime)


@dataclass(frozen=True, slots=True)
class Column:
    """The field that a column fills (`contact.name` for a nested one).

    `convert` makes a cell that is not empty into what the model takes, or raises `ValueError`.
    `refers_to` names the table in whose references all entries of the cell must be.
    """

    field: str
    convert: Callable[[str], object] = str
    refers_to: str = ""


@dataclass(frozen=True, slots=True)
class Table(Generic[M_co]):
    """A kind of CSV file.

    `unique`: fields that together occur once. `free`: further columns may begin so, each filling
    the field of its own name.
    """

    name: str
    model: type[M_co]
    columns: dict[str, Column]
    unique: tuple[str, ...] = ()
    free: str = ""

    def column(self, header: str) -> Column | None:
        """The column of that header, `None` for one that the table does not have."""
        if self.free and header.startswith(self.free):
            return Column(header)
        return self.columns.get(header)

    def header_of(self, field: str) -> str:
        """The header under which a field stands, for messages."""
        headers = (header for header, column in self.columns.items() if column.field == field)
        return next(headers, field)

    def required(self) -> list[str]:
        """The headers without which no row can be right."""
        return [header for header, column in self.columns.items() if self._needs(column.field)]

    def _needs(self, field: str) -> bool:
        outer, _, inner = field.partition(".")
        info = self.model.model_fields.get(outer)
        if info is None:
            return True
        nested = info.annotation
        if inner and isinstance(nested, type) and issubclass(nested, BaseModel):
            return info.is_required() and nested.model_fields[inner].is_required()
        return info.is_required()


def plain(*fields: str) -> dict[str, Column]:
    """Columns that are headed by the field they fill, as it stands."""
    return {field: Column(field) for field in fields}


def entries(cell: str) -> list[str]:
    """The entries of a list in one cell."""
    return [entry.strip() for entry in cell.split(LIST_MARK) if entry.strip()]


def skills(cell: str) -> list[dict[str, str]]:
    """Languages with their levels: `tr:native|de:B1`."""
    return [_skill(entry) for entry in entries(cell)]


def _skill(entry: str) -> dict[str, str]:
    code, mark, level = entry.partition(":")
    if not mark:
        message = f"{entry!r} has no level; write a language as 'tr:native' or 'de:B1'"
        raise ValueError(message)
    return {"code": code, "level": level}


def moment(cell: str) -> datetime:
    """A time with its offset from UTC."""
    try:
        return _AWARE.validate_python(cell)
    except ValidationError:
        message = f"{cell!r} is no time with offset, such as 2015-06-03T09:12:00+02:00"
        raise ValueError(message) from None


def ids_of(make: Callable[[str], str]) -> Callable[[str], list[str]]:
    """References in one cell become ids."""

    def convert(cell: str) -> list[str]:
        return [make(reference) for reference in entries(cell)]

    return convert


def unknown(cell: str, known: Iterable[str]) -> list[str]:
    """The references in a cell that are not among the known ones."""
    return [entry for entry in entries(cell) if entry not in known]
