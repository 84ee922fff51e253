"""`willkommen contracts`: the files that freeze what was published, written and compared; and the
check of a partner's message before it is sent.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from willkommen.contracts import checker
from willkommen.contracts.catalogue import Catalogue
from willkommen.contracts.examples import StoryGapError
from willkommen.contracts.published import published
from willkommen.contracts.upkeep import PROJECT, ContractChangedError, Upkeep
from willkommen.system import SERVICES

contracts = typer.Typer(
    help="What is published: schemas, examples, event catalogue, AsyncAPI documents.",
    no_args_is_help=True,
)


def upkeep() -> Upkeep:
    """The files of this project and the contracts of its services."""
    kinds = published()
    return Upkeep(kinds, Catalogue(kinds, SERVICES))


@contracts.command()
def write() -> None:
    """Write what a new type or version needs, docs/events.md and contracts/asyncapi."""
    try:
        fresh = upkeep().write()
    except (ContractChangedError, StoryGapError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    for path in fresh:
        typer.echo(f"written: {path.relative_to(PROJECT)}")


@contracts.command()
def compare() -> None:
    """Compare the contracts with what was published; exit status 1 when something differs."""
    files = upkeep()
    if found := [*files.changed(), *files.missing()]:
        typer.echo("\n".join(found), err=True)
        raise typer.Exit(1)
    typer.echo(f"{len(files.contracts)} published messages are as they were.")


@contracts.command()
def check(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="A message each; - for standard input. See docs/partners.md.",
            allow_dash=True,
            dir_okay=False,
        ),
    ],
) -> None:
    """Check a partner's messages before they are sent; exit status 1 when one would be refused."""
    verdicts = {str(file): checker.check(_text(file)) for file in files}
    for name, verdict in verdicts.items():
        _tell("standard input" if name == "-" else name, verdict)
    if any(verdict.problems for verdict in verdicts.values()):
        raise typer.Exit(1)


def _text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"{file} cannot be read: {error}", err=True)
        raise typer.Exit(1) from None


def _tell(name: str, verdict: checker.Verdict) -> None:
    if verdict.problems:
        typer.echo(f"{name}: would be refused")
        for problem in verdict.problems:
            typer.echo(f"  {problem}")
        return
    typer.echo(f"{name}: good, {verdict.type} about {verdict.about}")
    typer.echo(
        f"  publish it to the exchange intake with the routing key {verdict.key}"
        f" and user_id {verdict.partner}"
    )
