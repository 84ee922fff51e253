"""`willkommen report`: the council report of a running system."""

import asyncio
import json
from typing import Annotated

import typer
from rich.console import Console

from willkommen import connection
from willkommen.report import collect, show


def report(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False
) -> None:
    """Print plan against actual for both programmes, and the money, from the services' figures."""
    figures = asyncio.run(collect(connection.find().services))
    if as_json:
        print(json.dumps(figures, ensure_ascii=False))  # noqa: T201 - for machines
    else:
        show(figures, Console())
