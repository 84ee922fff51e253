"""Marks in every personal field of every contract, so that each can be looked for afterwards.

The fields are found by the contracts' own classification: a new one is marked without a word here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.contracts import Classification, Contract, catalogue
from tests.contracts.personal import free_text, personal_fields
from tests.hostile.entrances import Entrance, entrances
from willkommen.contracts.examples import drafts

MARK = "Zq7"
"""Begins each mark: three characters that occur nowhere else together."""


@dataclass
class Marked:
    """A message to send, with what was put into which of its personal fields."""

    entrance: Entrance
    data: dict[str, Any]
    marks: dict[str, str] = field(default_factory=dict)


def marked_messages(run: str) -> Iterator[Marked]:
    """One message for each entrance that takes personal data."""
    for number, entrance in enumerate(entrances()):
        if entrance.contract.wire.classification is Classification.PERSONAL:
            marked = Marked(entrance, drafts(entrance.contract)[0])
            _mark(marked, marked.data, "", personal_paths(entrance.contract), f"{run}{number}")
            yield marked


def personal_paths(contract: type[Contract]) -> set[str]:
    """The personal fields of a contract, those that take any text among them."""
    return {*personal_fields(contract), *free_text(contract)}


def unmarked() -> set[str]:
    """Personal fields of all contracts that hold text and yet got no mark: there must be none."""
    missing = set()
    for contract in catalogue.values():
        if contract.wire.classification is not Classification.PERSONAL:
            continue
        data = drafts(contract)[0]
        marked = Marked(Entrance("", "", contract, ""), data)
        _mark(marked, data, "", personal_paths(contract), "x")
        texts = {path for path in personal_paths(contract) if _is_text(contract, path)}
        missing |= {f"{contract.__name__}.{path}" for path in texts - marked.marks.keys()}
    return missing


def _mark(marked: Marked, inside: Any, path: str, personal: set[str], run: str) -> None:
    """Exchange each personal text, also below a personal part, for a mark of its form."""
    for name, value in inside.items():
        where = f"{path}{name}"
        if isinstance(value, dict):
            _mark(marked, value, f"{where}.", personal, run)
        elif isinstance(value, list) and _is_within(where, personal) and _is_day(value[:1]):
            inside[name] = [_a_day(run, number) for number in range(len(value))]
            marked.marks |= {f"{where}.{day}": day for day in inside[name]}
        elif isinstance(value, str) and where in personal:
            mark = _of_the_form(value, f"{MARK}{run}x{len(marked.marks)}")
            if mark:
                inside[name] = marked.marks[where] = mark
    if path == "values.":
        for name in inside:
            inside[name] = marked.marks[f"values.{name}"] = f"{MARK}{run}v{name}"


def _of_the_form(value: str, mark: str) -> str:
    """A mark that the field takes; empty for codes, which are the same for many people."""
    if "@" in value:
        return f"{mark}@mail.example"
    if value.startswith("http"):
        return f"https://{mark}.example"
    if value.startswith("+"):
        return "+49 1999 " + "".join(str(ord(each) % 10) for each in mark)
    if value.isdigit():  # a postal code: too short to be told from other numbers
        return ""
    return "" if value.islower() and " " not in value else f"{mark} Muster"


def _a_day(run: str, number: int) -> str:
    """A child's day of birth that nothing else has."""
    return f"20{sum(run.encode()) % 12:02}-02-{10 + number}"


def _is_day(values: list[Any]) -> bool:
    return any(isinstance(each, str) and each[4:5] == "-" for each in values)


def _is_within(path: str, personal: set[str]) -> bool:
    """Whether the field or what it belongs to is personal."""
    parts = path.split(".")
    return any(".".join(parts[: end + 1]) in personal for end in range(len(parts)))


def _is_text(contract: type[Contract], path: str) -> bool:
    """Whether the field's example is text that names somebody."""
    value: Any = drafts(contract)[0]
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return isinstance(value, str) and bool(_of_the_form(value, MARK))
