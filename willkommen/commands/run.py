"""`willkommen run`: the whole system on this machine, fed with the sample data."""

import asyncio
import json
import signal
import sys
import threading
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from shared.messaging.topology import Partner
from willkommen import connection
from willkommen.paper import deviations
from willkommen.replay.driver import END
from willkommen.replay.quiet import NotQuietError
from willkommen.report import show
from willkommen.timeline import Timeline, read_timeline

if TYPE_CHECKING:
    from willkommen.local_system import LocalSystem

SAMPLE = Path(__file__).resolve().parent.parent.parent / "data" / "ludwigsburg"
FED = "fed"


class What(StrEnum):
    LIVE = "live"
    REPLAY = "replay"


def run(
    what: Annotated[
        What,
        typer.Argument(help="live: keep what is there, feed the sample once. replay: begin anew."),
    ] = What.LIVE,
    *,
    leave: Annotated[
        bool, typer.Option("--exit", help="Stop when the sample data has been played.")
    ] = False,
    sample: Annotated[Path, typer.Option(help="The folder of sample data.")] = SAMPLE,
) -> None:
    """Start broker, database, mailbox and services here, and play the sample data through them."""
    from willkommen.local_system import running  # noqa: PLC0415 - servers are for this command only

    say = Console(stderr=True)
    timeline = read_timeline(sample)
    partners = [Partner(each.id, tuple(each.publishes)) for each in timeline.partners]
    fresh = what is What.REPLAY
    with running("replay" if fresh else "run", partners, fresh=fresh) as system:
        connection.write_down(system)
        try:
            where(system, say)
            good = feed(system, timeline, say, fresh=fresh)
            if not leave:
                stay(say)
        finally:
            connection.forget()
    sys.exit(0 if good else 1)


def feed(system: "LocalSystem", timeline: Timeline, say: Console, *, fresh: bool) -> bool:
    """Play the sample unless it was played before; returns whether the figures are right."""
    done = system.folder / FED
    if done.exists() and not fresh:
        say.print("The sample data is in already; the clock goes on from where it stood.")
        system.clock.run()
        return True
    try:
        figures, parked = asyncio.run(with_progress(system, timeline, say))
    except NotQuietError as error:
        say.print(f"The system did not come to rest: {error}", style="red")
        return False
    done.touch()
    good = tell(figures, parked, say)
    system.clock.run()
    return good


async def with_progress(
    system: "LocalSystem", timeline: Timeline, say: Console
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Play, with a line that shows the month."""
    from willkommen.replay.play import one_line, play  # noqa: PLC0415 - as above

    start = timeline.actions[0].at
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=say) as bar:
        task = bar.add_task("Playing the sample data", total=(END - start).days)

        def progress(moment: datetime) -> None:
            bar.update(task, completed=(moment - start).days, description=f"{one_line(moment):16}")

        return await play(system, timeline, progress)


def tell(figures: dict[str, Any], parked: list[dict[str, Any]], say: Console) -> bool:
    """Print the report, the parked messages, what deviates, and last the figures as JSON."""
    out = Console()
    show(figures, out)
    if parked:
        out.print("Parked messages, each answered where its sender is known:")
    for each in parked:
        sender = each["sender"] or "unknown sender"
        out.print(f"  {each['service']}, from {sender}: {each['reason']}", markup=False)
    wrong = list(deviations(figures))
    for sentence in wrong:
        say.print(f"differs from the paper: {sentence}", style="red")
    print(json.dumps(figures, ensure_ascii=False))  # noqa: T201 - the last line is for machines
    return not wrong


def where(system: "LocalSystem", say: Console) -> None:
    """Say where everything is."""
    say.print("The system is running:")
    for name, service in system.services.items():
        say.print(f"  {name:14} {service.url}/ready  /status  /figures  /metrics")
    say.print(f"  {'mails':14} {system.mailbox.pages_url}")
    say.print(f"  {'logs':14} {system.folder / 'logs'}")


def stay(say: Console) -> None:
    """Stay up until somebody ends it."""
    say.print("Running. Ctrl-C stops everything.")
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    try:
        ended.wait()
    except KeyboardInterrupt:
        say.print("Stopping ...")
