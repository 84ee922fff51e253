"""The commands of the command line, a file each."""

import sys

import httpx
import typer
from aiormq.exceptions import AMQPConnectionError, AMQPError

from local.errors import LocalServerError
from shared.setup import SetupError
from shared.storage import StorageError
from willkommen.answers import RefusedError
from willkommen.commands import (
    contracts,
    dead_letters,
    definitions,
    entries,
    events,
    figures,
    matching,
    report,
    run,
    secrets,
    serve,
    setup,
)
from willkommen.connection import NotRunningError
from willkommen.processes import ServiceFailedError
from willkommen.timeline import BadDataError

app = typer.Typer(
    name="willkommen",
    help=(
        "Runs the city's two integration programmes as event-driven services.\n\n"
        "Begin with `./run`, which starts everything on this machine and feeds it three years of"
        " sample data. Then, in another terminal: `willkommen report`, `willkommen events tail`."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("serve")(serve.serve)
app.command("secrets")(secrets.secrets)
app.command("setup")(setup.setup)
app.command("definitions")(definitions.definitions)
app.command("report")(report.report)
app.command("publish")(entries.publish)
app.add_typer(entries.imports, name="import")
app.add_typer(figures.figures, name="figures")
app.add_typer(events.events, name="events")
app.add_typer(dead_letters.dead_letters, name="dead-letters")
app.add_typer(matching.matching, name="matching")
app.add_typer(contracts.contracts, name="contracts")


def main() -> None:
    """Run a command; what went wrong in an expected way is said in one sentence."""
    try:
        app(prog_name="willkommen")
    except (
        BadDataError,
        LocalServerError,
        NotRunningError,
        RefusedError,
        ServiceFailedError,
        SetupError,
        StorageError,
    ) as error:
        print(f"willkommen: {error}", file=sys.stderr)  # noqa: T201 - speaks to the terminal
        sys.exit(1)
    except (httpx.TransportError, AMQPConnectionError):
        print("willkommen: the system does not answer; is it still running?", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except AMQPError as error:
        print(f"willkommen: the broker refused: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)


__all__ = ["app", "main"]
