"""Reads the partner systems and the messages that they publish.

The messages' data is not checked against a contract: a partner can send anything.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from willkommen.timeline.actions import Partner, Publish
from willkommen.timeline.problems import Problem, reasons


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    at: AwareDatetime
    type: str
    id: str | None = None
    routing_key: str
    data: JsonValue = None
    raw: str | None = None
    times: Annotated[int, Field(ge=1, le=10_000)] = 1
    without_id: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _one_body_and_an_id(self) -> Self:
        if (self.data is None) == (self.raw is None):
            message = "give either data or raw"
            raise ValueError(message)
        if (self.id is None) != self.without_id:
            message = "give either an id or without_id"
            raise ValueError(message)
        return self

    def body(self) -> bytes:
        text = json.dumps(self.data, ensure_ascii=False) if self.raw is None else self.raw
        return text.encode()


_PARTNERS = TypeAdapter(tuple[Partner, ...])


def read_partners(path: Path) -> tuple[tuple[Partner, ...], list[Problem]]:
    """The partners in the file and what is wrong with it."""
    try:
        return _PARTNERS.validate_json(path.read_bytes()), []
    except FileNotFoundError:
        return (), [Problem(path.name, 1, "", "there is no such file")]
    except ValidationError as error:
        return (), [Problem(path.name, 1, field, reason) for field, reason in reasons(error)]


def read_messages(folder: Path, partners: Collection[str]) -> tuple[list[Publish], list[Problem]]:
    """The messages in the files `<partner>.jsonl`, and what is wrong with them."""
    if not folder.is_dir():
        return [], [Problem(folder.name, 1, "", "there is no such folder")]
    published: list[Publish] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem not in partners:
            problems.append(Problem(path.name, 1, "", f"partner {path.stem!r} is unknown"))
        read, wrong = read_partner_messages(path, path.stem)
        published += read
        problems += wrong
    return published, problems


def read_partner_messages(path: Path, partner: str) -> tuple[list[Publish], list[Problem]]:
    """The messages of one partner's file, and what is wrong with it."""
    published: list[Publish] = []
    problems: list[Problem] = []
    for row, text in enumerate(path.read_bytes().splitlines(), 1):
        try:
            published.append(_publish(partner, text))
        except ValidationError as error:
            problems += [Problem(path.name, row, *found) for found in reasons(error)]
    return published, problems


def _publish(partner: str, text: bytes) -> Publish:
    line = _Line.model_validate_json(text)
    return Publish(
        at=line.at,
        partner=partner,
        type=line.type,
        message_id=line.id,
        routing_key=line.routing_key,
        body=line.body(),
        times=line.times,
        note=line.note,
    )
