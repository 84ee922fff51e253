"""`willkommen events tail`: follow the facts as they happen, or from the beginning."""

import asyncio
import json
import os
import sys
from fnmatch import fnmatchcase
from typing import Annotated, Any

import typer

from shared.messaging.envelope import binary_attributes
from shared.messaging.history import History, Start, start_of
from shared.messaging.message import Delivery
from shared.messaging.topology import DESK
from willkommen import connection

PREFIX = "willkommen."

events = typer.Typer(help="The history of facts.", no_args_is_help=True)


@events.callback()
def about() -> None:
    """Facts of all services; they hold ids, codes and counts, no personal data."""


@events.command()
def tail(
    start: Annotated[
        str,
        typer.Option(
            "--from", help="first, last, next, an offset, a time, or how far back: 30m, 1h, 7D."
        ),
    ] = "next",
    kinds: Annotated[
        list[str] | None,
        typer.Option("--type", help="A type such as 'match.*' or '*.v2'; may be repeated."),
    ] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line: offset, attributes, data.")
    ] = False,
    idle: Annotated[
        float | None, typer.Option(help="End when nothing came for so many seconds.", min=0.1)
    ] = None,
) -> None:
    """Follow the facts, each once and in order, also over a restart of the broker.

    Times are those of the broker's clock. Ctrl-C ends it.
    """
    try:
        where = start_of(start)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--from") from None
    url = connection.find().user(DESK)
    try:
        asyncio.run(_follow(url, where, kinds or ["*"], as_json=as_json, idle=idle))
    except KeyboardInterrupt:
        raise typer.Exit from None
    except BrokenPipeError:  # whoever read this has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _follow(
    url: str, start: Start, kinds: list[str], *, as_json: bool, idle: float | None
) -> None:
    async with History(url, start) as history:
        facts = aiter(history)
        while True:
            try:
                async with asyncio.timeout(idle):
                    offset, fact = await anext(facts)
            except TimeoutError:
                return
            attributes = binary_attributes(fact.headers)
            if any(fits(attributes.get("type", ""), kind) for kind in kinds):
                print(line(offset, fact, attributes, as_json=as_json), flush=True)  # noqa: T201


def fits(name: str, pattern: str) -> bool:
    """Whether a type fits: with or without the common prefix and the version."""
    short = name.removeprefix(PREFIX)
    return any(
        fnmatchcase(each, pattern) for each in (name, short, short.rpartition(".v")[0] or short)
    )


def line(offset: int, fact: Delivery, attributes: dict[str, str], *, as_json: bool) -> str:
    """A fact for a person or for a machine."""
    data: Any = json.loads(fact.body)
    if as_json:
        told = {"offset": offset, **attributes, "data": data}
        return json.dumps(told, ensure_ascii=False)
    kind = attributes.get("type", "").removeprefix(PREFIX)
    about = " ".join(f"{name}={_short(value)}" for name, value in data.items())
    return f"{offset:>7}  {attributes.get('time', ''):29}  {kind:34}  {about}"


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
