"""`willkommen contracts`: the files that freeze what was published, written and compared."""

import typer

from willkommen.contracts.catalogue import Catalogue
from willkommen.contracts.examples import StoryGapError
from willkommen.contracts.published import published
from willkommen.contracts.upkeep import PROJECT, ContractChangedError, Upkeep
from willkommen.system import SERVICES

contracts = typer.Typer(
    help="Frozen schemas, examples and the event catalogue of all published messages.",
    no_args_is_help=True,
)


def upkeep() -> Upkeep:
    """The files of this project and the contracts of its services."""
    kinds = published()
    return Upkeep(kinds, Catalogue(kinds, SERVICES))


@contracts.command()
def write() -> None:
    """Write what a new type or version needs, and docs/events.md; change nothing published."""
    try:
        fresh = upkeep().write()
    except (ContractChangedError, StoryGapError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    for path in fresh:
        typer.echo(f"written: {path.relative_to(PROJECT)}")


@contracts.command()
def check() -> None:
    """Compare the contracts with what was published; exit status 1 when something differs."""
    files = upkeep()
    if found := [*files.changed(), *files.missing()]:
        typer.echo("\n".join(found), err=True)
        raise typer.Exit(1)
    typer.echo(f"{len(files.contracts)} published messages are as they were.")
